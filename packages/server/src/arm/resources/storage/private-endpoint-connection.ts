// Private endpoint connections of a storage account: whoever owns the account approves or rejects
// them. A managed private endpoint writes the pending one (`{account}/privateEndpointConnections/{guid}`).

import { defineResource } from "@callosum/contract/resource.ts";
import { Type } from "typebox";
import { storageApiVersions } from "./api-version.ts";
import { storageFail } from "./error-catalogue.ts";

export const storagePrivateEndpointConnection = defineResource({
  type: "Microsoft.Storage/storageAccounts/privateEndpointConnections",
  source: "OpenAPI storage 2023-05-01, PrivateEndpointConnections",
  summary: "A private endpoint's connection to a storage account",
  apiVersions: storageApiVersions,
  name: {
    pattern: /^[A-Za-z0-9._-]{1,128}$/,
    rule: "A connection's name has up to 128 letters, digits, '.', '_' and '-'.",
  },
  location: "none",
  tags: false,
  properties: Type.Object({
    privateEndpoint: Type.Optional(Type.Object({ id: Type.Optional(Type.String()) })),
    privateLinkServiceConnectionState: Type.Object({
      status: Type.Enum(["Pending", "Approved", "Rejected"]),
      description: Type.Optional(Type.String({ maxLength: 256, default: "" })),
      actionRequired: Type.Optional(Type.String({ maxLength: 256 })),
      actionsRequired: Type.Optional(Type.String({ maxLength: 256 })),
    }),
  }),
  methods: ["get", "list", "put", "delete"],
  answers: { create: { status: 200 }, update: { status: 200 }, remove: { status: 200 } },
  put({ ctx, sent, existing }) {
    if (!existing) {
      throw storageFail.ContainerInvalidRequest({
        reason: `There is no private endpoint connection '${ctx.id.name}': a connection is made by a private endpoint, and only its state can be changed here.`,
      });
    }
    const { privateLinkServiceConnectionState: state } = sent.properties;
    const { actionRequired, actionsRequired = actionRequired ?? "None", ...said } = state;
    return {
      ...existing.properties,
      privateLinkServiceConnectionState: { ...said, actionsRequired },
      provisioningState: "Succeeded",
    };
  },
  show: ({ resource }) => {
    const { privateLinkServiceConnectionState: state, ...properties } = resource.properties;
    const { actionsRequired, ...said } = (state ?? {}) as Record<string, unknown>;
    // The provider's own spelling is the singular; the plural is what other services read.
    return {
      ...properties,
      privateLinkServiceConnectionState: { ...said, actionRequired: actionsRequired ?? "None" },
    };
  },
  examples: [],
});
