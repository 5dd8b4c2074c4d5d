// The roles that can be assigned at a scope, and what each allows.

import { Link as FluentLink } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { CodeEditor } from "../../control/code-editor.tsx";
import { type Column, Grid, rowsOf } from "../../control/grid.tsx";
import { Panel } from "../../control/panel.tsx";
import { type RoleDefinition, rolesQuery } from "./role.ts";

export const roleColumns: readonly Column<RoleDefinition>[] = [
  { name: "name", label: "Name", width: "28%", text: ({ properties }) => properties.roleName },
  { name: "description", label: "Description", text: ({ properties }) => properties.description },
  {
    name: "type",
    label: "Type",
    width: "120px",
    text: ({ properties }) => properties.type,
  },
];

export function Roles({ scope }: { scope: string }) {
  const roles = useQuery(rolesQuery(scope));
  const [shown, setShown] = useState<RoleDefinition>();
  const columns: readonly Column<RoleDefinition>[] = [
    ...roleColumns,
    {
      name: "details",
      label: "Details",
      width: "90px",
      text: () => "View",
      show: (role) => (
        <FluentLink
          as="button"
          aria-label={`View ${role.properties.roleName}`}
          onClick={() => setShown(role)}
        >
          View
        </FluentLink>
      ),
    },
  ];
  return (
    <>
      <Grid
        label="Roles"
        columns={columns}
        {...rowsOf(roles)}
        rowKey={({ id }) => id}
        empty="No role can be assigned here."
      />
      <Panel
        title={shown?.properties.roleName ?? ""}
        isOpen={shown !== undefined}
        size="large"
        onClose={() => setShown(undefined)}
      >
        <p>{shown?.properties.description}</p>
        <CodeEditor
          label="Permissions of the role"
          language="json"
          isReadOnly
          height="60vh"
          value={JSON.stringify(shown?.properties.permissions ?? [], null, 2)}
        />
      </Panel>
    </>
  );
}
