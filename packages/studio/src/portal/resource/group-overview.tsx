// Overview of a resource group or a subscription: essentials and resources.

import { useQuery } from "@tanstack/react-query";
import type { Resource } from "../../api/resource.ts";
import { idPart } from "../../api/resource.ts";
import { isGroup } from "../../api/scope.ts";
import { Essentials } from "../../control/essentials.tsx";
import { Grid, rowsOf } from "../../control/grid.tsx";
import { Link } from "../../control/link.tsx";
import { membersQuery } from "./group.ts";
import { resourceColumns } from "./resource-column.tsx";

export function GroupOverview({ group, id }: { group: Resource; id: string }) {
  const members = useQuery(membersQuery(id));
  const createPath = isGroup(id) ? `/create?group=${encodeURIComponent(id)}` : "/create";
  return (
    <>
      <Essentials
        label="Essentials"
        entries={[
          ["Subscription ID", idPart(id, "subscriptions")],
          ...(isGroup(id) ? ([["Location", group.location]] as const) : []),
          ["Resource ID", id],
        ]}
      />
      <Grid
        label="Resources"
        columns={resourceColumns.filter(({ name }) => !isGroup(id) || name !== "group")}
        {...rowsOf(members)}
        rowKey={(resource) => resource.id}
        empty={
          <>
            There is nothing in it yet. <Link to={createPath}>Create a resource</Link>
          </>
        }
      />
    </>
  );
}
