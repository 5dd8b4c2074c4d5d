// Columns to inputs (features.md G-05) and outputs to the WITH clause (G-06). Pre-filled by similar
// names only when the model came with a populated signature; otherwise people choose.

import type {
  ModelField,
  OnnxDescription,
  RegisteredModel,
} from "@callosum/contract/model-registry.ts";
import { canCast, nameLengthMax, sqlTypes } from "./sql-text.ts";

export interface TableColumn {
  readonly name: string;
  /** As INFORMATION_SCHEMA names it: `int`, `nvarchar`, … */
  readonly type: string;
}

export interface InputMapping {
  readonly input: string;
  /** T-SQL type that the model takes. */
  readonly type: string;
  /** The mapped column; undefined until someone chooses. */
  readonly column: TableColumn | undefined;
}

export interface OutputMapping {
  readonly output: string;
  readonly type: string;
}

export interface Unusable {
  readonly name: string;
  readonly reason: string;
}

type Graph = Exclude<OnnxDescription, { problem: unknown }>;

/** Why PREDICT cannot bind a field, or undefined: one scalar column for each (features.md G-17). */
export function whyUnusable(field: ModelField): string | undefined {
  const { name, kind, element, shape } = field;
  if (name.length > nameLengthMax) return `its name has more than ${nameLengthMax} characters`;
  if (kind !== "tensor") return `it is a ${kind}, which is no column`;
  const width = (shape ?? []).slice(1).reduce<number>((product, size) => product * (size ?? 1), 1);
  if (width !== 1)
    return `it has shape [${(shape ?? []).map((size) => size ?? "?").join(",")}] which is not supported`;
  if (!(element in sqlTypes)) return `its type ${element} is not supported`;
  return undefined;
}

/** Inputs in the model's order, each with the column it gets. */
export function mapInputs(options: {
  model: Pick<RegisteredModel, "mlflow">;
  graph: Graph;
  columns: readonly TableColumn[];
  /** Choices by input name; `null` leaves an input open. */
  chosen: ReadonlyMap<string, TableColumn | null>;
}): InputMapping[] {
  const { model, graph, columns, chosen } = options;
  const inputs = graph.inputs.map(({ name, element }) => ({
    input: name,
    type: sqlTypes[element] ?? element,
  }));
  const { mlflow } = model;
  const isFilled = mlflow !== undefined && "signature" in mlflow && mlflow.signature !== undefined;
  const suggested = isFilled ? suggestColumns(inputs, columns) : new Map<string, TableColumn>();
  return inputs.map(({ input, type }) => {
    const choice = chosen.get(input);
    const column = choice === undefined ? suggested.get(input) : (choice ?? undefined);
    return { input, type, column };
  });
}

/** Below this, names have too little in common to be proposed. */
const similarityMin = 0.6;

/** The best pairs first; a column is proposed once. */
function suggestColumns(
  inputs: readonly { input: string; type: string }[],
  columns: readonly TableColumn[],
): Map<string, TableColumn> {
  const pairs = inputs
    .flatMap(({ input, type }, at) =>
      columns
        .filter((column) => canCast(column.type, type))
        .map((column) => ({ input, column, at, score: similarity(input, column.name) })),
    )
    .filter(({ score }) => score >= similarityMin)
    .sort((a, b) => b.score - a.score || a.at - b.at);
  const found = new Map<string, TableColumn>();
  const used = new Set<TableColumn>();
  for (const { input, column } of pairs) {
    if (found.has(input) || used.has(column)) continue;
    found.set(input, column);
    used.add(column);
  }
  return found;
}

/** 1 for names that differ in casing and punctuation only, else the share of letter pairs in common. */
export function similarity(a: string, b: string): number {
  const [left, right] = [plain(a), plain(b)];
  if (left === right) return left === "" ? 0 : 1;
  const pairsOf = (text: string) =>
    Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2));
  const rest = pairsOf(right);
  const total = pairsOf(left).length + rest.length;
  let common = 0;
  for (const pair of pairsOf(left)) {
    const at = rest.indexOf(pair);
    if (at === -1) continue;
    rest.splice(at, 1);
    common += 1;
  }
  return total === 0 ? 0 : (0.99 * 2 * common) / total;
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "")
    .slice(0, 128);
}

/** What the WITH clause starts with: every output that a column can hold. */
export function usableOutputs(graph: Graph): OutputMapping[] {
  return graph.outputs
    .filter((field) => whyUnusable(field) === undefined)
    .map(({ name, element }) => ({ output: name, type: sqlTypes[element] ?? element }));
}

/** Fields with the reason why PREDICT cannot have them. */
export function unusableFields(fields: readonly ModelField[]): Unusable[] {
  return fields.flatMap((field) => {
    const reason = whyUnusable(field);
    return reason === undefined ? [] : [{ name: field.name, reason }];
  });
}
