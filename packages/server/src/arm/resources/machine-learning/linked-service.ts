// The link from a machine learning workspace to a Synapse workspace, with an identity of its own that
// submits work there. `callosum link` and SDK v1 (`LinkedService.register`) make it.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { defineResource, type Properties, type PutRequest } from "@callosum/contract/resource.ts";
import { type Static, Type } from "typebox";
import { invalidProperty } from "./invalid-property.ts";
import {
  computeType,
  dependingComputes,
  linkedServiceType,
  requireIdOf,
  synapseWorkspaceType,
} from "./synapse-target.ts";
import { offsetTime } from "./time.ts";

const target = "properties.linkedServiceResourceId";

const LinkedServiceProperties = Type.Object({
  linkedServiceResourceId: Type.String({ minLength: 1, maxLength: 2048 }),
  linkType: Type.Enum(["Synapse"], { default: "Synapse" }),
});

type Sent = Static<typeof LinkedServiceProperties>;

interface Stored extends Properties, Sent {
  readonly createdTime: string;
}

export const linkedService = defineResource({
  type: linkedServiceType,
  source: "protocols.md 1.1-1.3; features.md D-03 to D-08",
  summary: "A link to a Synapse workspace",
  apiVersions: ["2020-04-01-preview", "2020-09-01-preview"],
  name: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,32}$/,
    rule: "A link's name has 3 to 33 letters, digits, '-' and '_', and starts with a letter or digit.",
  },
  location: "optional",
  tags: false,
  identity: ["SystemAssigned", "UserAssigned"],
  identityDefault: "SystemAssigned",
  identityName: (id) => id.names.join("/linkedServices/"),
  properties: LinkedServiceProperties,
  methods: ["get", "list", "put", "delete"],
  answers: { create: { status: 200 }, update: { status: 200 }, remove: { status: 200 } },
  put: putLink,
  async remove({ ctx, resource }) {
    const workspaceKey = String(resource.properties.linkedServiceResourceId).toLowerCase();
    const parent = ctx.id.key.slice(0, ctx.id.key.lastIndexOf("/linkedservices/"));
    const depending = dependingComputes({
      computes: await ctx.children(parent, computeType),
      links: await ctx.children(parent, linkedServiceType),
      linkId: resource.id,
      workspaceKey,
    });
    if (depending.length === 0) return;
    if (ctx.query.get("cascade")?.toLowerCase() !== "true") {
      const names = depending.map(({ name }) => `'${name}'`).join(", ");
      throw fail.Conflict({
        reason: `The linked service '${resource.name}' is used by attached Spark pools that have no identity of their own: ${names}. Detach them first, give them an identity, or repeat the request with cascade=true to detach them with the link.`,
        target: "cascade",
      });
    }
    for (const compute of depending) await ctx.remove(compute.id);
  },
  examples: [
    {
      name: "link",
      resourceName: "link1",
      identity: { type: "SystemAssigned" },
      properties: {
        linkedServiceResourceId:
          "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Synapse/workspaces/example-workspace",
      },
    },
  ],
});

async function putLink({ ctx, sent, existing, identity }: PutRequest<Sent>): Promise<Properties> {
  const { linkedServiceResourceId: text, linkType } = sent.properties;
  if (identity?.principalId === undefined) {
    const reason = "a link has a system-assigned identity of its own: say SystemAssigned";
    throw invalidProperty("identity.type", reason);
  }
  const wanted = requireIdOf(synapseWorkspaceType, { text, target });
  const stored = existing?.properties as Stored | undefined;
  if (stored && stored.linkedServiceResourceId.toLowerCase() !== wanted.key) {
    // The identity holds rights in the workspace that it was made for.
    throw fail.PropertyChangeNotAllowed({
      property: target,
      why: "unregister the link and register another; its identity goes with it",
      target,
    });
  }
  // Linking lets this workspace submit work to the other: only its Owner has both rights. Authorized
  // before looking, so that missing and invisible answer alike.
  await ctx.authorizeLinked(
    ["Microsoft.Authorization/roleAssignments/write", "Microsoft.Synapse/workspaces/write"],
    wanted.text,
  );
  const workspace = await ctx.get(wanted.key);
  if (!workspace) {
    throw invalidProperty(target, `the Synapse workspace '${wanted.text}' does not exist`);
  }
  const now = offsetTime(ctx.clock.now());
  return {
    createdTime: stored?.createdTime ?? now,
    modifiedTime: now,
    linkedServiceResourceId: workspace.id,
    linkType,
  };
}
