// The resource hop: whether the AML workspace that the link names is there. Existence is told to whom
// the resource manager would tell it: the caller or the identity, whoever may read at that scope. A
// name that is nearly right is suggested from what they may see.

import type { ConnectorTest } from "@callosum/contract/connector.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type { VerdictHop } from "@callosum/contract/verdict.ts";
import { nearestName } from "../near-name.ts";
import { correctLink } from "./fix.ts";
import { failed, passed, skipped } from "./hop.ts";

const workspaceType = "Microsoft.MachineLearningServices/workspaces";
const groupType = "Microsoft.Resources/subscriptions/resourceGroups";
const subscriptionType = "Microsoft.Resources/subscriptions";

interface Wanted {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly mlWorkspaceName: string;
  /** Through whose eyes. */
  readonly lookers: readonly (Principal | undefined)[];
}

export interface Located {
  readonly id: string;
  /** Undefined when it is not there, or when nobody involved may know. */
  readonly resource: ArmResource | undefined;
  readonly finding: VerdictHop;
}

export async function locate(test: ConnectorTest, wanted: Wanted): Promise<Located> {
  const subscription = `/subscriptions/${wanted.subscriptionId}`;
  const group = `${subscription}/resourceGroups/${wanted.resourceGroupName}`;
  const id = `${group}/providers/${workspaceType}/${wanted.mlWorkspaceName}`;
  const { reader, resources } = test.ports;
  if (!(await reader.document(subscription.toLowerCase()))) {
    return { id, resource: undefined, finding: await noSubscription(test, wanted) };
  }
  const tells = (action: string, scope: string) => anyAllows(test, wanted, { action, scope });
  if (!(await reader.document(group.toLowerCase()))) {
    const finding = (await tells("Microsoft.Resources/subscriptions/resourceGroups/read", group))
      ? await noGroup(test, { wanted, subscription })
      : untold(id);
    return { id, resource: undefined, finding };
  }
  const resource = await resources.find(id);
  const isTold = await tells(`${workspaceType}/read`, id);
  if (!isTold) return { id, resource: undefined, finding: untold(id) };
  if (resource) {
    const finding = passed("resource", `The workspace '${resource.name}' exists.`);
    return { id: resource.id, resource, finding };
  }
  const finding = await noWorkspace(test, { wanted, subscription, group });
  return { id, resource: undefined, finding };
}

function untold(id: string): VerdictHop {
  return skipped(
    "resource",
    `Neither you nor the identity may see ${id}; whether it exists cannot be told.`,
    "targetNotVisible",
  );
}

async function anyAllows(
  test: ConnectorTest,
  { lookers }: Wanted,
  question: { action: string; scope: string },
): Promise<boolean> {
  for (const looker of lookers) {
    if (looker && (await test.ports.authorizer.allows(looker, question))) return true;
  }
  return false;
}

/** Those of the documents that somebody involved may read. */
async function visible<Item extends { readonly id: string }>(
  test: ConnectorTest,
  options: { wanted: Wanted; items: readonly Item[]; action: string },
): Promise<Item[]> {
  const { wanted, items, action } = options;
  const seen: Item[] = [];
  for (const item of items) {
    if (await anyAllows(test, wanted, { action, scope: item.id })) seen.push(item);
  }
  return seen;
}

interface Named {
  readonly id: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

async function listed(
  test: ConnectorTest,
  options: { wanted: Wanted; type: string; under?: string },
): Promise<Named[]> {
  const { wanted, type, under } = options;
  const documents = await test.ports.reader.documents<Named>({
    type,
    ...(under === undefined ? {} : { under: under.toLowerCase() }),
  });
  const items = documents.map(({ body }) => body);
  return visible(test, { wanted, items, action: `${type}/read` });
}

function notFound(
  test: ConnectorTest,
  options: {
    reason: string;
    message: string;
    property: keyof Omit<Wanted, "lookers">;
    value: string | undefined;
  },
): VerdictHop {
  const { reason, message, property, value } = options;
  const { servicePrincipalId } = test.typeProperties;
  return failed("resource", {
    code: "4124",
    reason,
    message: value === undefined ? message : `${message} Did you mean '${value}'?`,
    fault: { party: "linkedService" },
    ...(value === undefined
      ? { fix: { description: `Correct ${property} of the linked service.` } }
      : {
          fix: correctLink(test, {
            property: `typeProperties.${property}`,
            value,
            description: `Set ${property} to '${value}'.`,
            clientId: typeof servicePrincipalId === "string" ? servicePrincipalId : undefined,
          }),
        }),
  });
}

async function noSubscription(test: ConnectorTest, wanted: Wanted): Promise<VerdictHop> {
  const known = await listed(test, { wanted, type: subscriptionType });
  const meant = known.find(
    ({ properties }) =>
      String(properties.displayName ?? "").toLowerCase() === wanted.subscriptionId.toLowerCase(),
  );
  const ids = known.map(({ id }) => id.split("/")[2] ?? "");
  return notFound(test, {
    reason: "subscriptionNotFound",
    message: meant
      ? `subscriptionId is the name of a subscription, not its id: '${wanted.subscriptionId}'.`
      : `There is no subscription '${wanted.subscriptionId}'.`,
    property: "subscriptionId",
    value: meant?.id.split("/")[2] ?? nearestName(wanted.subscriptionId, ids) ?? onlyOne(ids),
  });
}

/** With a single candidate there is nothing to guess. */
function onlyOne(names: readonly string[]): string | undefined {
  return names.length === 1 ? names[0] : undefined;
}

async function noGroup(
  test: ConnectorTest,
  options: { wanted: Wanted; subscription: string },
): Promise<VerdictHop> {
  const { wanted, subscription } = options;
  const names = (await listed(test, { wanted, type: groupType, under: subscription })).map(
    ({ name }) => name,
  );
  const holders = await groupsWith(test, { wanted, subscription });
  return notFound(test, {
    reason: "resourceGroupNotFound",
    message: `There is no resource group '${wanted.resourceGroupName}' in the subscription.`,
    property: "resourceGroupName",
    value: onlyOne(holders) ?? nearestName(wanted.resourceGroupName, names),
  });
}

/** Groups of the subscription that have an AML workspace of the wanted name. */
async function groupsWith(
  test: ConnectorTest,
  options: { wanted: Wanted; subscription: string },
): Promise<string[]> {
  const { wanted, subscription } = options;
  const all = await listed(test, { wanted, type: workspaceType, under: subscription });
  return all
    .filter(({ name }) => name.toLowerCase() === wanted.mlWorkspaceName.toLowerCase())
    .map(({ id }) => id.split("/")[4] ?? "");
}

async function noWorkspace(
  test: ConnectorTest,
  options: { wanted: Wanted; subscription: string; group: string },
): Promise<VerdictHop> {
  const { wanted, subscription, group } = options;
  const { mlWorkspaceName, resourceGroupName } = wanted;
  const here = await listed(test, { wanted, type: workspaceType, under: group });
  const names = here.map(({ name }) => name);
  const near = nearestName(mlWorkspaceName, names);
  const elsewhere = onlyOne(await groupsWith(test, { wanted, subscription }));
  if (elsewhere !== undefined) {
    return notFound(test, {
      reason: "resourceGroupWrong",
      message: `The workspace '${mlWorkspaceName}' is not in the resource group '${resourceGroupName}'.`,
      property: "resourceGroupName",
      value: elsewhere,
    });
  }
  return notFound(test, {
    reason: "workspaceNotFound",
    message: `There is no workspace '${mlWorkspaceName}' in the resource group '${resourceGroupName}'.`,
    property: "mlWorkspaceName",
    value: near,
  });
}
