// Resource groups of every subscription.

import { AddRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import type { Resource } from "../../api/resource.ts";
import { CommandButton } from "../../control/command-button.tsx";
import { type Column, Grid, rowsOf } from "../../control/grid.tsx";
import { Link, useGo } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { groupsQuery } from "./group.ts";
import { nameColumn } from "./resource-column.tsx";

const columns: readonly Column<Resource>[] = [
  nameColumn,
  { name: "location", label: "Location", text: ({ location }) => location ?? "" },
  {
    name: "tags",
    label: "Tags",
    text: ({ tags = {} }) =>
      Object.entries(tags)
        .map(([name, value]) => `${name}: ${value}`)
        .join(", "),
  },
];

export function Page() {
  const go = useGo();
  const groups = useQuery(groupsQuery);
  return (
    <PageFrame
      title="Resource groups"
      crumbs={[{ label: "Home", to: "/" }]}
      commands={
        <>
          <CommandButton icon={<AddRegular />} onClick={() => go("/create/resource-group")}>
            Create
          </CommandButton>
          <RefreshButton onRefresh={groups.refetch} />
        </>
      }
    >
      <Grid
        label="Resource groups"
        columns={columns}
        {...rowsOf(groups)}
        rowKey={({ id }) => id}
        empty={
          <>
            There is no resource group that you may see. Everything lies in one:{" "}
            <Link to="/create/resource-group">Create a resource group</Link>
          </>
        }
      />
    </PageFrame>
  );
}
