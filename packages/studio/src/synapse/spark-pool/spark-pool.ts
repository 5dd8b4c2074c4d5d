// An Apache Spark pool's form: fields by the server's definition, and the body that they make
// (features.md group E; arm's spark-scale.ts has the limits).

import type { Resource } from "../../api/resource.ts";
import type { ResourceRules } from "../../control/definition.ts";
import type { Field } from "../../control/form.ts";
import { takenProblem } from "../../control/taken-name.ts";

export const sparkPoolType = "Microsoft.Synapse/workspaces/bigDataPools";

export interface SparkPool {
  readonly sparkVersion?: string;
  readonly nodeSize?: string;
  readonly nodeSizeFamily?: string;
  readonly nodeCount?: number;
  readonly autoScale?: Scale;
  readonly autoPause?: { readonly enabled?: boolean; readonly delayInMinutes?: number };
  readonly dynamicExecutorAllocation?: {
    readonly enabled?: boolean;
    readonly minExecutors?: number;
    readonly maxExecutors?: number;
  };
  readonly provisioningState?: string;
}

interface Scale {
  readonly enabled?: boolean;
  readonly minNodeCount?: number;
  readonly maxNodeCount?: number;
}

export type Pool = Resource<SparkPool>;

export type Values = Readonly<
  Record<
    | "name"
    | "nodeSizeFamily"
    | "nodeSize"
    | "autoScale"
    | "minNodeCount"
    | "maxNodeCount"
    | "nodeCount"
    | "autoPause"
    | "delay"
    | "executors"
    | "minExecutors"
    | "maxExecutors"
    | "sparkVersion",
    string
  >
>;

export const newValues: Values = {
  name: "",
  nodeSizeFamily: "MemoryOptimized",
  nodeSize: "Small",
  autoScale: "true",
  minNodeCount: "3",
  maxNodeCount: "10",
  nodeCount: "3",
  autoPause: "true",
  delay: "15",
  executors: "",
  minExecutors: "1",
  maxExecutors: "2",
  sparkVersion: "3.4",
};

export function valuesOf({ name, properties = {} }: Pool): Values {
  const { autoScale, autoPause, dynamicExecutorAllocation: executors } = properties;
  const text = (value: number | undefined, otherwise: string) =>
    value ? String(value) : otherwise;
  return {
    name,
    nodeSizeFamily: properties.nodeSizeFamily ?? newValues.nodeSizeFamily,
    nodeSize: properties.nodeSize ?? newValues.nodeSize,
    autoScale: autoScale?.enabled ? "true" : "",
    minNodeCount: text(autoScale?.minNodeCount, newValues.minNodeCount),
    maxNodeCount: text(autoScale?.maxNodeCount, newValues.maxNodeCount),
    nodeCount: text(properties.nodeCount, newValues.nodeCount),
    autoPause: autoPause?.enabled ? "true" : "",
    delay: text(autoPause?.delayInMinutes, newValues.delay),
    executors: executors?.enabled ? "true" : "",
    minExecutors: text(executors?.minExecutors, newValues.minExecutors),
    maxExecutors: text(executors?.maxExecutors, newValues.maxExecutors),
    sparkVersion: properties.sparkVersion ?? newValues.sparkVersion,
  };
}

/** Properties that the form shows; others of an existing pool stay. */
export function propertiesOf(values: Values): SparkPool {
  const scales = values.autoScale === "true";
  return {
    sparkVersion: values.sparkVersion,
    nodeSize: values.nodeSize,
    nodeSizeFamily: values.nodeSizeFamily,
    nodeCount: scales ? 0 : Number(values.nodeCount),
    autoScale: scales
      ? {
          enabled: true,
          minNodeCount: Number(values.minNodeCount),
          maxNodeCount: Number(values.maxNodeCount),
        }
      : { enabled: false },
    autoPause:
      values.autoPause === "true"
        ? { enabled: true, delayInMinutes: Number(values.delay) }
        : { enabled: false },
    dynamicExecutorAllocation:
      values.executors === "true"
        ? {
            enabled: true,
            minExecutors: Number(values.minExecutors),
            maxExecutors: Number(values.maxExecutors),
          }
        : { enabled: false },
  };
}

const nodesMin = 3;
const nodesMax = 200;
const delayMinutesMin = 5;
const delayMinutesMax = 10_080;

/** `taken` undefined for a pool that exists. */
export function sparkPoolFields(
  values: Values,
  { rules, taken }: { rules: ResourceRules; taken: readonly string[] | undefined },
): readonly Field<Values>[] {
  const choices = (path: string) =>
    rules.choices(path)?.filter(({ value }) => value !== "None") ?? undefined;
  return [
    {
      name: "name",
      label: "Apache Spark pool name",
      kind: "text",
      isRequired: true,
      isReadOnly: taken === undefined,
      check: (name) =>
        takenProblem(name, { what: "an Apache Spark pool", taken }) ?? rules.name(name),
    },
    {
      name: "nodeSizeFamily",
      label: "Node size family",
      kind: "choice",
      isRequired: true,
      choices: choices("properties.nodeSizeFamily"),
    },
    {
      name: "nodeSize",
      label: "Node size",
      kind: "choice",
      isRequired: true,
      choices: choices("properties.nodeSize"),
    },
    ...scaleFields(values),
    ...pauseFields(values),
    {
      name: "sparkVersion",
      label: "Apache Spark",
      kind: "choice",
      isRequired: true,
      choices: choices("properties.sparkVersion"),
      hint: "With 3.3 and 3.4, a linked service gives no access to the MLflow tracking of Azure Machine Learning.",
    },
    ...executorFields(values),
  ];
}

function scaleFields(values: Values): Field<Values>[] {
  const scales = values.autoScale === "true";
  const nodes = { kind: "number", isRequired: true } as const;
  return [
    { name: "autoScale", label: "Autoscale", kind: "toggle" },
    {
      ...nodes,
      name: "nodeCount",
      label: "Number of nodes",
      isHidden: scales,
      check: (text) => wholeBetween(text, nodesMin, nodesMax),
    },
    {
      ...nodes,
      name: "minNodeCount",
      label: "Minimum number of nodes",
      isHidden: !scales,
      check: (text) => wholeBetween(text, nodesMin, nodesMax),
    },
    {
      ...nodes,
      name: "maxNodeCount",
      label: "Maximum number of nodes",
      isHidden: !scales,
      check: (text) =>
        wholeBetween(text, Math.max(nodesMin, Number(values.minNodeCount) || 0), nodesMax),
    },
  ];
}

function pauseFields(values: Values): Field<Values>[] {
  return [
    { name: "autoPause", label: "Automatic pausing", kind: "toggle" },
    {
      name: "delay",
      label: "Number of minutes idle",
      kind: "number",
      isRequired: true,
      isHidden: values.autoPause !== "true",
      check: (text) => wholeBetween(text, delayMinutesMin, delayMinutesMax),
    },
  ];
}

function executorFields(values: Values): Field<Values>[] {
  const isHidden = values.executors !== "true";
  const count = { kind: "number", isRequired: true, isHidden } as const;
  return [
    { name: "executors", label: "Dynamically allocate executors", kind: "toggle" },
    {
      ...count,
      name: "minExecutors",
      label: "Minimum number of executors",
      check: (text) => wholeBetween(text, 1, nodesMax - 1),
    },
    {
      ...count,
      name: "maxExecutors",
      label: "Maximum number of executors",
      check: (text) => wholeBetween(text, Number(values.minExecutors) || 1, nodesMax - 1),
    },
  ];
}

function wholeBetween(text: string, min: number, max: number): string | undefined {
  const value = Number(text);
  return Number.isInteger(value) && value >= min && value <= max
    ? undefined
    : `It is a whole number from ${min} to ${max.toLocaleString()}.`;
}

export function scaleText({ properties: { autoScale, nodeCount = 0 } = {} }: Pool): string {
  return autoScale?.enabled
    ? `${autoScale.minNodeCount} to ${autoScale.maxNodeCount} nodes`
    : `${nodeCount} nodes`;
}

export function pauseText({ properties: { autoPause } = {} }: Pool): string {
  return autoPause?.enabled ? `After ${autoPause.delayInMinutes} minutes` : "Off";
}
