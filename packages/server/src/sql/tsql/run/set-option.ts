// SET options: those with an effect here take it, the rest are accepted as drivers send them.
import type { SqlEvent } from "../../session.ts";
import { fail, refuseOption } from "../error.ts";
import type { ControlStatement } from "../statement.ts";
import type { Session, SessionOptions } from "./state.ts";

type Flag = {
  [K in keyof SessionOptions]: SessionOptions[K] extends boolean ? K : never;
}[keyof SessionOptions];

const flags: Readonly<Record<string, Flag>> = {
  NOCOUNT: "noCount",
  QUOTED_IDENTIFIER: "quotedIdentifier",
  XACT_ABORT: "xactAbort",
  FMTONLY: "formatOnly",
  NOEXEC: "noExecute",
  PARSEONLY: "parseOnly",
  IMPLICIT_TRANSACTIONS: "implicitTransactions",
};

/** Options whose other setting would change answers, which it does not here. */
const onlyOn = new Set(["ANSI_NULLS", "ANSI_PADDING", "ANSI_WARNINGS", "CONCAT_NULL_YIELDS_NULL"]);
const onlyOff = new Set(["SHOWPLAN_ALL", "SHOWPLAN_TEXT", "SHOWPLAN_XML"]);

export function* setOption(
  session: Session,
  node: Extract<ControlStatement, { kind: "setOption" }>,
): Generator<SqlEvent> {
  const value = node.value.toUpperCase();
  for (const name of node.names) {
    const flag = flags[name];
    if (flag !== undefined) session.options[flag] = onOff(name, value, node);
    else if (onlyOn.has(name) && value === "OFF") refuseOption(node.at, `SET ${name} OFF`);
    else if (onlyOff.has(name) && value === "ON") refuseOption(node.at, `SET ${name} ON`);
    else yield* valued(session, name, node);
  }
}

function onOff(name: string, value: string, node: { at: Parameters<typeof fail>[1] }): boolean {
  if (value !== "ON" && value !== "OFF") fail(102, node.at, name);
  return value === "ON";
}

function* valued(
  session: Session,
  name: string,
  node: { at: Parameters<typeof fail>[1]; value: string },
): Generator<SqlEvent> {
  const number = Number(node.value);
  switch (name) {
    case "DATEFIRST":
      if (!Number.isInteger(number) || number < 1 || number > 7) fail(2742, node.at, node.value);
      session.options.dateFirst = number;
      break;
    case "ROWCOUNT":
      if (!Number.isInteger(number) || number < 0) fail(102, node.at, node.value);
      session.options.rowCount = number;
      break;
    case "LANGUAGE": {
      if (!/^(us_english|english)$/i.test(node.value))
        fail(
          40517,
          node.at,
          `SET LANGUAGE ${node.value}`,
          node.at?.line ?? 1,
          node.at?.column ?? 1,
        );
      const from = session.options.language;
      session.options.language = "us_english";
      session.options.dateFirst = 7;
      if (from !== "us_english")
        yield { kind: "environment", change: "language", to: "us_english", from };
      break;
    }
    case "DATEFORMAT":
      if (node.value.toLowerCase() !== "mdy")
        fail(
          40517,
          node.at,
          `SET DATEFORMAT ${node.value}`,
          node.at?.line ?? 1,
          node.at?.column ?? 1,
        );
      break;
    case "TRANSACTION ISOLATION LEVEL": {
      const from = session.options.isolation;
      session.options.isolation = node.value;
      yield { kind: "environment", change: "isolation", to: node.value, from };
      break;
    }
    default:
      break;
  }
}
