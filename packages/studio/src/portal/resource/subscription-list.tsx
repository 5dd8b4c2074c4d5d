// Subscriptions, each with the way to its overview, access control and activity log.

import { useQuery } from "@tanstack/react-query";
import { subscriptionsQuery } from "../../api/resource.ts";
import { Grid, rowsOf } from "../../control/grid.tsx";
import { Link } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { scopePath } from "../../control/scope-path.ts";

export function Page() {
  const subscriptions = useQuery(subscriptionsQuery);
  return (
    <PageFrame title="Subscriptions" crumbs={[{ label: "Home", to: "/" }]}>
      <Grid
        label="Subscriptions"
        columns={[
          {
            name: "name",
            label: "Subscription name",
            text: ({ displayName }) => displayName,
            show: ({ id, displayName }) => (
              <Link to={scopePath("overview", id)}>{displayName}</Link>
            ),
          },
          { name: "id", label: "Subscription ID", text: ({ subscriptionId }) => subscriptionId },
          { name: "state", label: "Status", text: ({ state }) => state },
        ]}
        {...rowsOf(subscriptions)}
        rowKey={({ id }) => id}
        empty="There is no subscription that you may see."
      />
    </PageFrame>
  );
}
