// The pair as a template of Azure Resource Manager: names and region are parameters, ids are made of
// them, so that it makes the same pair anywhere, in one resource group.

import type { RoleAssignment } from "@callosum/sdk/role-assignment.ts";
import { type FoundPair, type FoundResource, groupOf, ownPrincipal } from "./collect.ts";
import { topTypes } from "./exported-type.ts";

type Json = Record<string, unknown>;

const schemas = "https://schema.management.azure.com/schemas/2019-04-01";

export interface PairTemplate {
  readonly template: Json;
  readonly parameters: Json;
  /** Parameters without a value: whoever deploys gives them. */
  readonly secrets: readonly string[];
}

interface Rendering {
  readonly byId: ReadonlyMap<string, FoundResource>;
  readonly byPrincipal: ReadonlyMap<string, FoundResource>;
  readonly location: string;
  readonly lakes: ReadonlyMap<string, FoundResource>;
}

const passwordName = "sqlAdministratorLoginPassword";

export function renderPair({ resources, assignments }: FoundPair): PairTemplate {
  const tops = resources.filter(({ parent }) => parent === undefined);
  const rendering: Rendering = {
    byId: new Map(resources.map((each) => [each.resource.id.toLowerCase(), each])),
    byPrincipal: new Map(
      resources.flatMap((each) => {
        const principal = ownPrincipal(each);
        return principal === undefined ? [] : [[principal.toLowerCase(), each] as const];
      }),
    ),
    location: tops[0]?.resource.location ?? "",
    lakes: new Map(
      tops
        .filter(({ exported }) => exported === topTypes.storageAccount)
        .map((each) => [each.resource.name.toLowerCase(), each]),
    ),
  };
  const names = tops.map(({ parameter, resource }) => [parameter, resource.name] as const);
  const values = [["location", rendering.location] as const, ...names];
  return {
    template: {
      $schema: `${schemas}/deploymentTemplate.json#`,
      contentVersion: "1.0.0.0",
      parameters: {
        ...Object.fromEntries(
          values.map(([name, defaultValue]) => [name, { type: "string", defaultValue }]),
        ),
        [passwordName]: {
          type: "secureString",
          metadata: { description: "Password of the SQL administrator of the Synapse workspace." },
        },
      },
      resources: [
        ...resources.map((each) => resourceOf(each, rendering)),
        ...assignments.map((each) => assignmentOf(each, rendering)),
      ],
      outputs: outputsOf(resources),
    },
    parameters: {
      $schema: `${schemas}/deploymentParameters.json#`,
      contentVersion: "1.0.0.0",
      parameters: Object.fromEntries(values.map(([name, value]) => [name, { value }])),
    },
    secrets: [passwordName],
  };
}

/** `resourceId('Type/child', parameters('parentName'), 'child')`, without brackets. */
function idOf(found: FoundResource): string {
  const { exported, resource, parent } = found;
  const names = parent ? namesBelow(parent, resource.id) : [];
  const own = parent ? `parameters('${parent.parameter}')` : `parameters('${found.parameter}')`;
  return `resourceId('${exported.type}', ${[own, ...names.map(quoted)].join(", ")})`;
}

/** Names of a child below its parent: `default`, `container1`. */
function namesBelow({ resource }: FoundResource, id: string): string[] {
  const segments = id.slice(resource.id.length + 1).split("/");
  return segments.filter((_, index) => index % 2 === 1);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function nameOf(found: FoundResource): string {
  const { parent, resource } = found;
  if (!parent) return `[parameters('${found.parameter}')]`;
  const below = namesBelow(parent, resource.id).join("/");
  return `[format('{0}/{1}', parameters('${parent.parameter}'), ${quoted(below)})]`;
}

function resourceOf(found: FoundResource, rendering: Rendering): Json {
  const { exported, resource, parent } = found;
  const needed = new Set<string>(parent ? [idOf(parent)] : []);
  const convert = (value: unknown) => converted(value, { rendering, needed });
  const { location, tags, identity, sku, kind } = resource;
  const envelope: Json = {
    location: location === rendering.location ? "[parameters('location')]" : location,
    tags: tags && Object.keys(tags).length > 0 ? convert(tags) : undefined,
    identity: identityOf(identity, convert),
    sku: skuOf(sku),
    kind,
  };
  const kept = exported.envelope.filter((name) => envelope[name] !== undefined);
  const properties = { ...chosen(found, convert), ...ownProperties(found, rendering, needed) };
  return {
    type: exported.type,
    apiVersion: exported.apiVersion,
    name: nameOf(found),
    ...Object.fromEntries(kept.map((name) => [name, envelope[name]])),
    properties,
    ...(needed.size === 0 ? {} : { dependsOn: [...needed].map((id) => `[${id}]`) }),
  };
}

/** What is set; empty texts and nulls say nothing. */
function chosen({ exported, resource }: FoundResource, convert: (value: unknown) => unknown): Json {
  const entries = exported.members
    .map((name) => [name, resource.properties[name]] as const)
    .filter(([, value]) => value !== undefined && value !== null && value !== "");
  return Object.fromEntries(entries.map(([name, value]) => [name, convert(value)]));
}

/** What is not taken over as it is: the lake's address, the vault's tenant, passwords. */
function ownProperties(found: FoundResource, rendering: Rendering, needed: Set<string>): Json {
  const { exported, resource } = found;
  if (exported === topTypes.keyVault) {
    return { tenantId: "[subscription().tenantId]", accessPolicies: [] };
  }
  if (exported !== topTypes.synapseWorkspace) return {};
  const own = { [passwordName]: `[parameters('${passwordName}')]` };
  const stored = resource.properties.defaultDataLakeStorage as Json;
  const name = /^https:\/\/([^./]+)\./.exec(String(stored.accountUrl))?.[1]?.toLowerCase() ?? "";
  const lake = rendering.lakes.get(name);
  if (!lake) return own;
  needed.add(idOf(lake));
  const accountUrl = `[format('https://{0}.dfs.{1}', parameters('${lake.parameter}'), environment().suffixes.storage)]`;
  const resourceId = stored.resourceId === undefined ? {} : { resourceId: `[${idOf(lake)}]` };
  const { filesystem } = stored;
  return { ...own, defaultDataLakeStorage: { accountUrl, filesystem, ...resourceId } };
}

function identityOf(
  identity: FoundResource["resource"]["identity"],
  convert: (value: unknown) => unknown,
): unknown {
  if (!identity || identity.type === "None") return undefined;
  const { type, userAssignedIdentities } = identity;
  if (!userAssignedIdentities) return { type };
  const empty = Object.fromEntries(Object.keys(userAssignedIdentities).map((id) => [id, {}]));
  return { type, userAssignedIdentities: convert(empty) };
}

/** The tier follows from the name, and some services refuse to be told. */
function skuOf(sku: unknown): unknown {
  const { name } = (sku ?? {}) as { name?: string };
  return name === undefined ? undefined : { name };
}

/** Ids of what is exported become expressions; a text that looks like one is kept as text. */
function converted(value: unknown, within: { rendering: Rendering; needed: Set<string> }): unknown {
  if (typeof value === "string") {
    const found = within.rendering.byId.get(value.toLowerCase());
    if (!found) return value.startsWith("[") && value.endsWith("]") ? `[${value}` : value;
    within.needed.add(idOf(found));
    return `[${idOf(found)}]`;
  }
  if (Array.isArray(value)) return value.map((item) => converted(item, within));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(
    entries.map(([name, item]) => [converted(name, within), converted(item, within)]),
  );
}

function assignmentOf(assignment: RoleAssignment, rendering: Rendering): Json {
  const { byId, byPrincipal } = rendering;
  const principal = byPrincipal.get(assignment.principalId.toLowerCase()) as FoundResource;
  const scope = byId.get(assignment.scope.toLowerCase());
  const role = assignment.roleDefinitionId.split("/").at(-1) ?? "";
  const scopeId = scope ? idOf(scope) : "resourceGroup().id";
  const needed = [principal, ...(scope ? [scope] : [])].map(idOf);
  return {
    type: "Microsoft.Authorization/roleAssignments",
    apiVersion: "2022-04-01",
    name: `[guid(${scopeId}, ${idOf(principal)}, '${role}')]`,
    ...(scope
      ? { scope: `[format('${scope.exported.type}/{0}', parameters('${scope.parameter}'))]` }
      : {}),
    properties: {
      roleDefinitionId: `[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${role}')]`,
      principalId: `[${principalOf(principal)}]`,
      principalType: "ServicePrincipal",
    },
    dependsOn: [...new Set(needed)].map((id) => `[${id}]`),
  };
}

function principalOf(found: FoundResource): string {
  const { apiVersion } = found.exported;
  if (found.exported === topTypes.userIdentity) {
    return `reference(${idOf(found)}, '${apiVersion}').principalId`;
  }
  return `reference(${idOf(found)}, '${apiVersion}', 'Full').identity.principalId`;
}

function outputsOf(resources: readonly FoundResource[]): Json {
  const rows = resources.flatMap((found): [string, string][] => {
    const { exported } = found;
    if (exported === topTypes.synapseWorkspace) return [["synapseWorkspaceId", idOf(found)]];
    if (exported === topTypes.mlWorkspace) return [["mlWorkspaceId", idOf(found)]];
    const isLink = exported.type.endsWith("/linkedServices");
    // As the published template for links names it.
    return isLink ? [["SaiPrincipalId", principalOf(found)]] : [];
  });
  return Object.fromEntries(
    rows.map(([name, value]) => [name, { type: "string", value: `[${value}]` }]),
  );
}

/** Where resources lie in several groups, the template brings them together. */
export function groupsOf({ resources }: FoundPair): string[] {
  return [...new Set(resources.map(({ resource }) => groupOf(resource.id)))];
}
