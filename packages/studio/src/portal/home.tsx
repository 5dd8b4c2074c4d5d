// Where the studio opens: the workspaces of both kinds, each with the way into its own studio.

import { useQuery } from "@tanstack/react-query";
import { idPart, type Resource, resourcesQuery } from "../api/resource.ts";
import { type Column, Grid } from "../control/grid.tsx";
import { Link } from "../control/link.tsx";
import { PageFrame } from "../control/page-frame.tsx";
import { useAccount } from "../shell/account.ts";

const columns: readonly Column<Resource>[] = [
  {
    name: "name",
    label: "Name",
    text: ({ name }) => name,
    show: (workspace) => <Link to={studioPath(workspace)}>{workspace.name}</Link>,
  },
  {
    name: "type",
    label: "Type",
    text: ({ type }) =>
      isSynapse(type) ? "Synapse workspace" : "Azure Machine Learning workspace",
  },
  { name: "group", label: "Resource group", text: ({ id }) => idPart(id, "resourceGroups") },
  { name: "location", label: "Location", text: ({ location }) => location ?? "" },
];

export function Page() {
  const account = useAccount();
  const { data, error, refetch } = useQuery(resourcesQuery());
  const workspaces = data?.filter(({ type }) =>
    /^microsoft\.(synapse|machinelearningservices)\/workspaces$/i.test(type),
  );
  return (
    <PageFrame title={`Welcome, ${account.name}`} description="Open a workspace in its studio.">
      <Grid
        label="Workspaces"
        columns={columns}
        rows={workspaces}
        error={error}
        onRetry={() => void refetch()}
        rowKey={({ id }) => id}
        empty="There is no workspace that you may see."
      />
    </PageFrame>
  );
}

function isSynapse(type: string): boolean {
  return type.toLowerCase() === "microsoft.synapse/workspaces";
}

function studioPath({ id, name, type }: Resource): string {
  if (isSynapse(type)) return `/synapse/${name}`;
  return `/ml/${idPart(id, "subscriptions")}/${idPart(id, "resourceGroups")}/${name}`;
}
