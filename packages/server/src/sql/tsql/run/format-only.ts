// SET FMTONLY ON: what answers rows says its columns only, and nothing else is done. Drivers ask so for the
// columns of a statement before they run it (mssql-jdbc's getMetaData, FreeTDS's bulk copy).
// Source: "SET FMTONLY (Transact-SQL)": conditions do not count, every way is gone.
import type { Statement } from "../statement.ts";
import { assigns } from "./assign-select.ts";

/** The statements of a statement that run under FMTONLY. */
export function formatted(node: Statement): readonly Statement[] {
  switch (node.kind) {
    case "query": {
      const isInto = node.query.body.kind === "select" && node.query.body.into !== undefined;
      return isInto || assigns(node.query) ? [] : [node];
    }
    case "execute":
      return changesNothing(node.procedure.parts.at(-1)!) ? [node] : [];
    case "setOption":
    case "declare":
    case "executeText":
      return [node];
    case "if":
      return [node.body, ...(node.otherwise ? [node.otherwise] : [])].flatMap(formatted);
    case "while":
      return formatted(node.body);
    case "block":
      return node.statements.flatMap(formatted);
    case "tryCatch":
      return [...node.body.statements, ...node.handler.statements].flatMap(formatted);
    default:
      return [];
  }
}

/** The statements of a user's procedure run under FMTONLY themselves. */
function changesNothing(procedure: string): boolean {
  return !/^(sp|xp)_/i.test(procedure) || /^sp_(executesql|describe_)/i.test(procedure);
}
