// The directory administrators of a workspace and of its SQL endpoints. A new workspace has its
// creator in both; the SQL plane lets the latter in with a token.

import type { ArmResource } from "@callosum/contract/ports.ts";
import {
  defineResource,
  type Properties,
  type PutRequest,
  type ResourceContext,
} from "@callosum/contract/resource.ts";
import { childId, type ResourceId } from "@callosum/contract/resource-id.ts";
import { type Static, Type } from "typebox";
import { deletingBoth, startedBoth } from "./answer.ts";
import { synapseVersions } from "./api-version.ts";

const administratorName = "activeDirectory";

const AdministratorProperties = Type.Object({
  tenantId: Type.Optional(Type.String({ maxLength: 64 })),
  login: Type.Optional(Type.String({ maxLength: 256 })),
  administratorType: Type.Optional(Type.String({ maxLength: 64 })),
  sid: Type.String({ pattern: "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$" }),
});

const shared = {
  source: "OpenAPI synapse 2021-06-01, WorkspaceAadAdmins and WorkspaceSqlAadAdmins",
  apiVersions: synapseVersions,
  name: {
    pattern: /^activeDirectory$/i,
    rule: `There is one administrator; its name is '${administratorName}'.`,
  },
  location: "none",
  tags: false,
  properties: AdministratorProperties,
  methods: ["get", "put", "delete"],
  answers: { create: startedBoth, update: startedBoth, remove: deletingBoth },
  put: putAdministrator,
  examples: [
    {
      name: "administrator",
      resourceName: administratorName,
      properties: { login: "admins", sid: "11111111-2222-3333-4444-555555555555" },
    },
  ],
} as const;

export const administrator = defineResource({
  ...shared,
  type: "Microsoft.Synapse/workspaces/administrators",
  summary: "The directory administrator of the workspace",
});

export const sqlAdministrator = defineResource({
  ...shared,
  type: "Microsoft.Synapse/workspaces/sqlAdministrators",
  summary: "The directory administrator of the SQL endpoints",
});

async function putAdministrator({
  ctx,
  sent,
}: PutRequest<Static<typeof AdministratorProperties>>): Promise<Properties> {
  const { tenantId, login, administratorType, sid } = sent.properties;
  // Templates name the principal by its id alone.
  const found = login ? undefined : await ctx.directory.principal(sid.toLowerCase(), ctx.writer);
  return {
    tenantId: tenantId || ctx.directory.tenantId,
    login: login || (found?.userPrincipalName ?? found?.displayName ?? sid.toLowerCase()),
    administratorType: administratorType || "ActiveDirectory",
    sid: sid.toLowerCase(),
  };
}

/** Makes a principal both administrators of a new workspace. */
export async function putAdministrators(
  ctx: ResourceContext,
  principal: { objectId: string; login: string },
): Promise<void> {
  const properties = {
    tenantId: ctx.directory.tenantId,
    login: principal.login,
    administratorType: "ActiveDirectory",
    sid: principal.objectId,
  };
  for (const { type } of [administrator, sqlAdministrator]) {
    await ctx.put({ ...administratorOf(ctx.id, type), properties });
  }
}

function administratorOf(workspace: ResourceId, type: string): Omit<ArmResource, "properties"> {
  const id = childId(workspace, type.split("/").at(-1) ?? "", administratorName).text;
  return { id, name: administratorName, type };
}
