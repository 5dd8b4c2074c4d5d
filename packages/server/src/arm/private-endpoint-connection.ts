// What connections of private endpoints have in common, whatever they lead to: a managed private
// endpoint writes the pending one (`{target}/privateEndpointConnections/{guid}`), the target's owner
// approves or rejects it (features.md C-06).

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Properties, PutRequest } from "@callosum/contract/resource.ts";
import type { ResourceId } from "@callosum/contract/resource-id.ts";
import { type Static, Type } from "typebox";

const ConnectionProperties = Type.Object({
  privateLinkServiceConnectionState: Type.Object({
    status: Type.Enum(["Pending", "Approved", "Rejected"]),
    description: Type.Optional(Type.String({ maxLength: 256 })),
    // Storage spells it in the singular; the plural is what is stored.
    actionRequired: Type.Optional(Type.String({ maxLength: 256 })),
    actionsRequired: Type.Optional(Type.String({ maxLength: 256 })),
  }),
});

/** A definition but for what the provider says of its own; spread it into `defineResource`. */
export function privateEndpointConnection(own: {
  type: string;
  /** `a workspace` */
  target: string;
  /** The error for a connection that no private endpoint has made. */
  missing?(id: ResourceId): Error;
}) {
  const { type, target } = own;
  const notFound = (id: ResourceId) =>
    fail.ResourceNotFound({ type, name: id.names.join("/"), resourceGroup: id.resourceGroup });
  return {
    type,
    summary: `A private endpoint's connection to ${target}`,
    name: {
      pattern: /^[A-Za-z0-9._-]{1,128}$/,
      rule: "A connection's name has up to 128 letters, digits, '.', '_' and '-'.",
    },
    location: "none",
    tags: false,
    properties: ConnectionProperties,
    methods: ["get", "list", "put", "delete"],
    answers: { create: { status: 200 }, update: { status: 200 }, remove: { status: 200 } },
    put({ ctx, sent, existing }: PutRequest<Static<typeof ConnectionProperties>>): Properties {
      if (!existing) throw (own.missing ?? notFound)(ctx.id);
      const state = sent.properties.privateLinkServiceConnectionState;
      const { status, description = "", actionRequired } = state;
      const { actionsRequired = actionRequired ?? "None" } = state;
      return {
        ...existing.properties,
        privateLinkServiceConnectionState: { status, description, actionsRequired },
        provisioningState: "Succeeded",
      };
    },
    examples: [],
  } as const;
}
