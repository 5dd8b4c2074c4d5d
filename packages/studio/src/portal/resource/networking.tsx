// Networking of a resource that private endpoints can reach.

import { Subtitle2 } from "@fluentui/react-components";
import { Essentials } from "../../control/essentials.tsx";
import { PrivateEndpointConnections } from "../../control/private-endpoint.tsx";
import { useScope } from "../../control/scope-path.ts";
import { ScopeFrame } from "../scope-frame.tsx";
import { useResource } from "./resource-type.ts";

export function Page() {
  const id = useScope();
  const { resource } = useResource(id);
  const access = resource?.properties?.publicNetworkAccess;
  return (
    <ScopeFrame id={id} section="networking">
      <Essentials
        label="Networking"
        entries={[["Public network access", String(access ?? "Enabled")]]}
      />
      <Subtitle2 as="h2">Private endpoint connections</Subtitle2>
      <PrivateEndpointConnections resourceId={id} />
    </ScopeFrame>
  );
}
