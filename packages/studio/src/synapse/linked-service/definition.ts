// A linked service's definition as the form's values: what all kinds have in common, then the kind's
// own (features.md ).

import { type Field, type FormValues, linesOf } from "../../control/form.ts";
import { takenProblem } from "../../control/taken-name.ts";
import { artifactNameProblem } from "../artifact.ts";
import type { LinkContext, LinkKind, TypeProperties } from "./link-kind.ts";
import { machineLearning, machineLearningType } from "./machine-learning.ts";
import { type Parameters, parametersProblem, parametersText, readParameters } from "./parameter.ts";
import { schemaKind } from "./schema-kind.ts";

export const autoResolveRuntime = "AutoResolveIntegrationRuntime";

export interface LinkProperties {
  readonly type: string;
  readonly description?: string;
  readonly annotations?: readonly unknown[];
  readonly parameters?: Parameters;
  readonly connectVia?: { readonly referenceName: string; readonly type: string };
  readonly typeProperties?: TypeProperties;
}

export function linkKindOf(type: string): LinkKind {
  return type === machineLearningType ? machineLearning : schemaKind;
}

/** `json` is the definition as text; it counts where `advanced` is set. */
export function readDefinition(
  properties: LinkProperties,
  { name, context }: { name: string; context: LinkContext },
): FormValues {
  const { typeProperties = {} } = properties;
  const own = linkKindOf(properties.type).read(typeProperties, context);
  const {
    type: _type,
    description,
    annotations,
    parameters,
    connectVia,
    typeProperties: _own,
    ...rest
  } = properties;
  return {
    name,
    description: description ?? "",
    runtime: connectVia?.referenceName ?? autoResolveRuntime,
    annotations: (annotations ?? []).map(String).join("\n"),
    parameters: parametersText(parameters ?? {}),
    rest: JSON.stringify(rest),
    ...own,
    advanced: own === undefined ? "true" : "",
    json: JSON.stringify({ properties: { ...properties, typeProperties } }, null, 2),
  };
}

/** Undefined while the JSON is not readable. */
export function buildDefinition(
  values: FormValues,
  { type, context }: { type: string; context: LinkContext },
): LinkProperties | undefined {
  if (values.advanced === "true") return parseDefinition(values.json ?? "");
  const description = values.description ?? "";
  const parameters = readParameters(values.parameters ?? "");
  const annotations = linesOf(values.annotations ?? "");
  return {
    // What other clients wrote beside what the fields show.
    ...JSON.parse(values.rest ?? "{}"),
    type,
    ...(description !== "" && { description }),
    ...(Object.keys(parameters).length > 0 && { parameters }),
    annotations,
    connectVia: {
      referenceName: values.runtime ?? autoResolveRuntime,
      type: "IntegrationRuntimeReference",
    },
    typeProperties: linkKindOf(type).build(values, context),
  };
}

export function parseDefinition(text: string): LinkProperties | undefined {
  try {
    const { properties } = JSON.parse(text) as { properties?: LinkProperties };
    return typeof properties === "object" && typeof properties.type === "string"
      ? properties
      : undefined;
  } catch {
    return undefined;
  }
}

export interface DefinitionFields {
  /** Name and what else all kinds have. */
  readonly above: readonly Field<FormValues>[];
  /** The kind's own. */
  readonly own: readonly Field<FormValues>[];
  readonly below: readonly Field<FormValues>[];
  /** Drawn by controls of their own; here for their rules. */
  readonly others: readonly Field<FormValues>[];
}

export function definitionFields(
  values: FormValues,
  options: {
    type: string;
    context: LinkContext;
    runtimes: readonly string[];
    /** Names that are taken; undefined for a link that exists and keeps its own. */
    taken: readonly string[] | undefined;
  },
): DefinitionFields {
  const { type, context, runtimes, taken } = options;
  const isAdvanced = values.advanced === "true";
  return {
    above: [
      {
        name: "name",
        label: "Name",
        kind: "text",
        isRequired: true,
        isReadOnly: taken === undefined,
        check: (name) => nameProblem(name, taken),
      },
      ...(isAdvanced ? [] : commonFields(runtimes)),
    ],
    own: isAdvanced ? [] : linkKindOf(type).fields(values, context),
    others: isAdvanced ? [jsonField] : [parametersField],
    below: isAdvanced
      ? []
      : [
          {
            name: "annotations",
            label: "Annotations",
            kind: "list",
            hint: "One a line. They are found by the filter of the list.",
          },
        ],
  };
}

function commonFields(runtimes: readonly string[]): Field<FormValues>[] {
  return [
    { name: "description", label: "Description", kind: "multiline" },
    {
      name: "runtime",
      label: "Connect via integration runtime",
      kind: "choice",
      isRequired: true,
      choices: runtimes.map((runtime) => ({ value: runtime, label: runtime })),
    },
  ];
}

const jsonField: Field<FormValues> = {
  name: "json",
  label: "Dynamic contents in JSON format",
  kind: "multiline",
  isRequired: true,
  check: (text) =>
    parseDefinition(text)
      ? undefined
      : 'This is not the JSON of a definition: { "properties": { "type": …, "typeProperties": … } }.',
};

const parametersField: Field<FormValues> = {
  name: "parameters",
  label: "Parameters",
  kind: "list",
  check: parametersProblem,
};

function nameProblem(name: string, taken: readonly string[] | undefined): string | undefined {
  return takenProblem(name, { what: "a linked service", taken }) ?? artifactNameProblem(name);
}
