// Who can use a linked service and why, assignment by assignment (design.md §6): what the link's
// identity may do with the target, and who in the workspace may list, open, change, delete and use it.

import type { AccessGrant, DirectoryPrincipal } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { Answer, Route } from "../http/route.ts";
import { assignmentsOf, requireText } from "./access-control/role-assignment.ts";
import { findArtifact } from "./artifact-document.ts";
import { artifactNotFound } from "./error-catalogue.ts";
import { linkedService } from "./kinds/linked-service.ts";
import { workspaceRoute } from "./route.ts";
import { artifactApiVersions, requireAction, type WorkspaceCall } from "./workspace.ts";

/** What somebody may want to do with a link, the Synapse action that it takes, and at which item. */
const tasks = [
  { task: "list", action: "read", at: "workspace" },
  { task: "open", action: "artifacts/read", at: "link" },
  { task: "publish", action: "linkedServices/write", at: "workspace" },
  { task: "delete", action: "linkedServices/delete", at: "workspace" },
  { task: "use", action: "", at: "credential" },
] as const;

/** What the link's identity needs of the target (features.md B-20). */
const targetActions = [
  "Microsoft.MachineLearningServices/workspaces/read",
  "Microsoft.MachineLearningServices/workspaces/experiments/runs/submit/action",
] as const;

export interface TaskExplanation {
  readonly task: string;
  readonly action: string;
  readonly scope: string;
  readonly allowed: boolean;
  /** Empty where an Azure role on the workspace allows it without a Synapse role. */
  readonly because: readonly AccessGrant[];
}

export interface Explanation {
  readonly linkedService: string;
  readonly type: string;
  readonly identity: {
    /** `secret`: a key or password that belongs to no principal. */
    readonly kind: "workspaceIdentity" | "servicePrincipal" | "secret";
    readonly principalId: string | null;
    readonly displayName: string | null;
  };
  readonly target: {
    readonly id: string;
    readonly access: readonly {
      readonly action: string;
      readonly allowed: boolean;
      readonly because: readonly AccessGrant[];
    }[];
  } | null;
  readonly principals: readonly {
    readonly principalId: string;
    readonly displayName: string;
    readonly kind: string;
    readonly tasks: readonly TaskExplanation[];
  }[];
}

interface LinkProperties {
  readonly type?: string;
  readonly typeProperties?: Readonly<Record<string, unknown>>;
}

/** `GET /callosum/explain?linkedService={name}`. */
export async function explainLink(opened: WorkspaceCall): Promise<Answer> {
  await requireAction(opened, "read");
  const { services, workspace, call } = opened;
  const name = requireText(call.query.get("linkedservice"), "linkedService");
  await requireAction(opened, "artifacts/read", `linkedServices/${name}`);
  const { read } = services.store;
  const found = await findArtifact(read, { workspace, definition: linkedService, name });
  if (!found) throw artifactNotFound({ ...linkedService, name, workspace });
  const properties = found.artifact.properties as LinkProperties;
  const identity = await identityOf(opened, properties);
  const explanation: Explanation = {
    linkedService: found.artifact.name,
    type: String(properties.type),
    identity: {
      kind: identity.kind,
      principalId: identity.principal?.objectId ?? null,
      displayName: identity.principal?.displayName ?? null,
    },
    target: await explainTarget(opened, { properties, principal: identity.principal }),
    principals: await explainPrincipals(opened, {
      name: found.artifact.name,
      usesIdentity: !hasInlineSecret(properties),
    }),
  };
  return { status: 200, body: explanation };
}

async function identityOf(opened: WorkspaceCall, { typeProperties = {} }: LinkProperties) {
  const { directory } = opened.services;
  const { servicePrincipalId } = typeProperties;
  if (typeof servicePrincipalId === "string") {
    const match = await directory.identify(servicePrincipalId);
    const objectId = match?.kind === "clientId" ? match.servicePrincipal?.objectId : undefined;
    const principal = objectId === undefined ? undefined : await directory.asPrincipal(objectId);
    return { kind: "servicePrincipal" as const, principal };
  }
  if (hasInlineSecret({ typeProperties })) return { kind: "secret" as const, principal: undefined };
  const principalId = opened.workspace.identity?.principalId;
  const principal =
    principalId === undefined ? undefined : await directory.asPrincipal(principalId);
  return { kind: "workspaceIdentity" as const, principal };
}

/** Kept with the link; everything else is had through the workspace's identity. */
function hasInlineSecret({ typeProperties = {} }: LinkProperties): boolean {
  const values = Object.values(typeProperties);
  return values.some((value) => (value as { type?: unknown } | null)?.type === "SecureString");
}

/** Only for links whose target is one resource, plainly named; grants to whoever may see them. */
async function explainTarget(
  opened: WorkspaceCall,
  options: { properties: LinkProperties; principal: Principal | undefined },
): Promise<Explanation["target"]> {
  const { properties, principal } = options;
  const { subscriptionId, resourceGroupName, mlWorkspaceName } = properties.typeProperties ?? {};
  const names = [subscriptionId, resourceGroupName, mlWorkspaceName];
  const isPlain = names.every((name) => typeof name === "string" && !name.includes("@"));
  if (properties.type !== "AzureMLService" || !isPlain) return null;
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}/providers/Microsoft.MachineLearningServices/workspaces/${mlWorkspaceName}`;
  const { authorizer } = opened.services;
  const seesGrants = await authorizer.allows(opened.principal, {
    action: "Microsoft.Authorization/roleAssignments/read",
    scope: id,
  });
  const access = [];
  for (const action of targetActions) {
    const because = principal ? await authorizer.grants(principal, { action, scope: id }) : [];
    access.push({ action, allowed: because.length > 0, because: seesGrants ? because : [] });
  }
  return { id, access };
}

async function explainPrincipals(
  opened: WorkspaceCall,
  link: { name: string; usesIdentity: boolean },
): Promise<Explanation["principals"]> {
  const { services } = opened;
  const assignments = await assignmentsOf(services.store.read, opened);
  const ids = [
    ...new Set(assignments.map(({ body }) => body.principalId)),
    opened.principal.objectId,
  ];
  const explained = [];
  for (const principalId of new Set(ids)) {
    const known = await services.directory.principal(principalId);
    if (!known) continue;
    const tasks = await explainTasks(opened, { known, link });
    const { displayName, kind } = known;
    explained.push({ principalId, displayName, kind, tasks });
  }
  return explained;
}

async function explainTasks(
  opened: WorkspaceCall,
  options: { known: DirectoryPrincipal; link: { name: string; usesIdentity: boolean } },
): Promise<TaskExplanation[]> {
  const { known, link } = options;
  const { services, workspace } = opened;
  const principal: Principal = (await services.directory.asPrincipal(known.objectId)) ?? {
    objectId: known.objectId,
    tenantId: services.tenantId,
    kind: "ServicePrincipal",
    appId: known.appId,
    userPrincipalName: known.userPrincipalName,
    displayName: known.displayName,
    groupIds: [],
  };
  const explained: TaskExplanation[] = [];
  for (const { task, action, at } of tasks) {
    const { item, needed } = placeOf({ action, at, link });
    const question = {
      workspaceId: workspace.id,
      action: `Microsoft.Synapse/workspaces/${needed}`,
      ...(item === undefined ? {} : { item }),
    };
    explained.push({
      task,
      action: question.action,
      scope: ["workspaces", workspace.name, ...(item === undefined ? [] : [item])].join("/"),
      allowed: await services.synapseRoles.allows(principal, question),
      because: await services.synapseRoles.grants(principal, question),
    });
  }
  return explained;
}

/** Using a link takes the right to its credential: the workspace's identity, or the link's own secret. */
function placeOf(options: {
  action: string;
  at: "workspace" | "link" | "credential";
  link: { name: string; usesIdentity: boolean };
}): { item: string | undefined; needed: string } {
  const { action, at, link } = options;
  if (at === "workspace") return { item: undefined, needed: action };
  const own = `linkedServices/${link.name}`;
  if (at === "link") return { item: own, needed: action };
  return link.usesIdentity
    ? { item: "credentials/WorkspaceSystemIdentity", needed: "credentials/useSecret/action" }
    : { item: own, needed: "linkedServices/useSecret/action" };
}

export function explainRoute(services: PlaneServices): Route {
  return workspaceRoute(services, {
    method: "GET",
    path: "/callosum/explain",
    source: "design.md §6",
    summary: "Who can use a linked service and why",
    action: "artifacts/read",
    apiVersions: artifactApiVersions,
    handle: explainLink,
  });
}
