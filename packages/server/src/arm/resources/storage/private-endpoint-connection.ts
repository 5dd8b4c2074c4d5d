// Private endpoint connections of a storage account: whoever owns the account approves or rejects
// them. A managed private endpoint writes the pending one (`{account}/privateEndpointConnections/{guid}`).

import { defineResource } from "@callosum/contract/resource.ts";
import { privateEndpointConnection } from "../../private-endpoint-connection.ts";
import { storageApiVersions } from "./api-version.ts";
import { storageFail } from "./error-catalogue.ts";

export const storagePrivateEndpointConnection = defineResource({
  ...privateEndpointConnection({
    type: "Microsoft.Storage/storageAccounts/privateEndpointConnections",
    target: "a storage account",
    missing: ({ name }) =>
      storageFail.ContainerInvalidRequest({
        reason: `There is no private endpoint connection '${name}': a connection is made by a private endpoint, and only its state can be changed here.`,
      }),
  }),
  source: "OpenAPI storage 2023-05-01, PrivateEndpointConnections",
  apiVersions: storageApiVersions,
  show: ({ resource }) => {
    const { privateLinkServiceConnectionState: state, ...properties } = resource.properties;
    const { actionsRequired, ...said } = (state ?? {}) as Record<string, unknown>;
    // The provider's own spelling is the singular; the plural is what other services read.
    return {
      ...properties,
      privateLinkServiceConnectionState: { ...said, actionRequired: actionsRequired ?? "None" },
    };
  },
});
