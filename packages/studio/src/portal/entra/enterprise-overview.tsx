// One service principal: its ids, and what it belongs to.

import { Spinner } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import {
  type DirectoryObject,
  directoryObjectQuery,
  identityResource,
  kindLabels,
  kindOf,
} from "../../api/directory.ts";
import { Essentials } from "../../control/essentials.tsx";
import { Link } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";
import { scopePath } from "../../control/scope-path.ts";
import { enterprisePath } from "./enterprise-list.tsx";

export function Page() {
  const { principal = "" } = useParams({ strict: false }) as { principal?: string };
  const { data, error, refetch } = useQuery(
    directoryObjectQuery<DirectoryObject>(`servicePrincipals/${principal}`),
  );
  const resource = data && identityResource(data);
  return (
    <PageFrame
      title={data?.displayName ?? "Enterprise application"}
      crumbs={[
        { label: "Home", to: "/" },
        { label: "Enterprise applications", to: enterprisePath },
      ]}
    >
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Spinner label="Loading" />}
      {data && (
        <Essentials
          label="Properties"
          entries={[
            ["Name", data.displayName],
            ["Type", kindLabels[kindOf(data)]],
            ["Application ID", data.appId ?? ""],
            ["Object ID", data.id],
            ["Enabled for users to sign-in?", data.accountEnabled === false ? "No" : "Yes"],
            [
              "Resource",
              resource ? (
                <Link key="resource" to={scopePath("overview", resource)}>
                  {resource}
                </Link>
              ) : (
                ""
              ),
            ],
          ]}
        />
      )}
    </PageFrame>
  );
}
