// Overview of a Synapse workspace: the way into Synapse Studio, endpoints, identity, networking, pools.

import { Button, Subtitle2 } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { childrenQuery, type Resource } from "../../api/resource.ts";
import { CommandButton, useAzureRight } from "../../control/command-button.tsx";
import { Essentials } from "../../control/essentials.tsx";
import { type Column, Grid, rowsOf } from "../../control/grid.tsx";
import { useGo } from "../../control/link.tsx";
import { commonEssentials } from "./essential.tsx";
import { nameColumn } from "./resource-column.tsx";

export const synapseVersion = "2021-06-01";

interface Properties {
  readonly connectivityEndpoints?: Readonly<Record<string, string>>;
  readonly defaultDataLakeStorage?: { readonly accountUrl?: string; readonly filesystem?: string };
  readonly managedVirtualNetwork?: string;
  readonly managedVirtualNetworkSettings?: { readonly preventDataExfiltration?: boolean };
  readonly publicNetworkAccess?: string;
  readonly sqlAdministratorLogin?: string;
  readonly managedResourceGroupName?: string;
}

export function SynapseOverview({ workspace }: { workspace: Resource }) {
  const go = useGo();
  const properties = (workspace.properties ?? {}) as Properties;
  const endpoints = properties.connectivityEndpoints ?? {};
  const lake = properties.defaultDataLakeStorage;
  const hasNetwork = properties.managedVirtualNetwork === "default";
  return (
    <>
      <div>
        <Button appearance="primary" onClick={() => go(`/synapse/${workspace.name}`)}>
          Open Synapse Studio
        </Button>{" "}
        <Button onClick={() => go("/map")}>Link map</Button>
      </div>
      <Essentials
        label="Essentials"
        entries={[
          ...commonEssentials(workspace),
          ["Workspace web URL", endpoints.web ?? ""],
          ["Development endpoint", endpoints.dev ?? ""],
          ["Dedicated SQL endpoint", endpoints.sql ?? ""],
          ["Serverless SQL endpoint", endpoints.sqlOnDemand ?? ""],
          ["SQL admin username", properties.sqlAdministratorLogin ?? ""],
          ["Primary ADLS Gen2 account", lake?.accountUrl ?? ""],
          ["Primary ADLS Gen2 file system", lake?.filesystem ?? ""],
          ["Managed virtual network", hasNetwork ? "Enabled" : "Disabled"],
          [
            "Data exfiltration protection",
            properties.managedVirtualNetworkSettings?.preventDataExfiltration
              ? "Enabled"
              : "Disabled",
          ],
          ["Public network access", properties.publicNetworkAccess ?? "Enabled"],
          ["Managed resource group", properties.managedResourceGroupName ?? ""],
        ]}
      />
      <Pools
        workspace={workspace}
        label="Apache Spark pools"
        child="bigDataPools"
        createPath="/create/spark-pool"
        columns={sparkColumns}
      />
      <Pools
        workspace={workspace}
        label="SQL pools"
        child="sqlPools"
        createPath="/create/sql-pool"
        columns={sqlColumns}
      />
    </>
  );
}

const textOf = (value: unknown) => (value === undefined ? "" : String(value));

const sparkColumns: readonly Column<Resource>[] = [
  nameColumn,
  {
    name: "version",
    label: "Apache Spark version",
    text: ({ properties }) => textOf(properties?.sparkVersion),
  },
  { name: "size", label: "Node size", text: ({ properties }) => textOf(properties?.nodeSize) },
  { name: "nodes", label: "Nodes", text: ({ properties }) => nodesOf(properties ?? {}) },
  {
    name: "state",
    label: "Status",
    text: ({ properties }) => textOf(properties?.provisioningState),
  },
];

const sqlColumns: readonly Column<Resource>[] = [
  nameColumn,
  { name: "size", label: "Size", text: ({ sku }) => textOf(sku?.name) },
  { name: "state", label: "Status", text: ({ properties }) => textOf(properties?.status) },
];

export function nodesOf(properties: Readonly<Record<string, unknown>>): string {
  const scale = properties.autoScale as
    | { enabled?: boolean; minNodeCount?: number; maxNodeCount?: number }
    | undefined;
  return scale?.enabled
    ? `${scale.minNodeCount} to ${scale.maxNodeCount}`
    : textOf(properties.nodeCount);
}

function Pools({
  workspace,
  label,
  child,
  createPath,
  columns,
}: {
  workspace: Resource;
  label: string;
  child: "bigDataPools" | "sqlPools";
  createPath: string;
  columns: readonly Column<Resource>[];
}) {
  const go = useGo();
  const pools = useQuery(
    childrenQuery<Record<string, unknown>>(workspace.id, child, synapseVersion),
  );
  const right = useAzureRight(workspace.id, `Microsoft.Synapse/workspaces/${child}/write`);
  return (
    <section aria-label={label}>
      <Subtitle2 as="h2">{label}</Subtitle2>
      <Grid
        label={label}
        columns={columns}
        {...rowsOf(pools)}
        rowKey={({ id }) => id}
        empty={`No ${label} yet: choose New.`}
        tools={
          <CommandButton
            icon={<AddRegular />}
            right={right}
            onClick={() => go(`${createPath}?workspace=${encodeURIComponent(workspace.id)}`)}
          >
            {child === "sqlPools" ? "New dedicated SQL pool" : "New Apache Spark pool"}
          </CommandButton>
        }
      />
    </section>
  );
}
