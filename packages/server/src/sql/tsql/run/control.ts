// Variables, IF, WHILE, TRY … CATCH, THROW, RAISERROR, PRINT, WAITFOR, EXECUTE AS, USE.
import {
  endsConnection,
  SqlError,
  type SqlEvent,
  type SqlMessage,
  type SqlType,
  type SqlValue,
} from "../../session.ts";
import type { Expression, Position } from "../ast.ts";
import { granteesOf } from "../catalogue/permission.ts";
import { fail } from "../error.ts";
import type { ControlStatement, Statement } from "../statement.ts";
import { nvarchar, types } from "../type.ts";
import { caught } from "./environment.ts";
import { evaluate, holds } from "./query.ts";
import { type Completion, type Events, frameOf, type Session } from "./state.ts";

type Node<K extends ControlStatement["kind"]> = Extract<ControlStatement, { kind: K }>;

export async function declare(
  session: Session,
  node: Node<"declare">,
  signal: AbortSignal,
): Promise<void> {
  const { variables } = frameOf(session);
  for (const variable of node.variables) {
    const key = variable.name.toLowerCase();
    // In a loop only the first DECLARE makes the variable; an initial value is set each time.
    if (variable.value === undefined) {
      if (!variables.has(key)) variables.set(key, { type: variable.type, value: null });
      continue;
    }
    const { value } = await evaluate(session, variable.value, signal, variable.type);
    variables.set(key, { type: variable.type, value });
  }
}

/**
 * Variables exist from their declaration to the end of the batch, in whatever block it stands and
 * even where it is not reached ("DECLARE @local_variable", remarks).
 */
function introduce(session: Session, statement: Statement): void {
  const { variables } = frameOf(session);
  for (const inner of containedIn(statement)) introduce(session, inner);
  if (statement.kind !== "declare") return;
  for (const { name, type } of statement.variables) {
    const key = name.toLowerCase();
    if (!variables.has(key)) variables.set(key, { type, value: null });
  }
}

function containedIn(statement: Statement): readonly Statement[] {
  switch (statement.kind) {
    case "if":
      return statement.otherwise === undefined
        ? [statement.body]
        : [statement.body, statement.otherwise];
    case "while":
      return [statement.body];
    case "block":
      return statement.statements;
    case "tryCatch":
      return [...statement.body.statements, ...statement.handler.statements];
    default:
      return [];
  }
}

/** `SET @x += e` is `SET @x = @x + e`. */
export async function setVariable(
  session: Session,
  node: Node<"setVariable">,
  signal: AbortSignal,
): Promise<void> {
  const variable = frameOf(session).variables.get(node.name.toLowerCase());
  if (variable === undefined) return fail(137, node.at, node.name);
  const current: Expression = { kind: "variable", at: node.at, name: node.name };
  const expression: Expression =
    node.op === "="
      ? node.value
      : { kind: "binary", at: node.at, op: node.op[0] as "+", left: current, right: node.value };
  variable.value = (await evaluate(session, expression, signal, variable.type)).value;
}

export async function* ifElse(session: Session, node: Node<"if">, signal: AbortSignal): Events {
  introduce(session, node);
  if (await holds(session, node.condition, signal))
    return yield* session.knot.statements(session, [node.body], signal);
  if (node.otherwise === undefined) return "normal";
  return yield* session.knot.statements(session, [node.otherwise], signal);
}

export async function* whileLoop(
  session: Session,
  node: Node<"while">,
  signal: AbortSignal,
): Events {
  introduce(session, node);
  while (await holds(session, node.condition, signal)) {
    signal.throwIfAborted();
    const completion: Completion = yield* session.knot.statements(session, [node.body], signal);
    if (completion === "break") return "normal";
    if (typeof completion === "object") return completion;
  }
  return "normal";
}

/** Errors of severity 11 to 19 enter CATCH; a cancelled request does not. */
export async function* tryCatch(
  session: Session,
  node: Node<"tryCatch">,
  signal: AbortSignal,
): Events {
  introduce(session, node);
  const frame = frameOf(session);
  const depth = { frames: session.frames.length, nesting: session.nesting };
  try {
    return yield* trapped(session.knot.statements(session, node.body.statements, signal));
  } catch (error) {
    if (!(error instanceof SqlError) || signal.aborted) throw error;
    if (endsConnection(error.detail)) throw error;
    session.frames.length = depth.frames;
    session.nesting = depth.nesting;
    session.error = error.detail.number;
    const before = frame.caught;
    frame.caught = error.detail;
    try {
      return yield* session.knot.statements(session, node.handler.statements, signal);
    } finally {
      frame.caught = before;
    }
  }
}

/** Inside TRY an error message ends the block, where outside the batch may go on. */
async function* trapped(events: Events): Events {
  for (;;) {
    const { value, done } = await events.next();
    if (done) return value;
    if (value.kind === "message" && value.error) {
      await events.return("normal");
      throw new SqlError(value.message);
    }
    yield value;
  }
}

export async function throwError(
  session: Session,
  node: Node<"throw">,
  signal: AbortSignal,
): Promise<never> {
  if (node.args === undefined) {
    const current = caught(session);
    if (current === undefined) return fail(10704, node.at);
    throw new SqlError(current);
  }
  const number = Number((await evaluate(session, node.args.number, signal, types.int)).value);
  const message = String(
    (await evaluate(session, node.args.message, signal, nvarchar(2048))).value ?? "",
  );
  const state = Number(
    (await evaluate(session, node.args.state, signal, types.tinyint)).value ?? 1,
  );
  if (number < 50_000) fail(35100, node.at, number);
  throw new SqlError({ number, severity: 16, state, message, line: node.at.line });
}

/** Severities up to 10 are information; higher ones are errors that do not end the batch. */
export async function raiserror(
  session: Session,
  node: Node<"raiserror">,
  signal: AbortSignal,
): Promise<SqlMessage> {
  const message = await evaluate(session, node.message, signal);
  const severity = Number((await evaluate(session, node.severity, signal, types.int)).value ?? 0);
  const state = Number((await evaluate(session, node.state, signal, types.int)).value ?? 1);
  if (severity > 18) fail(2754, node.at);
  const args: SqlValue[] = [];
  for (const arg of node.args) args.push((await evaluate(session, arg, signal)).value);
  const number = typeof message.value === "number" ? message.value : 50_000;
  const text =
    typeof message.value === "number"
      ? `Error ${number}, severity ${severity}, state ${state} was raised, but no message with that error number was found in sys.messages.`
      : formatMessage(String(message.value ?? ""), args, node.at);
  const procedure = frameOf(session).procedure;
  return {
    number,
    severity,
    state: Math.min(Math.max(state, 1), 255),
    message: text.slice(0, 2044),
    line: node.at.line,
    ...(procedure === undefined ? {} : { procedure }),
  };
}

/** printf as RAISERROR has it: %s %d %i %u %x %X %o with width and flags, %% for a percent sign. */
export function formatMessage(format: string, args: readonly SqlValue[], at: Position): string {
  let index = 0;
  return format.replace(
    /%(?:%|([-+0 #]*)(\d+|\*)?(?:\.(\d+|\*))?(?:h|l|I64)?([sdiuxXo]))/g,
    (
      whole,
      flags: string,
      width: string | undefined,
      precision: string | undefined,
      letter: string | undefined,
    ) => {
      if (letter === undefined) return "%";
      if (index >= args.length && width !== "*") return whole.endsWith("s") ? "(null)" : "0";
      const size = Number(width === "*" ? args[index++] : (width ?? 0));
      const cut =
        precision === undefined ? undefined : Number(precision === "*" ? args[index++] : precision);
      const value = args[index++];
      const text =
        letter === "s"
          ? String(value ?? "(null)").slice(0, cut)
          : integerText(value ?? null, letter, flags, at);
      if (flags.includes("-")) return text.padEnd(size);
      return flags.includes("0") && letter !== "s" ? text.padStart(size, "0") : text.padStart(size);
    },
  );
}

function integerText(value: SqlValue, letter: string, flags: string, at: Position): string {
  if (typeof value !== "number" && typeof value !== "bigint" && value !== null) fail(2786, at);
  const number = BigInt((value as number | bigint | null) ?? 0);
  if (letter === "x" || letter === "X" || letter === "o") {
    const digits = BigInt.asUintN(32, number).toString(letter === "o" ? 8 : 16);
    const shown = letter === "X" ? digits.toUpperCase() : digits;
    return flags.includes("#") && letter !== "o" ? `0${letter}${shown}` : shown;
  }
  return flags.includes("+") && number >= 0n ? `+${number}` : String(number);
}

export async function* print(
  session: Session,
  node: Node<"print">,
  signal: AbortSignal,
): AsyncGenerator<SqlEvent> {
  const { value } = await evaluate(session, node.value, signal, nvarchar("max"));
  const message: SqlMessage = {
    number: 0,
    severity: 0,
    state: 1,
    message: String(value ?? " ").slice(0, 4000) || " ",
    line: node.at.line,
  };
  yield { kind: "message", error: false, message };
}

export async function waitfor(
  session: Session,
  node: Node<"waitfor">,
  signal: AbortSignal,
): Promise<void> {
  const type: SqlType = { name: "time", scale: 3 };
  const { value } = await evaluate(session, node.delay, signal, type);
  await session.ports.clock.sleep(Number((value as bigint) / 10_000n), signal);
}

/** EXECUTE AS USER = …: administrators may take any user's place, others only their own. */
export function executeAs(session: Session, node: Node<"executeAs">): void {
  const { catalogue } = session.database;
  const found = catalogue.principals.get(node.user.toLowerCase());
  const allowed = session.actor.user === "dbo" || session.actor.grantees.has("db_owner");
  if (found === undefined || found.kind === "role" || !allowed) fail(15517, node.at, node.user);
  session.impersonated.push(session.actor);
  session.actor = { user: found!.name, grantees: granteesOf(catalogue, [found!.name]) };
}

export function revert(session: Session): void {
  session.actor = session.impersonated.pop() ?? session.actor;
}

/** A dedicated SQL pool is one database: USE of its own name is all there is. */
export function use(session: Session, node: Node<"use">): SqlEvent {
  const { name } = session.database.pool;
  if (node.database.toLowerCase() !== name.toLowerCase()) {
    if (!session.databases.some((pool) => pool.name.toLowerCase() === node.database.toLowerCase()))
      fail(911, node.at, node.database);
    fail(40508, node.at);
  }
  return { kind: "environment", change: "database", to: name, from: name };
}
