// The activity log of the whole subscription, from the navigation.

import { Spinner } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { subscriptionsQuery } from "../../api/resource.ts";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";
import { ActivityLog } from "./list.tsx";

export function Page() {
  const { data, error, refetch } = useQuery(subscriptionsQuery);
  const subscription = data?.[0];
  return (
    <PageFrame
      title="Activity log"
      crumbs={[{ label: "Home", to: "/" }]}
      description={subscription && `Subscription ${subscription.displayName}`}
    >
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Spinner label="Loading" />}
      {data?.length === 0 && <p>There is no subscription that you may see.</p>}
      {subscription && <ActivityLog scope={subscription.id} />}
    </PageFrame>
  );
}
