// New Apache Spark pool.

import { type ResourceRules, useResourceRules } from "../../control/definition.ts";
import type { Choice, Field } from "../../control/form.ts";
import { CreatePage } from "./create-page.tsx";
import { putStep } from "./plan.ts";
import { locationOf, type PoolHost, type PoolPlace, usePoolHost, workspaceField } from "./pool.ts";
import { Waiting } from "./waiting.tsx";

const type = "Microsoft.Synapse/workspaces/bigDataPools";

type Values = PoolPlace & {
  readonly name: string;
  readonly family: string;
  readonly size: string;
  readonly scales: string;
  readonly nodes: string;
  readonly nodesMin: string;
  readonly nodesMax: string;
  readonly version: string;
  readonly pauses: string;
  readonly delay: string;
};

const initial = {
  name: "",
  family: "MemoryOptimized",
  size: "Small",
  scales: "",
  nodes: "3",
  nodesMin: "3",
  nodesMax: "10",
  version: "3.4",
  pauses: "true",
  delay: "15",
};

const title = "New Apache Spark pool";

export function Page() {
  const rules = useResourceRules(type);
  const host = usePoolHost();
  if (!host.workspaces) return <Waiting title={title} error={host.error} />;
  const idOf = ({ workspace, name }: Values) => `${workspace}/bigDataPools/${name}`;
  return (
    <CreatePage<Values>
      title={title}
      initial={{ ...initial, workspace: host.initial }}
      tabs={(values) => [
        { name: "Basics", fields: basicFields(values, { host, rules }) },
        { name: "Additional settings", fields: settingFields(values, rules) },
      ]}
      plan={(values) => [
        putStep({
          key: "pool",
          label: `Apache Spark pool ${values.name}`,
          id: idOf(values),
          version: "2021-06-01",
          body: { location: locationOf(host, values.workspace), properties: bodyOf(values) },
        }),
      ]}
      target={idOf}
    />
  );
}

const onOff: readonly Choice[] = [
  { value: "true", label: "Enabled" },
  { value: "", label: "Disabled" },
];

const none = ({ value }: Choice) => value !== "None";

function basicFields(
  { scales }: Values,
  { host, rules }: { host: PoolHost; rules: ResourceRules },
): readonly Field<Values>[] {
  return [
    workspaceField(host),
    {
      name: "name",
      label: "Apache Spark pool name",
      kind: "text",
      isRequired: true,
      check: rules.name,
    },
    {
      name: "family",
      label: "Node size family",
      kind: "choice",
      choices: rules.choices("properties.nodeSizeFamily")?.filter(none),
    },
    {
      name: "size",
      label: "Node size",
      kind: "choice",
      choices: rules.choices("properties.nodeSize")?.filter(none),
    },
    { name: "scales", label: "Autoscale", kind: "radio", choices: onOff },
    {
      name: "nodes",
      label: "Number of nodes",
      kind: "number",
      isRequired: true,
      isHidden: scales === "true",
      check: nodesProblem,
    },
    {
      name: "nodesMin",
      label: "Minimum number of nodes",
      kind: "number",
      isRequired: true,
      isHidden: scales !== "true",
      check: nodesProblem,
    },
    {
      name: "nodesMax",
      label: "Maximum number of nodes",
      kind: "number",
      isRequired: true,
      isHidden: scales !== "true",
      check: nodesProblem,
    },
  ];
}

function settingFields({ pauses }: Values, rules: ResourceRules): readonly Field<Values>[] {
  return [
    { name: "pauses", label: "Automatic pausing", kind: "radio", choices: onOff },
    {
      name: "delay",
      label: "Number of minutes idle",
      kind: "number",
      isRequired: true,
      isHidden: pauses !== "true",
      check: (text) =>
        Number(text) < 5
          ? "It is 5 or more."
          : rules.check("properties.autoPause.delayInMinutes")(text),
    },
    {
      name: "version",
      label: "Apache Spark",
      kind: "choice",
      choices: rules.choices("properties.sparkVersion"),
      hint: "3.3 and 3.4 do not support the Azure Machine Learning linked service for MLflow tracking.",
    },
  ];
}

/** The server's rule (arm/resources/synapse/spark-scale.ts). */
function nodesProblem(text: string): string | undefined {
  const count = Number(text);
  return Number.isInteger(count) && count >= 3 && count <= 200
    ? undefined
    : "A Spark pool has 3 to 200 nodes.";
}

function bodyOf(values: Values): object {
  const scales = values.scales === "true";
  return {
    sparkVersion: values.version,
    nodeSize: values.size,
    nodeSizeFamily: values.family,
    ...(scales
      ? {
          autoScale: {
            enabled: true,
            minNodeCount: Number(values.nodesMin),
            maxNodeCount: Number(values.nodesMax),
          },
        }
      : { nodeCount: Number(values.nodes), autoScale: { enabled: false } }),
    autoPause:
      values.pauses === "true"
        ? { enabled: true, delayInMinutes: Number(values.delay) }
        : { enabled: false },
  };
}
