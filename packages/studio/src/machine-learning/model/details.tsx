// One version of a model: details, signature, metrics, and its files to download.

import { Dropdown, Option, Tab, TabList, Text } from "@fluentui/react-components";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Essentials } from "../../control/essentials.tsx";
import { type Column, Grid } from "../../control/grid.tsx";
import { useGo } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";
import { crumbsOf, useWorkspaceAddress } from "../workspace.ts";
import { Files } from "./files.tsx";
import { type Model, useModel, useModels } from "./model.ts";
import { Signature } from "./signature.tsx";

const tabs = ["Details", "Signature", "Metrics", "Artifacts"] as const;

export function Page() {
  const address = useWorkspaceAddress();
  const params = useParams({ strict: false }) as { model?: string; version?: string };
  const { model: name = "", version = "" } = params;
  const { data, error, refetch } = useModel(`${name}:${version}`);
  const [tab, setTab] = useState<string>("Details");
  return (
    <PageFrame
      title={`${name}:${version}`}
      crumbs={crumbsOf(address, { label: "Models", to: `${address.path}/models` })}
    >
      <Versions name={name} version={version} />
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      <TabList selectedValue={tab} onTabSelect={(_, { value }) => setTab(String(value))}>
        {tabs.map((label) => (
          <Tab key={label} value={label}>
            {label}
          </Tab>
        ))}
      </TabList>
      {data && tab === "Details" && <Details model={data} />}
      {data && tab === "Signature" && <Signature model={data} />}
      {data && tab === "Metrics" && <Metrics model={data} />}
      {data && tab === "Artifacts" && <Files model={data} />}
    </PageFrame>
  );
}

function Versions({ name, version }: { name: string; version: string }) {
  const { path } = useWorkspaceAddress();
  const { data } = useModels();
  const go = useGo();
  const versions = data?.filter((model) => model.name === name) ?? [];
  return (
    <div>
      <Dropdown
        aria-label="Version"
        value={`Version ${version}`}
        selectedOptions={[version]}
        onOptionSelect={(_, { optionValue }) => go(`${path}/models/${name}/${optionValue}`)}
      >
        {versions.map((model) => (
          <Option key={model.id} value={String(model.version)} text={`Version ${model.version}`}>
            Version {model.version}
          </Option>
        ))}
      </Dropdown>
    </div>
  );
}

function Details({ model }: { model: Model }) {
  return (
    <Essentials
      label="Details"
      entries={[
        ["Name", model.name],
        ["Version", String(model.version)],
        ["Framework", [model.framework, model.frameworkVersion].filter(Boolean).join(" ")],
        ["Description", model.description ?? ""],
        ["Created on", new Date(model.createdTime).toLocaleString()],
        ["Modified on", new Date(model.modifiedTime).toLocaleString()],
        ["Run", model.runId ?? model.callosum.mlflow?.runId ?? ""],
        ...Object.entries(model.kvTags).map(([name, value]) => [`Tag ${name}`, value] as const),
      ]}
    />
  );
}

type Metric = readonly [name: string, value: string];

const metricColumns: readonly Column<Metric>[] = [
  { name: "metric", label: "Metric", text: ([name]) => name },
  { name: "value", label: "Value", text: ([, value]) => Number(value) },
];

/** A model carries its metrics as properties or tags that are numbers. */
function Metrics({ model }: { model: Model }) {
  const entries = Object.entries({ ...model.properties, ...model.kvTags });
  const metrics = entries.filter(([, value]) => value !== "" && Number.isFinite(Number(value)));
  return (
    <Grid
      label="Metrics"
      columns={metricColumns}
      rows={metrics}
      rowKey={([name]) => name}
      empty={
        <Text>
          The model was registered without metrics: none of its properties and tags is a number.
        </Text>
      }
    />
  );
}
