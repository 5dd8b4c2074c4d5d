// Develop: SQL scripts, notebooks, Spark job definitions and data flows of the workspace.

import { AddRegular, DeleteRegular } from "@fluentui/react-icons";
import { useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { CommandButton } from "../../control/command-button.tsx";
import { Confirm } from "../../control/confirm.tsx";
import { type Column, Grid } from "../../control/grid.tsx";
import { Link, useGo } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { useTask } from "../../shell/notification.tsx";
import {
  type Artifact,
  artifactsQuery,
  type Collection,
  deleteArtifact,
  freeName,
} from "../artifact.ts";
import { useSynapseRight } from "../right.ts";
import { sqlPoolsQuery } from "../sql/catalog.ts";
import { useWorkspaceName } from "../workspace.ts";
import { openDraft } from "./draft.ts";

/** Kinds of the hub with their names in the original. */
const kinds = [
  { collection: "sqlScripts", label: "SQL script" },
  { collection: "notebooks", label: "Notebook" },
  { collection: "sparkJobDefinitions", label: "Apache Spark job definition" },
  { collection: "dataFlows", label: "Data flow" },
] as const satisfies readonly { collection: Collection; label: string }[];

interface Item {
  readonly artifact: Artifact;
  readonly collection: Collection;
  readonly label: string;
}

export function Page() {
  const workspace = useWorkspaceName();
  const queries = useQueryClient();
  const lists = useQueries({
    queries: kinds.map(({ collection }) =>
      artifactsQuery<Artifact["properties"]>(workspace, collection),
    ),
  });
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const [isDeleting, setDeleting] = useState(false);
  const error = lists.find((list) => list.error)?.error;
  const rows = lists.every((list) => list.data)
    ? kinds.flatMap((kind, at) =>
        (lists[at]?.data ?? []).map((artifact): Item => ({ artifact, ...kind })),
      )
    : undefined;
  const chosen = rows?.filter(({ artifact }) => keys.has(artifact.id)) ?? [];
  return (
    <PageFrame
      title="Develop"
      crumbs={[{ label: workspace, to: `/synapse/${workspace}` }]}
      commands={
        <Commands
          names={rows?.map(({ artifact }) => artifact.name) ?? []}
          hasChosen={chosen.length > 0}
          onRefresh={() =>
            void queries.invalidateQueries({
              queryKey: ["synapse", workspace.toLowerCase(), "artifacts"],
            })
          }
          onDelete={() => setDeleting(true)}
        />
      }
    >
      <Grid
        label="Develop"
        columns={columnsOf(workspace)}
        rows={rows}
        error={error}
        rowKey={({ artifact }) => artifact.id}
        selection={{ keys, onChange: setKeys }}
        empty="Nothing is developed here yet. New SQL script begins one."
      />
      {isDeleting && <Delete items={chosen} onClose={() => setDeleting(false)} />}
    </PageFrame>
  );
}

function Commands({
  names,
  hasChosen,
  onRefresh,
  onDelete,
}: {
  names: readonly string[];
  hasChosen: boolean;
  onRefresh(): void;
  onDelete(): void;
}) {
  const workspace = useWorkspaceName();
  const go = useGo();
  const { data: pools = [] } = useQuery(sqlPoolsQuery(workspace));
  const mayDelete = useSynapseRight("sqlScripts/delete");
  const create = () => {
    const name = freeName("SQL script ", names);
    go(openDraft(workspace, { name, query: "", database: pools[0]?.name ?? "" }));
  };
  return (
    <>
      <CommandButton icon={<AddRegular />} appearance="primary" onClick={create}>
        New SQL script
      </CommandButton>
      <RefreshButton onRefresh={onRefresh} />
      <CommandButton
        icon={<DeleteRegular />}
        right={mayDelete}
        disabledReason={hasChosen ? undefined : "Select something first."}
        onClick={onDelete}
      >
        Delete
      </CommandButton>
    </>
  );
}

function columnsOf(workspace: string): Column<Item>[] {
  return [
    {
      name: "name",
      label: "Name",
      text: ({ artifact }) => artifact.name,
      show: ({ artifact, collection }) => (
        <Link to={addressOf(workspace, collection, artifact.name)}>{artifact.name}</Link>
      ),
    },
    { name: "type", label: "Type", text: ({ label }) => label },
    {
      name: "description",
      label: "Description",
      text: ({ artifact }) => String(artifact.properties.description ?? ""),
    },
  ];
}

function addressOf(workspace: string, collection: Collection, name: string): string {
  const place = collection === "sqlScripts" ? "sql" : `artifact/${collection}`;
  return `/synapse/${workspace}/develop/${place}/${encodeURIComponent(name)}`;
}

function Delete({ items, onClose }: { items: readonly Item[]; onClose(): void }) {
  const workspace = useWorkspaceName();
  const names = items.map(({ artifact }) => artifact.name).join(", ");
  const task = useTask({
    async run() {
      for (const { artifact, collection } of items) {
        await deleteArtifact({ workspace, collection, name: artifact.name });
      }
    },
    done: () => `${names} deleted`,
    failed: () => `${names} could not be deleted`,
    changes: [["synapse", workspace.toLowerCase()]],
    onDone: onClose,
  });
  return (
    <Confirm
      isOpen
      title={`Delete ${names}?`}
      verb="Delete"
      isBusy={task.isPending}
      onConfirm={() => task.mutate(undefined)}
      onClose={onClose}
    >
      <p>It is removed from the workspace for everybody.</p>
      {task.error && <Problem error={task.error} />}
    </Confirm>
  );
}
