// Synapse workspaces. The network's rules are in workspace-network.ts, the SQL login's in
// sql-login.ts; the workspace's own endpoint is the artifacts plane.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ArmResource, DirectoryPrincipal } from "@callosum/contract/ports.ts";
import {
  defineResource,
  type Properties,
  type PutRequest,
  type ResourceContext,
  refuseAction,
} from "@callosum/contract/resource.ts";
import { parseResourceId } from "@callosum/contract/resource-id.ts";
import { putAdministrators } from "./administrator.ts";
import { deletingBoth } from "./answer.ts";
import { synapseVersions } from "./api-version.ts";
import { replaceAllFirewallRules } from "./firewall-rule-replacement.ts";
import {
  keepSqlPassword,
  requireSqlLogin,
  requireSqlPassword,
  sqlLoginDefault,
} from "./sql-login.ts";
import { resolveNetwork } from "./workspace-network.ts";
import { refuseUnrun, WorkspaceProperties, type WorkspaceSent } from "./workspace-property.ts";

/** Synapse Administrator: the creator and the workspace's identity get it (protocols.md 5.2). */
const administratorRole = "6e4bf58a-b8e1-4cc3-bbf9-d73143322b78";
const connectionType = "Microsoft.Synapse/workspaces/privateEndpointConnections";

export const synapseWorkspace = defineResource({
  type: "Microsoft.Synapse/workspaces",
  source: "protocols.md 5.1",
  summary: "A Synapse workspace",
  apiVersions: synapseVersions,
  name: {
    pattern: /^(?!.*-ondemand$)[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/,
    rule: "A workspace's name has 1 to 50 lower-case letters, digits and hyphens, starts and ends with a letter or digit, and does not end with '-ondemand'.",
  },
  location: "required",
  tags: true,
  identity: ["None", "SystemAssigned", "UserAssigned"],
  properties: WorkspaceProperties,
  endpoint: "synapse",
  answers: {
    create: { status: 201, headers: ["Azure-AsyncOperation"], accepted: "Provisioning" },
    update: { status: 200, headers: ["Azure-AsyncOperation"], accepted: "Updating" },
    // Recorded: azure-cli's test_user_assigned_identity_id_workspace; its client refuses a 202.
    patch: { status: 200 },
    remove: deletingBoth,
  },
  put: putWorkspace,
  async created({ ctx, resource }) {
    const { initialWorkspaceAdminObjectId } = resource.properties.cspWorkspaceAdminProperties as {
      initialWorkspaceAdminObjectId: string;
    };
    const admin = await makeAdministrator(ctx, initialWorkspaceAdminObjectId);
    const login = admin?.userPrincipalName ?? admin?.displayName ?? initialWorkspaceAdminObjectId;
    await putAdministrators(ctx, { objectId: initialWorkspaceAdminObjectId, login });
    const own = resource.identity?.principalId;
    if (own !== undefined) await makeAdministrator(ctx, own);
  },
  async show({ resource, children }) {
    const connections = await children(resource.id, connectionType);
    return {
      ...resource.properties,
      connectivityEndpoints: connectivityEndpoints(resource),
      privateEndpointConnections: connections.map(({ id, name, type, properties }) => ({
        id,
        name,
        type,
        properties,
      })),
    };
  },
  actions: {
    replaceAllIpFirewallRules: replaceAllFirewallRules,
    checkDefaultStorageAccountStatus: refuseAction({
      what: "The check of the default data lake",
      source: "OpenAPI synapse 2021-06-01-preview, workspace",
      reason: "the lake is asked when it is used",
    }),
  },
  examples: [
    {
      name: "workspace",
      resourceName: "example-workspace",
      location: "westeurope",
      identity: { type: "SystemAssigned" },
      properties: {
        defaultDataLakeStorage: {
          accountUrl: "https://examplelake.dfs.core.windows.net",
          filesystem: "workspace",
        },
        sqlAdministratorLogin: "sqladminuser",
        sqlAdministratorLoginPassword: "Example-passw0rd",
      },
    },
  ],
});

async function putWorkspace(request: PutRequest<WorkspaceSent>): Promise<Properties> {
  const { ctx, sent, existing, identity } = request;
  const { properties } = sent;
  refuseUnrun(properties);
  requireKeptIdentity(request);
  if (existing) requireUnchanged(properties, existing.properties as WorkspaceSent);
  const stored = existing?.properties as (WorkspaceSent & Properties) | undefined;
  const login = await resolveSqlLogin(ctx, properties, stored?.sqlAdministratorLogin);
  const own = identity?.principalId;
  if (existing && own !== undefined && own !== existing.identity?.principalId) {
    await makeAdministrator(ctx, own);
  }
  return {
    ...(stored ?? (await fixedAtCreation(ctx, properties))),
    ...resolveNetwork(properties, stored),
    defaultDataLakeStorage: lake(properties, stored),
    ...(login === undefined ? {} : { sqlAdministratorLogin: login }),
    publicNetworkAccess: properties.publicNetworkAccess ?? stored?.publicNetworkAccess ?? "Enabled",
    azureADOnlyAuthentication:
      properties.azureADOnlyAuthentication ?? stored?.azureADOnlyAuthentication ?? false,
    trustedServiceBypassEnabled:
      properties.trustedServiceBypassEnabled ?? stored?.trustedServiceBypassEnabled ?? false,
    provisioningState: "Succeeded",
  };
}

/** The workspace's identity comes once and goes with the workspace (features.md B-03). */
function requireKeptIdentity({ sent, existing, partial }: PutRequest<WorkspaceSent>): void {
  if (existing?.identity?.principalId === undefined) return;
  const keeps = sent.identity?.type.includes("SystemAssigned") ?? partial;
  if (keeps) return;
  throw fail.PropertyChangeNotAllowed({
    property: "identity",
    why: "the workspace has a managed identity; say SystemAssigned, it is removed with the workspace only",
    target: "identity",
  });
}

/** What is settled at creation may be said again, not otherwise. */
function requireUnchanged(sent: WorkspaceSent, stored: WorkspaceSent): void {
  const rows = [
    ["managedResourceGroupName", sent.managedResourceGroupName, stored.managedResourceGroupName],
    [
      "cspWorkspaceAdminProperties.initialWorkspaceAdminObjectId",
      sent.cspWorkspaceAdminProperties?.initialWorkspaceAdminObjectId,
      stored.cspWorkspaceAdminProperties?.initialWorkspaceAdminObjectId,
    ],
  ] as const;
  for (const [name, wanted, known] of rows) {
    if (!wanted || wanted.toLowerCase() === known?.toLowerCase()) continue;
    const target = `properties.${name}`;
    throw fail.PropertyChangeNotAllowed({ property: target, target });
  }
}

async function fixedAtCreation(ctx: ResourceContext, sent: WorkspaceSent): Promise<Properties> {
  const admin = sent.cspWorkspaceAdminProperties?.initialWorkspaceAdminObjectId;
  if (admin !== undefined && !(await ctx.directory.principal(admin.toLowerCase(), ctx.writer))) {
    const target = "properties.cspWorkspaceAdminProperties.initialWorkspaceAdminObjectId";
    const reason = `there is no principal '${admin}' in the directory`;
    throw fail.InvalidParameter({ parameter: target, reason, target });
  }
  return {
    encryption: { doubleEncryptionEnabled: false },
    managedResourceGroupName:
      sent.managedResourceGroupName || `synapseworkspace-managedrg-${ctx.random.guid()}`,
    workspaceUID: ctx.random.guid(),
    extraProperties: { WorkspaceType: "Normal", IsScopeEnabled: false },
    cspWorkspaceAdminProperties: {
      initialWorkspaceAdminObjectId: admin?.toLowerCase() ?? ctx.principal.objectId,
    },
    settings: {},
  };
}

/** Required at creation; afterwards only what is sent again must be the same. */
function lake(sent: WorkspaceSent, stored: WorkspaceSent | undefined): Properties {
  const wanted = sent.defaultDataLakeStorage;
  const known = stored?.defaultDataLakeStorage;
  const target = "properties.defaultDataLakeStorage";
  const accountUrl = (wanted?.accountUrl ?? known?.accountUrl)?.replace(/\/$/, "");
  const filesystem = wanted?.filesystem ?? known?.filesystem;
  if (accountUrl === undefined || filesystem === undefined) {
    const reason = "accountUrl and filesystem of the default data lake are required";
    throw fail.InvalidParameter({ parameter: target, reason, target });
  }
  if (known && (accountUrl !== known.accountUrl || filesystem !== known.filesystem)) {
    throw fail.PropertyChangeNotAllowed({ property: target, target });
  }
  const resourceId = wanted?.resourceId ?? known?.resourceId;
  const createManagedPrivateEndpoint =
    known?.createManagedPrivateEndpoint ?? wanted?.createManagedPrivateEndpoint;
  return {
    accountUrl,
    filesystem,
    ...(resourceId ? { resourceId: accountId(resourceId) } : {}),
    ...(createManagedPrivateEndpoint === undefined ? {} : { createManagedPrivateEndpoint }),
  };
}

function accountId(resourceId: string): string {
  const id = parseResourceId(resourceId);
  if (id?.type.toLowerCase() === "microsoft.storage/storageaccounts") return id.text;
  const target = "properties.defaultDataLakeStorage.resourceId";
  const reason = `'${resourceId}' is not the id of a storage account`;
  throw fail.InvalidParameter({ parameter: target, reason, target });
}

/** The login, made up when none is named; its password is sealed when one is sent. */
async function resolveSqlLogin(
  ctx: ResourceContext,
  sent: WorkspaceSent,
  known: string | undefined,
): Promise<string | undefined> {
  const login = sent.sqlAdministratorLogin || known || sqlLoginDefault;
  if (known !== undefined && login !== known) {
    const target = "properties.sqlAdministratorLogin";
    throw fail.PropertyChangeNotAllowed({ property: target, target });
  }
  requireSqlLogin(login);
  const password = sent.sqlAdministratorLoginPassword;
  if (password) {
    requireSqlPassword(password, login);
    await keepSqlPassword(ctx, password);
  }
  return login;
}

async function makeAdministrator(
  ctx: ResourceContext,
  principalId: string,
): Promise<DirectoryPrincipal | undefined> {
  const found = await ctx.directory.principal(principalId, ctx.writer);
  const principalType =
    found === undefined || found.kind === "ManagedIdentity" ? "ServicePrincipal" : found.kind;
  await ctx.synapseRoles.assign(ctx.writer, {
    workspaceId: ctx.id.text,
    principalId,
    principalType,
    roleId: administratorRole,
    scope: `workspaces/${ctx.id.name}`,
  });
  return found;
}

/** Azure's own host names: they work through `exec` and the proxy. */
function connectivityEndpoints({ id, name }: ArmResource): Record<string, string> {
  return {
    web: `https://web.azuresynapse.net?workspace=${id.replaceAll("/", "%2f")}`,
    dev: `https://${name}.dev.azuresynapse.net`,
    sqlOnDemand: `${name}-ondemand.sql.azuresynapse.net`,
    sql: `${name}.sql.azuresynapse.net`,
  };
}
