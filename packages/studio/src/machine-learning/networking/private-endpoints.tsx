// Networking → Private endpoints: who asks to reach this workspace privately; its owner approves or
// rejects (features.md C-06).

import { PageFrame } from "../../control/page-frame.tsx";
import { PrivateEndpointConnections } from "../../control/private-endpoint.tsx";
import { crumbsOf, useWorkspaceAddress } from "../workspace.ts";

export function Page() {
  const address = useWorkspaceAddress();
  return (
    <PageFrame
      title="Networking"
      crumbs={crumbsOf(address)}
      description="Private endpoints that lead to this workspace. Only approved ones carry traffic."
    >
      <PrivateEndpointConnections resourceId={address.id} />
    </PageFrame>
  );
}
