// sp_describe_undeclared_parameters, which drivers ask for SQLDescribeParam and getParameterMetaData: one row
// for each parameter that a batch uses and nobody declared. The types are deduced in undeclared-parameter.ts.
import { SqlError, type SqlValue } from "../../session.ts";
import { fail } from "../error.ts";
import { parseBatch } from "../parser/script.ts";
import { parseParameters } from "../run/procedure.ts";
import { frameOf, newFrame } from "../run/state.ts";
import type { ParameterDefinition, Statement } from "../statement.ts";
import { declared } from "../type.ts";
import { type Run, table, tableOf, text } from "./procedure-call.ts";
import { typeFacts } from "./type-facts.ts";
import { createDeduction, type Deduction } from "./undeclared-parameter.ts";
import { deduceAll } from "./undeclared-statement.ts";

/** Where a parameter stands in the batch, and what it is there for. */
export interface Use {
  name: string;
  offset: number;
  input: boolean;
  output: boolean;
}

export const describeParameters: Run = async function* (session, args, at, signal) {
  const batch = (await text(session, args, 0, "tsql", signal)) ?? "";
  const definitions = parseParameters((await text(session, args, 1, "params", signal)) ?? "");
  session.frames.push(newFrame(undefined, frameOf(session).chained));
  try {
    for (const { name, type } of definitions)
      frameOf(session).variables.set(name.toLowerCase(), { type, value: null });
    const statements = parseBatch(batch);
    const uses = usesOf(statements, definitions);
    const deduction = createDeduction(new Set(uses.keys()));
    await deduceAll({ session, deduction, signal }, statements);
    const rows = [...uses.values()]
      .sort((left, right) => left.offset - right.offset)
      .map((use, index) => described(use, index, deduction));
    return yield* table(tableOf(columns, rows));
  } catch (error) {
    if (!(error instanceof SqlError) || isAnswer(error)) throw error;
    yield { kind: "message", error: true, message: error.detail };
    return fail(11501, at);
  } finally {
    session.frames.pop();
  }
};

/** What this procedure says itself; other errors are the batch's own. */
function isAnswer(error: SqlError): boolean {
  return error.detail.number >= 11501 && error.detail.number <= 11508;
}

const columns =
  "parameter_ordinal:int name:name suggested_system_type_id:int suggested_system_type_name:nvarchar256 suggested_max_length:smallint suggested_precision:tinyint suggested_scale:tinyint suggested_user_type_id:int suggested_user_type_database:name suggested_user_type_schema:name suggested_user_type_name:name suggested_assembly_qualified_type_name:nvarchar4000 suggested_xml_collection_id:int suggested_xml_collection_database:name suggested_xml_collection_schema:name suggested_xml_collection_name:name suggested_is_xml_document:bit suggested_is_case_sensitive:bit suggested_is_fixed_length_clr_type:bit suggested_is_input:bit suggested_is_output:bit formal_parameter_name:name suggested_tds_type_id:int suggested_tds_length:int";

function described(use: Use, index: number, deduction: Deduction): Record<string, SqlValue> {
  const found = deduction.found.get(use.name.toLowerCase());
  if (found === undefined) return fail(11502, undefined, use.name);
  const { type } = found;
  const facts = typeFacts(type);
  return {
    parameter_ordinal: index + 1,
    name: use.name,
    suggested_system_type_id: facts.systemTypeId,
    suggested_system_type_name: declared(type),
    suggested_max_length: facts.maxLength,
    suggested_precision: facts.precision,
    suggested_scale: facts.scale,
    suggested_is_xml_document: false,
    suggested_is_case_sensitive: false,
    suggested_is_fixed_length_clr_type: false,
    suggested_is_input: use.input,
    suggested_is_output: use.output || found.isOutput === true,
    formal_parameter_name: found.formal ?? null,
    suggested_tds_type_id: facts.systemTypeId,
    suggested_tds_length: facts.maxLength === -1 ? 65_535 : facts.maxLength,
  };
}

/** Uses of variables that neither the batch nor @params declares. Raises 11508 for a second use. */
function usesOf(
  statements: readonly Statement[],
  definitions: readonly ParameterDefinition[],
): Map<string, Use> {
  const uses = new Map<string, Use>();
  for (const use of undeclaredUses(statements, definitions)) {
    if (uses.has(use.name.toLowerCase())) fail(11508, undefined, use.name);
    uses.set(use.name.toLowerCase(), use);
  }
  return uses;
}

export function undeclaredUses(
  statements: readonly Statement[],
  definitions: readonly ParameterDefinition[],
): Use[] {
  const nodes = [...nodesIn(statements)];
  const known = new Set(definitions.map(({ name }) => name.toLowerCase()));
  for (const node of nodes)
    if (node.kind === "declare")
      for (const variable of node.variables as { name: string }[])
        known.add(variable.name.toLowerCase());
  return nodes
    .map(useOf)
    .filter((use) => use !== undefined)
    .filter(({ name }) => !known.has(name.toLowerCase()));
}

type Node = Record<string, unknown> & { kind: string; at: { offset: number } };

/** The syntax nodes of a tree, each before its parts. */
function* nodesIn(tree: unknown): Generator<Node> {
  if (typeof tree !== "object" || tree === null || tree instanceof Uint8Array) return;
  if ("kind" in tree && "at" in tree) yield tree as Node;
  for (const part of Object.values(tree)) yield* nodesIn(part);
}

function useOf(node: Node): Use | undefined {
  const { offset } = node.at;
  switch (node.kind) {
    case "variable":
      return { name: node.name as string, offset, input: true, output: false };
    case "assign":
      return { name: node.variable as string, offset, input: false, output: true };
    case "setVariable":
      return { name: node.name as string, offset, input: node.op !== "=", output: true };
    case "execute":
      if (node.status === undefined) return undefined;
      return { name: node.status as string, offset, input: false, output: true };
    default:
      return undefined;
  }
}
