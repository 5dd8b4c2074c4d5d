// What the caller of the wizard chose, checked against the table and the model: columns for inputs,
// outputs for the WITH clause.

import type { OnnxDescription } from "@callosum/contract/model-registry.ts";
import { failWizard } from "./error-catalogue.ts";
import {
  type InputMapping,
  mapInputs,
  type OutputMapping,
  type TableColumn,
  unusableFields,
  usableOutputs,
} from "./mapping.ts";
import type { ScoreRequest } from "./score-request.ts";
import { canCast, twinNames } from "./sql-text.ts";

export type Graph = Exclude<OnnxDescription, { problem: unknown }>;

/** The caller's choices, each checked: the input and the column exist, and the types can meet. */
export function chooseColumns(options: {
  request: ScoreRequest;
  graph: Graph;
  columns: readonly TableColumn[];
}): Map<string, TableColumn | null> {
  const { request, graph, columns } = options;
  const known = new Map(
    mapInputs({ model: { mlflow: undefined }, graph, columns, chosen: new Map() }).map((input) => [
      input.input,
      input,
    ]),
  );
  const byName = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
  const chosen = new Map<string, TableColumn | null>();
  for (const [input, name] of Object.entries(request.inputs ?? {})) {
    const target = `inputs.${input}`;
    const found = known.get(input);
    if (!found) {
      throw failWizard.InvalidMapping({ reason: `The model has no input '${input}'.`, target });
    }
    const column = name === null ? null : byName.get(name.toLowerCase());
    if (column === undefined) {
      throw failWizard.InvalidMapping({ reason: `The table has no column '${name}'.`, target });
    }
    if (column && !canCast(column.type, found.type)) {
      throw failWizard.InvalidMapping({
        reason: `The column '${column.name}' is ${column.type}, which cannot become ${found.type} for the input '${input}'.`,
        target,
      });
    }
    chosen.set(input, column);
  }
  return chosen;
}

/** All that a column can hold unless the request names some. */
export function chooseOutputs(
  request: ScoreRequest,
  graph: Graph,
  modelId: string,
): OutputMapping[] {
  const usable = usableOutputs(graph);
  if (!request.outputs || request.outputs.length === 0) return usable;
  return [...new Set(request.outputs)].map((name) => {
    const found = usable.find(({ output }) => output === name);
    if (found) return found;
    const why = unusableFields(graph.outputs).find((field) => field.name === name);
    const reason = why
      ? `The output '${name}' cannot be a column: ${why.reason}.`
      : `The model '${modelId}' has no output '${name}'.`;
    throw failWizard.InvalidMapping({ reason, target: "outputs" });
  });
}

/** SQL ignores casing in names, ONNX does not: a result cannot have both columns. */
export function requireDistinct(options: {
  kind: "procedure" | "view";
  inputs: readonly InputMapping[];
  outputs: readonly OutputMapping[];
}): void {
  const { kind, inputs, outputs } = options;
  const names = outputs.map(({ output }) => output);
  const twins = twinNames(names);
  if (twins) {
    throw failWizard.InvalidMapping({
      reason: `The outputs '${twins.join("' and '")}' are one name in SQL: choose one of them.`,
      target: "outputs",
    });
  }
  const both = kind === "view" && twinNames([...inputs.map(({ input }) => input), ...names]);
  if (!both) return;
  throw failWizard.InvalidMapping({
    reason: `The input and the output '${both.join("' and '")}' are one name in SQL, which a view cannot have twice: choose a stored procedure.`,
    target: "script.kind",
  });
}
