// Calling procedures: the user's own, and sp_executesql. System procedures are in
// ../system/procedure.ts.
import type { SqlEvent, SqlParameter, SqlType, SqlValue } from "../../session.ts";
import type { Name, Position } from "../ast.ts";
import { objectKey, type ProcedureObject } from "../catalogue/model.ts";
import { decide } from "../catalogue/permission.ts";
import { convertLiteral } from "../emit/literal-conversion.ts";
import { fail, sqlError } from "../error.ts";
import { list, openCursor, peek, unexpected } from "../parser/cursor.ts";
import { parameter as parseParameter } from "../parser/object.ts";
import { grammar, parseBatch } from "../parser/script.ts";
import type { ParameterDefinition, Statement } from "../statement.ts";
import { spoken } from "../type.ts";
import { evaluate } from "./query.ts";
import {
  type Completion,
  defaultSchema,
  frameOf,
  newFrame,
  type Session,
  type Variable,
} from "./state.ts";

/** An argument whose value is known. `name` is empty for positional ones. */
export interface ActualArgument {
  at: Position;
  name: string;
  type: SqlType;
  value: SqlValue;
  output: boolean;
  /** DEFAULT was written: the parameter's own default counts. */
  isDefault: boolean;
}

export interface CallResult {
  returned: number;
  /** Values of parameters that asked for output, by the argument's place. */
  outputs: { name: string; ordinal: number; type: SqlType; value: SqlValue }[];
}

const nestingMax = 32;

type ProcedureStatement = Extract<Statement, { kind: "createProcedure" }>;

export async function* callProcedure(
  session: Session,
  procedure: ProcedureObject,
  args: readonly ActualArgument[],
  at: Position,
  signal: AbortSignal,
): AsyncGenerator<SqlEvent, CallResult> {
  if (
    !frameOf(session).chained &&
    decide(session.database.catalogue, session.actor, {
      permission: "EXECUTE",
      object: procedure,
    }) !== "allowed"
  ) {
    fail(229, at, "EXECUTE", procedure.name, session.database.pool.name, procedure.schema);
  }
  const [definition] = parseBatch(procedure.text);
  if (definition?.kind !== "createProcedure")
    throw new Error("a stored procedure is not a procedure");
  const variables = await bindArguments(session, definition, args, at, signal);
  const frame = { ...newFrame(procedure.name, true, procedure.text), variables };
  const completion = yield* inFrame(session, frame, definition.body.statements, at, signal);
  const returned = typeof completion === "object" ? completion.returned : 0;
  return { returned, outputs: outputsOf(definition.parameters, args, variables) };
}

/** Runs statements with their own variables; temp tables made there stay ("can be used anywhere inside the session"). */
async function* inFrame(
  session: Session,
  frame: ReturnType<typeof newFrame>,
  statements: readonly Statement[],
  at: Position,
  signal: AbortSignal,
): AsyncGenerator<SqlEvent, Completion> {
  if (session.nesting >= nestingMax) fail(217, at, nestingMax);
  session.frames.push(frame);
  session.nesting += 1;
  const options = { ...session.options };
  try {
    return yield* session.knot.statements(session, statements, signal);
  } finally {
    session.nesting -= 1;
    session.frames.pop();
    session.options = options;
  }
}

async function bindArguments(
  session: Session,
  definition: ProcedureStatement,
  args: readonly ActualArgument[],
  at: Position,
  signal: AbortSignal,
): Promise<Map<string, Variable>> {
  const name = definition.name.parts.at(-1)!;
  const { parameters } = definition;
  if (parameters.length === 0 && args.length > 0) fail(8146, at, name);
  const given = new Map<ParameterDefinition, ActualArgument>();
  args.forEach((arg, index) => {
    const target =
      arg.name === ""
        ? parameters[index]
        : parameters.find((candidate) => candidate.name.toLowerCase() === arg.name.toLowerCase());
    if (target === undefined)
      fail(arg.name === "" ? 8144 : 8145, at, ...(arg.name === "" ? [name] : [arg.name, name]));
    if (arg.output && !target!.output) fail(8162, at, target!.name);
    given.set(target!, arg);
  });
  const variables = new Map<string, Variable>();
  for (const parameter of parameters) {
    const arg = given.get(parameter);
    variables.set(parameter.name.toLowerCase(), {
      type: parameter.type,
      value: await argumentValue(session, parameter, arg, name, at, signal),
    });
  }
  return variables;
}

async function argumentValue(
  session: Session,
  parameter: ParameterDefinition,
  arg: ActualArgument | undefined,
  name: string,
  at: Position,
  signal: AbortSignal,
): Promise<SqlValue> {
  if (arg !== undefined && !arg.isDefault) return converted(session, arg, parameter.type, signal);
  if (parameter.default === undefined) fail(201, at, name, parameter.name);
  return (await evaluate(session, parameter.default!, signal, parameter.type)).value;
}

/** An argument as its parameter's type: known conversions here, the rest by the engine. */
export async function converted(
  session: Session,
  arg: Pick<ActualArgument, "at" | "type" | "value">,
  type: SqlType,
  signal: AbortSignal,
): Promise<SqlValue> {
  if (arg.value === null || JSON.stringify(arg.type) === JSON.stringify(type)) return arg.value;
  if (arg.value instanceof Uint8Array && "length" in type && type.length === "max")
    return arg.value;
  const known = convertLiteral(arg.value, arg.type, type);
  if (known !== undefined) return known;
  const frame = newFrame(undefined, true);
  frame.variables.set("@value", { type: arg.type, value: arg.value });
  session.frames.push(frame);
  try {
    return (await evaluate(session, { kind: "variable", at: arg.at, name: "@value" }, signal, type))
      .value;
  } catch (error) {
    if (error instanceof Error && /[Cc]onver/.test(error.message))
      throw sqlError(8114, arg.at, spoken(arg.type), spoken(type));
    throw error;
  } finally {
    session.frames.pop();
  }
}

function outputsOf(
  parameters: readonly ParameterDefinition[],
  args: readonly ActualArgument[],
  variables: ReadonlyMap<string, Variable>,
): CallResult["outputs"] {
  return args.flatMap((arg, ordinal) => {
    if (!arg.output) return [];
    const parameter =
      arg.name === ""
        ? parameters[ordinal]!
        : parameters.find((candidate) => candidate.name.toLowerCase() === arg.name.toLowerCase())!;
    const { type, value } = variables.get(parameter.name.toLowerCase())!;
    return [{ name: parameter.name, ordinal, type, value }];
  });
}

/** `@a int, @b nvarchar(10) OUTPUT`, as sp_executesql and sp_prepare take it. */
export function parseParameters(text: string): ParameterDefinition[] {
  if (text.trim() === "") return [];
  const cursor = openCursor(text, { quotedIdentifier: true }, grammar);
  const parameters = list(cursor, parseParameter);
  if (peek(cursor).kind !== "end") unexpected(cursor);
  return parameters;
}

/** Runs a text with parameters of its own: dynamic SQL has the caller's rights, not the module's. */
export async function* executeText(
  session: Session,
  text: string,
  parameters: readonly ParameterDefinition[],
  args: readonly ActualArgument[],
  at: Position,
  signal: AbortSignal,
): AsyncGenerator<SqlEvent, CallResult> {
  const variables = new Map<string, Variable>();
  for (const [index, parameter] of parameters.entries()) {
    const arg =
      args.find((candidate) => candidate.name.toLowerCase() === parameter.name.toLowerCase()) ??
      (args[index]?.name === "" ? args[index] : undefined);
    if (arg === undefined) fail(8178, at, text.slice(0, 100), parameter.name);
    variables.set(parameter.name.toLowerCase(), {
      type: parameter.type,
      value: await converted(session, arg!, parameter.type, signal),
    });
  }
  const statements = parseBatch(text, { quotedIdentifier: session.options.quotedIdentifier });
  const frame = { ...newFrame(undefined, false, text), variables };
  yield* inFrame(session, frame, statements, at, signal);
  return { returned: 0, outputs: outputsOf(parameters, args, variables) };
}

export function procedureOf(session: Session, name: Name): ProcedureObject | undefined {
  const own = name.parts.at(-1)!;
  const { objects } = session.database.catalogue;
  const inSchema = (schema: string) => objects.get(objectKey(schema, own));
  const schema = name.parts.at(-2);
  const object = schema ? inSchema(schema) : (inSchema(defaultSchema(session)) ?? inSchema("dbo"));
  return object?.kind === "procedure" ? object : undefined;
}

/** Parameters as the wire brings them. */
export function wireArguments(parameters: readonly SqlParameter[]): ActualArgument[] {
  const at: Position = { line: 1, column: 1, offset: 0 };
  return parameters.map(({ name, type, value, output }) => ({
    at,
    name,
    type,
    value,
    output,
    isDefault: false,
  }));
}
