// Home of Azure Machine Learning studio: what the workspace is and what is in it.

import { useQuery } from "@tanstack/react-query";
import { nameOf } from "../api/scope.ts";
import { Essentials } from "../control/essentials.tsx";
import { Link } from "../control/link.tsx";
import { PageFrame } from "../control/page-frame.tsx";
import { Problem } from "../control/problem.tsx";
import { computesQuery, linksQuery, useWorkspace, useWorkspaceAddress } from "./workspace.ts";

export function Page() {
  const { workspace, id, path } = useWorkspaceAddress();
  const { data, error, refetch } = useWorkspace();
  const links = useQuery(linksQuery(id));
  const computes = useQuery(computesQuery(id));
  if (error) {
    return (
      <PageFrame title={workspace}>
        <Problem error={error} onRetry={() => void refetch()} />
      </PageFrame>
    );
  }
  const { storageAccount, keyVault, workspaceId, publicNetworkAccess, description } =
    data?.properties ?? {};
  return (
    <PageFrame title={workspace} description={description || "Azure Machine Learning workspace"}>
      <Essentials
        label="Essentials"
        entries={[
          ["Resource id", id],
          ["Workspace id", workspaceId],
          ["Location", data?.location],
          ["Managed identity", data?.identity?.principalId],
          ["Storage account", nameOf(storageAccount)],
          ["Key vault", nameOf(keyVault)],
          ["Public network access", publicNetworkAccess],
          [
            "Linked services",
            <Link key="links" to={`${path}/linked-services`}>
              {countOf(links.data)}
            </Link>,
          ],
          [
            "Attached computes",
            <Link key="computes" to={`${path}/compute`}>
              {countOf(computes.data)}
            </Link>,
          ],
          [
            "Link map",
            <Link key="map" to="/map">
              Both workspaces as a picture
            </Link>,
          ],
        ]}
      />
    </PageFrame>
  );
}

function countOf(items: readonly unknown[] | undefined): string {
  return items === undefined ? "Loading" : String(items.length);
}
