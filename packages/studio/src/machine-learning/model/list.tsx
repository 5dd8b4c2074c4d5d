// Models of the workspace's registry: every version, or the latest of each.

import { Switch } from "@fluentui/react-components";
import { useMemo, useState } from "react";
import { type Column, Grid } from "../../control/grid.tsx";
import { Link } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { crumbsOf, useWorkspaceAddress } from "../workspace.ts";
import { type Model, useModels } from "./model.ts";

export function Page() {
  const address = useWorkspaceAddress();
  const { data, error, refetch } = useModels();
  const [isLatestOnly, setLatestOnly] = useState(false);
  const rows = useMemo(() => (isLatestOnly ? latestOf(data) : data), [data, isLatestOnly]);
  return (
    <PageFrame
      title="Models"
      crumbs={crumbsOf(address)}
      description="Models are registered by the SDKs, az ml, or an upload; ONNX models can be scored in the SQL pools of linked Synapse workspaces."
      commands={<RefreshButton onRefresh={refetch} />}
    >
      <Grid
        label="Models"
        columns={columnsOf(address.path)}
        rows={rows}
        error={error}
        onRetry={() => void refetch()}
        rowKey={({ id }) => id}
        empty="No model is registered. Register one with ml_client.models.create_or_update or Model.register."
        tools={
          <Switch
            label="Show latest versions only"
            checked={isLatestOnly}
            onChange={(_, { checked }) => setLatestOnly(checked)}
          />
        }
      />
    </PageFrame>
  );
}

function latestOf(models: readonly Model[] | undefined): Model[] | undefined {
  if (!models) return undefined;
  const byName = Map.groupBy(models, ({ name }) => name);
  return [...byName.values()].flatMap((versions) =>
    versions.toSorted((one, other) => Number(other.version) - Number(one.version)).slice(0, 1),
  );
}

function columnsOf(path: string): Column<Model>[] {
  return [
    {
      name: "name",
      label: "Name",
      text: ({ name }) => name,
      show: ({ name, version }) => <Link to={`${path}/models/${name}/${version}`}>{name}</Link>,
    },
    { name: "version", label: "Version", text: ({ version }) => version, width: "96px" },
    { name: "framework", label: "Framework", text: ({ framework }) => framework },
    { name: "description", label: "Description", text: ({ description }) => description ?? "" },
    {
      name: "tags",
      label: "Tags",
      text: ({ kvTags }) =>
        Object.entries(kvTags)
          .map(([name, value]) => `${name}: ${value}`)
          .join(", "),
    },
    {
      name: "created",
      label: "Created on",
      text: ({ createdTime }) => createdTime,
      show: ({ createdTime }) => new Date(createdTime).toLocaleString(),
    },
  ];
}
