// EXEC: of procedures, of text, of system procedures; arguments in, outputs and status out.
import type { SqlEvent, SqlValue } from "../../session.ts";
import type { Expression, Name, Position } from "../ast.ts";
import { fail } from "../error.ts";
import { parseBatch } from "../parser/script.ts";
import type { ControlStatement } from "../statement.ts";
import { refuseProcedure, systemProcedures } from "../system/procedure.ts";
import { nvarchar } from "../type.ts";
import {
  type ActualArgument,
  type CallResult,
  callProcedure,
  converted,
  procedureOf,
} from "./procedure.ts";
import { evaluate } from "./query.ts";
import { type Completion, type Events, frameOf, newFrame, type Session } from "./state.ts";

type Execute = Extract<ControlStatement, { kind: "execute" }>;

export async function* execute(session: Session, node: Execute, signal: AbortSignal): Events {
  const args: ActualArgument[] = [];
  for (const arg of node.args) {
    if (arg.output && arg.value.kind !== "variable") fail(179, arg.at);
    const isDefault = arg.value.kind === "default";
    const { type, value } = isDefault
      ? { type: nvarchar(1), value: null }
      : await evaluate(session, arg.value, signal);
    args.push({ at: arg.at, name: arg.name ?? "", type, value, output: arg.output, isDefault });
  }
  const caller = frameOf(session);
  const before = session.transactions;
  const result = yield* invoke(session, node.procedure, args, node.at, signal);
  if (session.transactions !== before) yield* mismatch(before, session.transactions, node.at);
  for (const output of result.outputs) {
    const target = node.args[output.ordinal]?.value;
    if (target?.kind === "variable")
      await assign(session, caller.variables, target, output, signal);
  }
  if (node.status !== undefined) {
    const status =
      caller.variables.get(node.status.toLowerCase()) ?? fail(137, node.at, node.status);
    status.value = await converted(
      session,
      { at: node.at, type: { name: "int" }, value: result.returned },
      status.type,
      signal,
    );
  }
  return "normal";
}

async function assign(
  session: Session,
  variables: ReturnType<typeof frameOf>["variables"],
  target: Extract<Expression, { kind: "variable" }>,
  output: { type: ActualArgument["type"]; value: SqlValue },
  signal: AbortSignal,
): Promise<void> {
  const variable = variables.get(target.name.toLowerCase()) ?? fail(137, target.at, target.name);
  variable.value = await converted(session, { at: target.at, ...output }, variable.type, signal);
}

/** Message 266 is a warning to the caller that BEGIN and COMMIT of a procedure do not match. */
async function* mismatch(before: number, after: number, at: Position): AsyncGenerator<SqlEvent> {
  const number = 266;
  const message = `Transaction count after EXECUTE indicates a mismatching number of BEGIN and COMMIT statements. Previous count = ${before}, current count = ${after}.`;
  yield {
    kind: "message",
    error: true,
    message: { number, severity: 16, state: 2, message, line: at.line },
  };
}

export function invoke(
  session: Session,
  name: Name,
  args: readonly ActualArgument[],
  at: Position,
  signal: AbortSignal,
): AsyncGenerator<SqlEvent, CallResult> {
  const procedure = procedureOf(session, name);
  if (procedure !== undefined) return callProcedure(session, procedure, args, at, signal);
  const own = name.parts.at(-1)!.toLowerCase();
  const run = Object.hasOwn(systemProcedures, own) ? systemProcedures[own] : undefined;
  if (run === undefined) return refuseProcedure(name.parts.join("."), at);
  return run(session, args, at, signal);
}

/** EXEC ('text'): variables of the caller are out of reach, and so is its ownership. */
export async function* executeTextStatement(
  session: Session,
  node: Extract<ControlStatement, { kind: "executeText" }>,
  signal: AbortSignal,
): Events {
  const { value } = await evaluate(session, node.text, signal, nvarchar("max"));
  const text = String(value ?? "");
  const { quotedIdentifier } = session.options;
  const statements = parseBatch(text, { quotedIdentifier });
  session.frames.push(newFrame(undefined, false, text));
  session.nesting += 1;
  try {
    const completion: Completion = yield* session.knot.statements(session, statements, signal);
    return typeof completion === "object" ? "normal" : completion;
  } finally {
    session.nesting -= 1;
    session.frames.pop();
  }
}
