// One group: its members, added and removed; the group itself deleted.

import { AddRegular, DeleteRegular, SubtractRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import {
  type DirectoryObject,
  directoryObjectQuery,
  directoryQuery,
  kindLabels,
  kindOf,
  subtitleOf,
} from "../../api/directory.ts";
import { call, graph } from "../../api/request.ts";
import { CommandButton } from "../../control/command-button.tsx";
import { Confirm } from "../../control/confirm.tsx";
import { type Column, Grid, rowsOf } from "../../control/grid.tsx";
import { useGo } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { Panel } from "../../control/panel.tsx";
import { useTask } from "../../shell/notification.tsx";
import { PrincipalSearch } from "../access-control/principal-search.tsx";
import { groupsPath } from "./group-list.tsx";

const columns: readonly Column<DirectoryObject>[] = [
  { name: "name", label: "Name", text: ({ displayName }) => displayName },
  { name: "type", label: "Type", text: (member) => kindLabels[kindOf(member)] },
  { name: "detail", label: "User principal name or id", text: subtitleOf },
];

export function Page() {
  const { group = "" } = useParams({ strict: false }) as { group?: string };
  const path = `groups/${group}`;
  const { data: about } = useQuery(directoryObjectQuery<DirectoryObject>(path));
  const members = useQuery(directoryQuery(`${path}/members`));
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isAdding, setAdding] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const { addition, removal, deletion } = useGroupTasks(path);
  return (
    <PageFrame
      title={`${about?.displayName ?? "Group"} | Members`}
      crumbs={[
        { label: "Home", to: "/" },
        { label: "Groups", to: groupsPath },
      ]}
      commands={
        <>
          <CommandButton icon={<AddRegular />} onClick={() => setAdding(true)}>
            Add members
          </CommandButton>
          <CommandButton
            icon={<SubtractRegular />}
            disabledReason={selected.size === 0 ? "Select members first." : undefined}
            onClick={() => removal.mutate(selected)}
          >
            Remove
          </CommandButton>
          <CommandButton icon={<DeleteRegular />} onClick={() => setDeleting(true)}>
            Delete group
          </CommandButton>
        </>
      }
    >
      <Grid
        label="Members"
        columns={columns}
        {...rowsOf(members)}
        rowKey={({ id }) => id}
        empty="Nobody is in it yet: choose Add members."
        selection={{ keys: selected, onChange: setSelected }}
      />
      <Panel title="Add members" isOpen={isAdding} onClose={() => setAdding(false)}>
        {isAdding && (
          <PrincipalSearch
            kind="principal"
            chosen={[group, ...(members.data ?? []).map(({ id }) => id)]}
            onChoose={(found) => addition.mutate(found)}
          />
        )}
      </Panel>
      <Confirm
        isOpen={isDeleting}
        title={`Delete group '${about?.displayName ?? ""}'?`}
        verb="Delete"
        isBusy={deletion.isPending}
        onConfirm={() => deletion.mutate(undefined)}
        onClose={() => setDeleting(false)}
      >
        What its members may do through it ends at once.
      </Confirm>
    </PageFrame>
  );
}

function useGroupTasks(path: string) {
  const go = useGo();
  const addition = useMemberTask({
    verb: "added",
    run: ({ id }: DirectoryObject) =>
      call(graph, {
        method: "POST",
        path: `/${path}/members/$ref`,
        body: { "@odata.id": `${location.origin}/graph/v1.0/directoryObjects/${id}` },
      }),
  });
  const removal = useMemberTask({
    verb: "removed",
    run: async (ids: ReadonlySet<string>) => {
      for (const id of ids) {
        await call(graph, { method: "DELETE", path: `/${path}/members/${id}/$ref` });
      }
    },
  });
  const deletion = useTask({
    run: () => call(graph, { method: "DELETE", path: `/${path}` }),
    done: () => "Group deleted",
    failed: () => "The group could not be deleted",
    changes: [["graph"]],
    onDone: () => go(groupsPath),
  });
  return { addition, removal, deletion };
}

function useMemberTask<Input>({
  verb,
  run,
}: {
  verb: "added" | "removed";
  run(input: Input): Promise<unknown>;
}) {
  return useTask({
    run,
    done: () => `Members ${verb}`,
    failed: () => `Members could not be ${verb}`,
    changes: [["graph", "groups"]],
  });
}
