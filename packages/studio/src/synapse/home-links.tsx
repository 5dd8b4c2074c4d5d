// The links of a Synapse workspace with Azure Machine Learning, in both directions: its own linked
// services, and the links that machine learning workspaces hold to it.

import { useQuery } from "@tanstack/react-query";
import { childrenQuery, idPart, type Resource, resourcesQuery } from "../api/resource.ts";
import { type Column, Grid } from "../control/grid.tsx";
import { Link } from "../control/link.tsx";
import { linksQuery } from "./linked-service/link.ts";
import { machineLearningType } from "./linked-service/machine-learning.ts";
import { useWorkspaceName } from "./workspace.ts";

interface Row {
  readonly key: string;
  readonly name: string;
  readonly direction: string;
  readonly target: string;
  readonly to: string;
}

interface MachineLearningLink {
  readonly linkedServiceResourceId?: string;
}

const machineLearning = "Microsoft.MachineLearningServices/workspaces";
const linkVersion = "2020-09-01-preview";

const columns: readonly Column<Row>[] = [
  {
    name: "name",
    label: "Name",
    text: ({ name }) => name,
    show: ({ name, to }) => <Link to={to}>{name}</Link>,
  },
  { name: "direction", label: "Direction", text: ({ direction }) => direction },
  { name: "target", label: "Azure Machine Learning workspace", text: ({ target }) => target },
];

export function HomeLinks({ workspaceId }: { workspaceId: string }) {
  const name = useWorkspaceName();
  const own = useQuery(linksQuery(name));
  const workspaces = useQuery(resourcesQuery(machineLearning));
  const others = useOthers(workspaces.data, workspaceId);
  const rows = own.data?.flatMap((link): Row[] =>
    link.properties.type === machineLearningType
      ? [
          {
            key: `own/${link.name}`,
            name: link.name,
            direction: "From this workspace",
            target: String(link.properties.typeProperties?.mlWorkspaceName ?? ""),
            to: `/synapse/${name}/manage/linked-services`,
          },
        ]
      : [],
  );
  const isLoading = others.isPending || workspaces.isPending;
  return (
    <Grid
      label="Links with Azure Machine Learning"
      columns={columns}
      rows={rows && !isLoading ? [...rows, ...(others.data ?? [])] : undefined}
      error={own.error}
      onRetry={() => void own.refetch()}
      rowKey={({ key }) => key}
      empty="It is linked with no Azure Machine Learning workspace yet. Select Link Azure Machine Learning."
    />
  );
}

/** Links that machine learning workspaces, as far as the person may read them, hold to this one. */
function useOthers(workspaces: readonly Resource[] | undefined, workspaceId: string) {
  return useQuery({
    queryKey: ["arm", "linksTo", workspaceId.toLowerCase(), workspaces?.map(({ id }) => id) ?? []],
    enabled: workspaces !== undefined,
    queryFn: async ({ client }) => {
      const lists = await Promise.all(
        (workspaces ?? []).map(async (workspace) => {
          const query = childrenQuery<MachineLearningLink>(
            workspace.id,
            "linkedServices",
            linkVersion,
          );
          const links = await client.fetchQuery(query).catch(() => []);
          return links
            .filter(
              ({ properties }) =>
                properties?.linkedServiceResourceId?.toLowerCase() === workspaceId.toLowerCase(),
            )
            .map((link) => rowOf(workspace, link.name));
        }),
      );
      return lists.flat();
    },
  });
}

function rowOf({ id, name: target }: Resource, name: string): Row {
  const place = `${idPart(id, "subscriptions")}/${idPart(id, "resourceGroups")}/${target}`;
  return {
    key: `${target}/${name}`,
    name,
    direction: "To this workspace",
    target,
    to: `/ml/${place}/linked-services/${encodeURIComponent(name)}`,
  };
}
