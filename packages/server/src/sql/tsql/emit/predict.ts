// PREDICT in FROM (features.md G-14 … G-25): the data's columns and the model's outputs, bound and
// typed before any row is read. run/predict.ts evaluated the model; engine/ scores.
import type { SqlType } from "../../session.ts";
import type { ColumnDefinition, TableSource } from "../ast.ts";
import { fail, refuseOption, sqlError } from "../error.ts";
import { declared, storage } from "../type.ts";
import { type BoundFrom, derived } from "./bound-from.ts";
import { type BoundModel, ModelNeeded, type ModelPin, type ModelPlace } from "./environment.ts";
import type { Binder, Relation, Scope, ScopeColumn, Source } from "./scope.ts";
import { collationOf, quoteName, quoteText, raise, type Value, withoutNaN } from "./value.ts";
import { someNode } from "./walk.ts";

type PredictNode = Extract<TableSource, { kind: "predict" }>;

/** ONNX element types and the T-SQL types whose values they take (features.md G-17, G-18). */
const matching: Readonly<Record<string, readonly SqlType["name"][]>> = {
  float: ["real"],
  double: ["float"],
  int64: ["bigint"],
  int32: ["int"],
  string: ["char", "varchar", "nvarchar"],
};

const supported = new Set(["int", "bigint", "real", "float", "char", "varchar", "nvarchar"]);

export interface PredictSurroundings {
  data: BoundFrom;
  /** Of the functions that it is in. */
  parameters: Scope["variables"];
  /** A scan may leave only some rows of the data. */
  isFiltered: boolean;
}

export function bindPredict(
  binder: Binder,
  node: PredictNode,
  { data, parameters, isFiltered }: PredictSurroundings,
): BoundFrom {
  const { predict } = node;
  if (predict.runtime?.toUpperCase() !== "ONNX") {
    refuseOption(
      node.at,
      predict.runtime === undefined
        ? "PREDICT without RUNTIME = ONNX"
        : `RUNTIME = ${predict.runtime}`,
    );
  }
  const source = data.sources[0]!;
  // "PREDICT (Transact-SQL)", Permissions: EXECUTE on the database, SELECT on the data (G-24).
  binder.env.authorizeDatabase("EXECUTE", node.at);
  const place = modelPlace(binder, node, parameters);
  const model = binder.env.model(place) ?? assumedModel(binder, predict.outputs);
  if (model === undefined) throw new ModelNeeded(place, node.at);
  const inputs = model.inputs.map((pin) => inputColumn(pin, source, node));
  const outputs = predict.outputs.map((column) => outputPin(column, model.outputs, node));
  authorizeAll(binder, source, inputs, node);
  return emit(binder, node, { data, isFiltered, source, inputs, outputs, model });
}

/** One model scores all rows: a parameter of a function has to be known to choose it. */
function modelPlace(
  binder: Binder,
  { predict: { model: expression }, at }: PredictNode,
  parameters: Scope["variables"],
): ModelPlace {
  const used = new Map<string, Value>();
  for (const name of variablesOf(expression)) {
    const value = parameters?.get(name.toLowerCase());
    if (value === undefined) continue;
    if (value.literal === undefined && !binder.env.assumesModels)
      throw sqlError(39051, at, `The model of PREDICT depends on ${name}, which is no constant.`);
    used.set(name.toLowerCase(), value);
  }
  return { expression, parameters: used, isChained: binder.env.isChained };
}

/** Names of the variables in a part of a statement, those in its subqueries too. */
function variablesOf(part: object): Set<string> {
  const names = new Set<string>();
  someNode(part, (node) => {
    const { kind, name } = node as { kind?: string; name?: string };
    if (kind === "variable" && name !== undefined) names.add(name);
    return false;
  });
  return names;
}

/** Where only columns are asked for, WITH says what the model has. */
function assumedModel(
  binder: Binder,
  outputs: readonly ColumnDefinition[],
): BoundModel | undefined {
  if (!binder.env.assumesModels) return undefined;
  const elementOf = ({ name }: SqlType): string =>
    Object.keys(matching).find((element) => matching[element]!.includes(name)) ?? "";
  const pins = outputs.map(({ name, type }) => ({ name, element: elementOf(type), shape: [] }));
  return { call: "NULL", inputs: [], outputs: pins, expressions: {} };
}

function authorizeAll(
  binder: Binder,
  source: Source,
  inputs: readonly ScopeColumn[],
  node: PredictNode,
): void {
  if (source.object === undefined) return;
  binder.env.authorize(
    "SELECT",
    source.object,
    inputs.map((column) => column.name ?? ""),
    node.at,
  );
}

function width(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function inputColumn(pin: ModelPin, source: Source, node: PredictNode): ScopeColumn {
  if (width(pin.shape) !== 1) {
    throw predictError(
      node,
      `Input column '${pin.name}' has shape [${pin.shape.join(",")}] which is not supported.`,
    );
  }
  const column = source.columns.find(
    (candidate) => candidate.name?.toLowerCase() === pin.name.toLowerCase(),
  );
  if (column === undefined)
    throw predictError(node, `Input column '${pin.name}' of the model is missing from DATA.`);
  const accepted = matching[pin.element] ?? [];
  if (!supported.has(column.type.name)) {
    throw predictError(
      node,
      `Input column '${pin.name}' has data type ${declared(column.type)} which is not supported.`,
    );
  }
  if (!accepted.includes(column.type.name)) {
    throw predictError(
      node,
      `Input column '${pin.name}' has data type ${declared(column.type)}, but the model expects ${pin.element}${accepted[0] === undefined ? "" : ` (${accepted[0]})`}.`,
    );
  }
  return column;
}

function outputPin(
  column: ColumnDefinition,
  pins: readonly ModelPin[],
  node: PredictNode,
): ModelPin {
  const pin = pins.find((candidate) => candidate.name.toLowerCase() === column.name.toLowerCase());
  if (pin === undefined)
    throw predictError(
      node,
      `Output column '${column.name}' is not an output of the model. Its outputs are: ${pins.map((candidate) => candidate.name).join(", ")}.`,
    );
  // engine/duckdb-model.ts gives what is no tensor this shape: a map of probabilities, say.
  if (width(pin.shape) === 0)
    throw predictError(
      node,
      `Output column '${column.name}' is a sequence or a map which is not supported.`,
    );
  if (width(pin.shape) !== 1) {
    throw predictError(
      node,
      `Output column '${column.name}' has shape [${pin.shape.join(",")}] which is not supported.`,
    );
  }
  const accepted = matching[pin.element];
  if (accepted === undefined)
    throw predictError(
      node,
      `Output column '${column.name}' has type ${pin.element} which is not supported.`,
    );
  if (!accepted.includes(column.type.name)) {
    throw predictError(
      node,
      `Output column '${column.name}' has data type ${declared(column.type)}, but the model returns ${pin.element} (${accepted[0]}).`,
    );
  }
  return pin;
}

function outputCollation({ collation, at }: ColumnDefinition): Pick<ScopeColumn, "collation"> {
  if (collation === undefined) return {};
  return { collation: collationOf(collation) ?? fail(448, at, collation) };
}

/** The service reports errors of its prediction engine under one number. */
function predictError(node: PredictNode, message: string): Error {
  return sqlError(39051, node.at, message);
}

/** A model's SQL over what its inputs are. */
export const writeInputs = (sql: string, sqlOf: (input: number) => string): string =>
  sql.replace(/⟦(\d+)⟧/g, (_, input) => sqlOf(Number(input)));

/** What the declared column cannot hold is an error of the model, as nothing else would tell that it was lost. */
function outputSql(sql: string, column: ColumnDefinition): string {
  const { type, name, nullable } = column;
  const cast = `CAST(${sql} AS ${storage(type)})`;
  const fails = (what: string): string =>
    raise(39051, quoteText(`Output column '${name}' ${what} of the model.`));
  const length = "length" in type && type.length !== "max" ? type.length : undefined;
  const fitting =
    length === undefined
      ? cast
      : `CASE WHEN length(${cast}) > ${length} THEN ${fails(`is ${declared(type)}, too short for a value`)} ELSE ${type.name === "char" ? `rpad(${cast}, ${length}, ' ')` : cast} END`;
  return nullable === false
    ? `coalesce(${fitting}, ${fails("is NOT NULL and got a NULL")})`
    : fitting;
}

/**
 * Always true, but no scan can decide it: a filter of its own. Filters gather what few rows a scan with the query's
 * WHERE leaves of each chunk, so that a model is called once for thousands of rows and not for a handful.
 */
export function gathering(columns: readonly string[]): string {
  const [first, second] = new Set(columns);
  return second === undefined ? "" : ` WHERE hash(${first}, ${second}) IS NOT NULL`;
}

interface Parts {
  data: BoundFrom;
  isFiltered: boolean;
  source: Source;
  inputs: readonly ScopeColumn[];
  outputs: readonly ModelPin[];
  model: BoundModel;
}

/**
 * `SELECT d.*, p.Score` sees two sources: the data under its alias and the outputs under theirs.
 * One derived table computes both, and another around it shows them, so that the model runs once a row: all outputs
 * at once in a struct, or each as a column.
 */
function emit(binder: Binder, node: PredictNode, parts: Parts): BoundFrom {
  const { data, isFiltered, source, inputs, outputs, model } = parts;
  const isInlined = outputs.every((pin) => model.expressions[pin.name] !== undefined);
  const passed = source.columns.map((column, index) => `${column.sql} AS c${index + 1}`);
  const over = (sql: string): string => writeInputs(sql, (input) => inputs[input]!.sql);
  const computed = isInlined
    ? outputs.map((pin, index) => `${over(model.expressions[pin.name]!)} AS p${index + 1}`)
    : [`${over(model.call!)} AS scored`];
  const isGathered = isFiltered && !isInlined;
  const filter = isGathered ? gathering(inputs.map((column) => column.sql)) : "";
  const inner = `SELECT ${[...passed, ...computed].join(", ")} FROM ${data.sql}${filter}`;
  const count = source.columns.length;
  const shown = source.columns.map((_, index) => `q.c${index + 1}`);
  const scored = node.predict.outputs.map(
    (column, index) =>
      `${outputSql(isInlined ? withoutNaN(`q.p${index + 1}`, column.type) : `(q.scored).${quoteName(outputs[index]!.name)}`, column)} AS c${count + index + 1}`,
  );
  const columns = [
    ...source.columns.map(({ sql: _sql, ...column }, index) => ({ ...column, name: `d${index}` })),
    ...node.predict.outputs.map((column, index) => ({
      name: `p${index}`,
      type: column.type,
      nullable: column.nullable ?? true,
      ...outputCollation(column),
    })),
  ];
  const relation: Relation = {
    sql: `SELECT ${[...shown, ...scored].join(", ")} FROM (${inner}) q`,
    columns,
  };
  const bound = derived(binder, relation, { name: "predict", columns: undefined }, node.at);
  const all = bound.sources[0]!;
  const dataSource: Source = {
    ...source,
    alias: all.alias,
    columns: source.columns.map((column, index) => ({ ...column, sql: all.columns[index]!.sql })),
  };
  const outputSource: Source = {
    name: node.alias?.name ?? "predict",
    schema: undefined,
    alias: all.alias,
    columns: node.predict.outputs.map((column, index) => ({
      ...all.columns[count + index]!,
      name: column.name,
    })),
    object: undefined,
  };
  return { sql: bound.sql, sources: [dataSource, outputSource] };
}
