// What `callosum score` was asked for, checked before anything is looked at. Names that hold a comma, `=`
// or `:` can be written in brackets, as T-SQL does.

import type { ScoringPlan, ScoringRequest } from "@callosum/sdk/scoring.ts";
import { usageError } from "../command.ts";

export interface WantedModel {
  readonly name: string;
  /** The latest where none is named. */
  readonly version: string | undefined;
}

export interface WantedOutput {
  readonly name: string;
  /** Checked against the model's; the model decides where none is named. */
  readonly type: string | undefined;
}

export interface WantedScore {
  readonly database: string;
  readonly table: string;
  readonly model: WantedModel;
  /** Columns by input. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: readonly WantedOutput[];
  readonly kind: "procedure" | "view";
  /** The wizard names it after the model unless given. */
  readonly object: string | undefined;
  readonly modelTable: string | undefined;
}

const bracketed = String.raw`\[(?:\]\]|[^\]])+\]`;
const itemPattern = new RegExp(`(?:${bracketed}|[^,[])+`, "g");
const pairPattern = new RegExp(`^(${bracketed}|[^=[]+)=(${bracketed}|[^[]+)$`);
const outputPattern = new RegExp(`^(${bracketed}|[^[]+?)(?::([A-Za-z]\\w*))?$`);

/** `name[:version]` */
export function readModel(text: string): WantedModel {
  const [, name, version] = /^([^:]+)(?::([^:]+))?$/.exec(text) ?? [];
  if (name === undefined) throw usageError(`--model is NAME or NAME:VERSION, not '${text}'.`);
  return { name, version };
}

/** `column=input,[a, b]=input2` → columns by input; an input takes one column. */
export function readMapping(text: string | undefined): Record<string, string> {
  const inputs: Record<string, string> = Object.create(null);
  for (const item of splitItems(text)) {
    const [, column, input] = pairPattern.exec(item) ?? [];
    if (column === undefined || input === undefined) {
      throw usageError(`--map is COLUMN=INPUT,COLUMN=INPUT,…; '${item}' is not.`);
    }
    const name = plain(input);
    if (name in inputs) throw usageError(`--map names the input '${name}' twice.`);
    inputs[name] = plain(column);
  }
  return inputs;
}

/** `delay:real,other` → outputs with the types that are expected of them. */
export function readOutputs(text: string | undefined): WantedOutput[] {
  return splitItems(text).map((item) => {
    const [, name, type] = outputPattern.exec(item) ?? [];
    if (name === undefined) throw usageError(`--output is NAME:TYPE,NAME,…; '${item}' is not.`);
    return { name: plain(name), type: type?.toLowerCase() };
  });
}

/** The wizard's request; the model table is made where it does not exist. */
export function toRequest(wanted: WantedScore, linkedService: string): ScoringRequest {
  const { database, table, model, inputs, outputs, kind, object, modelTable } = wanted;
  return {
    database,
    table,
    model: { linkedService, name: model.name, ...(model.version && { version: model.version }) },
    inputs,
    ...(outputs.length > 0 && { outputs: outputs.map(({ name }) => name) }),
    script: { kind, ...(object !== undefined && { name: object }) },
    modelTable: { create: true, ...(modelTable !== undefined && { name: modelTable }) },
  };
}

/** The types of the WITH clause are the model's (features.md G-18): others would fail when run. */
export function requireTypes(plan: ScoringPlan, outputs: readonly WantedOutput[]): void {
  for (const { name, type } of outputs) {
    const found = plan.outputs.find(({ output }) => output === name);
    if (type === undefined || !found || found.type === type) continue;
    throw usageError(`The output '${name}' of ${plan.model.id} is ${found.type}, not ${type}.`);
  }
}

/** Every input needs a column before there is a script. */
export function requireMapped({ inputs, columns, model }: ScoringPlan): void {
  const open = inputs.filter(({ column }) => column === undefined);
  if (open.length === 0) return;
  const used = new Set(inputs.map(({ column }) => column?.name));
  const free = columns.filter(({ name }) => !used.has(name)).map(({ name }) => name);
  const why = model.isPrefilled ? "" : `: ${model.id} has no signature to propose columns by`;
  throw usageError(
    `No column is mapped to ${open.map(({ input, type }) => `${input} (${type})`).join(", ")}${why}.`,
    `Name them with --map COLUMN=INPUT,…; columns not used yet: ${free.join(", ") || "none"}.`,
  );
}

function splitItems(text: string | undefined): string[] {
  return (text?.match(itemPattern) ?? []).map((item) => item.trim()).filter((item) => item !== "");
}

function plain(name: string): string {
  const text = name.trim();
  return text.startsWith("[") ? text.slice(1, -1).replaceAll("]]", "]") : text;
}
