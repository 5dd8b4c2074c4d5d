// Users of the directory: list, create, delete.

import { AddRegular, DeleteRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type DirectoryObject, directoryQuery } from "../../api/directory.ts";
import { call, graph } from "../../api/request.ts";
import { CommandButton } from "../../control/command-button.tsx";
import { Confirm } from "../../control/confirm.tsx";
import { type Column, Grid, rowsOf } from "../../control/grid.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { useTask } from "../../shell/notification.tsx";
import { entraCrumbs } from "./crumb.ts";
import { NewUser } from "./new-user.tsx";

const columns: readonly Column<DirectoryObject>[] = [
  { name: "name", label: "Display name", text: ({ displayName }) => displayName },
  {
    name: "upn",
    label: "User principal name",
    text: ({ userPrincipalName }) => userPrincipalName ?? "",
  },
  { name: "id", label: "Object ID", text: ({ id }) => id },
];

export function Page() {
  const users = useQuery(directoryQuery("users?$orderby=displayName"));
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isAdding, setAdding] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const chosen = users.data?.filter(({ id }) => selected.has(id)) ?? [];
  const deletion = useDeletion(() => {
    setDeleting(false);
    setSelected(new Set());
  });
  return (
    <PageFrame
      title="Users"
      crumbs={entraCrumbs}
      commands={
        <>
          <CommandButton icon={<AddRegular />} onClick={() => setAdding(true)}>
            New user
          </CommandButton>
          <CommandButton
            icon={<DeleteRegular />}
            disabledReason={chosen.length === 0 ? "Select users first." : undefined}
            onClick={() => setDeleting(true)}
          >
            Delete
          </CommandButton>
          <RefreshButton onRefresh={users.refetch} />
        </>
      }
    >
      <Grid
        label="Users"
        columns={columns}
        {...rowsOf(users)}
        rowKey={({ id }) => id}
        empty="There is no user."
        selection={{ keys: selected, onChange: setSelected }}
      />
      <NewUser isOpen={isAdding} onClose={() => setAdding(false)} />
      <Confirm
        isOpen={isDeleting}
        title="Delete users?"
        verb="Delete"
        isBusy={deletion.isPending}
        onConfirm={() => deletion.mutate(chosen)}
        onClose={() => setDeleting(false)}
      >
        Their role assignments stay, and show 'Identity not found':
        <ul>
          {chosen.map(({ id, displayName }) => (
            <li key={id}>{displayName}</li>
          ))}
        </ul>
      </Confirm>
    </PageFrame>
  );
}

function useDeletion(onDone: () => void) {
  return useTask({
    run: async (users: readonly DirectoryObject[]) => {
      for (const { id } of users) await call(graph, { method: "DELETE", path: `/users/${id}` });
    },
    done: () => "Users deleted",
    failed: () => "The users could not be deleted",
    changes: [["graph"]],
    onDone,
  });
}
