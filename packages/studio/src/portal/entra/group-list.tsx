// Groups of the directory: list, create, delete.

import { AddRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type DirectoryObject, directoryQuery } from "../../api/directory.ts";
import { call, graph } from "../../api/request.ts";
import { CommandButton } from "../../control/command-button.tsx";
import { type Field, useForm } from "../../control/form.ts";
import { FormPanel } from "../../control/form-panel.tsx";
import { type Column, Grid, rowsOf } from "../../control/grid.tsx";
import { Link } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { useTask } from "../../shell/notification.tsx";
import { entraCrumbs } from "./crumb.ts";

export const groupsPath = "/entra/groups";

const columns: readonly Column<DirectoryObject>[] = [
  {
    name: "name",
    label: "Name",
    text: ({ displayName }) => displayName,
    show: ({ id, displayName }) => <Link to={`${groupsPath}/${id}`}>{displayName}</Link>,
  },
  { name: "id", label: "Object ID", text: ({ id }) => id },
  { name: "type", label: "Group type", text: () => "Security" },
  { name: "description", label: "Description", text: ({ description }) => description ?? "" },
];

export function Page() {
  const groups = useQuery(directoryQuery("groups?$orderby=displayName"));
  const [isAdding, setAdding] = useState(false);
  return (
    <PageFrame
      title="Groups"
      crumbs={entraCrumbs}
      commands={
        <>
          <CommandButton icon={<AddRegular />} onClick={() => setAdding(true)}>
            New group
          </CommandButton>
          <RefreshButton onRefresh={groups.refetch} />
        </>
      }
    >
      <Grid
        label="Groups"
        columns={columns}
        {...rowsOf(groups)}
        rowKey={({ id }) => id}
        empty="There is no group yet: choose New group."
      />
      <NewGroup isOpen={isAdding} onClose={() => setAdding(false)} />
    </PageFrame>
  );
}

type Values = { readonly name: string; readonly description: string };

const initial: Values = { name: "", description: "" };
const fields: readonly Field<Values>[] = [
  { name: "name", label: "Group name", kind: "text", isRequired: true },
  { name: "description", label: "Group description", kind: "text" },
];

function NewGroup({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const form = useForm(initial, () => fields);
  const creation = useTask({
    run: ({ name, description }: Values) =>
      call(graph, {
        method: "POST",
        path: "/groups",
        body: {
          displayName: name.trim(),
          ...(description !== "" && { description }),
          mailEnabled: false,
          mailNickname: name.replaceAll(/[^A-Za-z0-9]/g, "") || "group",
          securityEnabled: true,
        },
      }),
    done: ({ name }) => `Group ${name} created`,
    failed: ({ name }) => `Group ${name} could not be created`,
    changes: [["graph"]],
    onDone: () => {
      form.reset();
      onClose();
    },
  });
  return (
    <FormPanel
      title="New group"
      verb="Create"
      isOpen={isOpen}
      form={form}
      fields={fields}
      task={creation}
      onClose={onClose}
    />
  );
}
