// Link map: both kinds of workspace, their links, identities, roles and pools, as a picture and as a
// list; red where something is missing. An edge opens what would fix it.

import { Link as FluentLink, Spinner, Subtitle2, Text } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { type Column, Grid } from "../control/grid.tsx";
import { Link } from "../control/link.tsx";
import { PageFrame } from "../control/page-frame.tsx";
import { Problem } from "../control/problem.tsx";
import { RefreshButton } from "../control/refresh-button.tsx";
import { EdgePanel } from "./edge-panel.tsx";
import { factsQuery } from "./fact.ts";
import { buildMap, type LinkMap, type MapEdge } from "./model.ts";
import { Picture } from "./picture.tsx";
import { statusColors, statusTexts } from "./status.ts";

export function Page() {
  const { data, error, isFetching, refetch } = useQuery(factsQuery);
  const [openedId, setOpenedId] = useState<string>();
  const map = useMemo(() => data && buildMap(data), [data]);
  const opened = map?.edges.find(({ id }) => id === openedId);
  const problems = data?.flatMap(({ problems: found }) => found) ?? [];
  const missing = map?.edges.filter(({ status }) => status === "missing").length ?? 0;
  return (
    <PageFrame
      title="Link map"
      crumbs={[{ label: "Home", to: "/" }]}
      description="How Synapse and machine learning workspaces are linked, in both directions. Red is what is missing: choose it to see what would fix it."
      commands={<RefreshButton onRefresh={refetch} />}
    >
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!map && !error && <Spinner label="Testing every link" />}
      {map && (
        <Text role="status">
          {isFetching ? "Testing every link" : summaryOf({ links: linkCount(map), missing })}
        </Text>
      )}
      {map && map.nodes.length === 0 && (
        <p>
          There is no workspace that you may see. <Link to="/create">Create a resource</Link>
        </p>
      )}
      {map && map.nodes.length > 0 && (
        <>
          <Picture map={map} onOpen={({ id }) => setOpenedId(id)} />
          <Subtitle2 as="h2">The same as a list</Subtitle2>
          <Grid
            label="Links, roles and pools"
            columns={columnsOf(({ id }) => setOpenedId(id))}
            rows={map.edges}
            rowKey={({ id }) => id}
            empty="Nothing is linked, and no workspace has a pool."
          />
        </>
      )}
      {problems.map((problem) => (
        <Problem key={String(problem)} error={problem} />
      ))}
      <EdgePanel
        edge={opened}
        onTest={() => void refetch()}
        onClose={() => setOpenedId(undefined)}
      />
    </PageFrame>
  );
}

function linkCount({ edges }: LinkMap): number {
  return edges.filter(({ subject }) => subject.kind.endsWith("Link")).length;
}

function summaryOf({ links, missing }: { links: number; missing: number }): string {
  if (links === 0) {
    return "No workspace is linked yet. In Synapse Studio: Manage, Linked services, New, Azure Machine Learning. In Azure Machine Learning studio: Linked Services, Add integration.";
  }
  if (missing === 0) return "Nothing is missing.";
  return missing === 1 ? "1 thing is missing." : `${missing} things are missing.`;
}

function columnsOf(open: (edge: MapEdge) => void): readonly Column<MapEdge>[] {
  return [
    {
      name: "text",
      label: "What",
      width: "60%",
      text: ({ text }) => text,
      show: (edge) => (
        <FluentLink as="button" onClick={() => open(edge)}>
          {edge.text}
        </FluentLink>
      ),
    },
    { name: "label", label: "Name", text: ({ label }) => label },
    {
      name: "status",
      label: "Status",
      text: ({ status }) => statusTexts[status],
      show: ({ status }) => (
        <Text weight="semibold" style={{ color: statusColors[status] }}>
          {statusTexts[status]}
        </Text>
      ),
    },
  ];
}
