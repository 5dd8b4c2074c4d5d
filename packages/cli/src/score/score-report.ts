// A scoring plan, and linked models, as lines for people.

import type { LinkedModels, ScoringPlan } from "@callosum/sdk/scoring.ts";
import { type Terminal, tableLines } from "../terminal.ts";

export interface LinkedModelsOf extends LinkedModels {
  /** Name of the Synapse workspace. */
  readonly workspace: string;
}

/** What meets what, and what deploying makes. */
export function planLines(
  { plan, service, database }: { plan: ScoringPlan; service: string; database: string },
  paint: Terminal["paint"],
): string[] {
  const { model, table, inputs, outputs, unusableOutputs, modelTable, object } = plan;
  const framework = model.framework === "" ? "" : ` (${model.framework})`;
  const make = paint("green", "make  ");
  return [
    `  model   ${model.id}${framework} of '${service}'`,
    `  table   ${table} of '${database}'`,
    ...inputs.map(({ input, type, column }) => {
      if (!column) return `  input   ${input} ${type} ${paint("red", "← no column")}`;
      const cast = column.type === type ? "" : paint("dim", " (cast)");
      return `  input   ${input} ${type} ← ${column.name} ${column.type}${cast}`;
    }),
    ...outputs.map(({ output, type }) => `  output  ${output} ${type}`),
    ...unusableOutputs.map(({ name, reason }) => `  output  ${name} left out: ${reason}`),
    modelTable.exists
      ? `  ${paint("dim", "exists")}  the table ${modelTable.name}`
      : `  ${make}  the table ${modelTable.name}`,
    `  ${make}  the row '${model.id}' in it, in place of one that is there`,
    ...(object.exists
      ? [`  ${paint("yellow", "exists")}  ${object.name}: drop it, or the script's CREATE fails`]
      : []),
  ];
}

/** One line for each model version, and one for each link that cannot be read. */
export function modelLines(links: readonly LinkedModelsOf[], paint: Terminal["paint"]): string[] {
  const rows = links.flatMap(({ workspace, linkedService, models }) =>
    models.map((model) => [
      workspace,
      linkedService,
      `${model.name}:${model.version}`,
      model.framework,
      model.problem ?? `${fieldNames(model.inputs)} → ${fieldNames(model.outputs)}`,
    ]),
  );
  const closed = links.flatMap(({ workspace, linkedService, error }) =>
    error
      ? [`${paint("red", "✖")} ${linkedService} of ${workspace}: ${error.message} (${error.code})`]
      : [],
  );
  const head = ["WORKSPACE", "SERVICE", "MODEL", "FRAMEWORK", "INPUTS → OUTPUTS"];
  const listed =
    rows.length > 0
      ? tableLines([head, ...rows])
      : closed.length > 0
        ? []
        : ["Linked machine learning workspaces have no ONNX models."];
  return [...listed, ...closed];
}

const shownFieldsMax = 8;

function fieldNames(fields: readonly { readonly name: string }[]): string {
  const names = fields.slice(0, shownFieldsMax).map(({ name }) => name);
  const more = fields.length - names.length;
  return names.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
