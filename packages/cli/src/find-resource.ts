// Resources as people name them: by name alone, or by resource id.

import type { Connection } from "@callosum/sdk/connection.ts";
import { findResource, listResources, type Resource } from "@callosum/sdk/resource.ts";
import { CommandError, usageError } from "./command.ts";

/** A version that each type answers to. The instance lists them in /providers. */
export const apiVersions: Readonly<Record<string, string>> = {
  "microsoft.synapse/workspaces": "2021-06-01",
  "microsoft.machinelearningservices/workspaces": "2022-10-01",
  "microsoft.machinelearningservices/workspaces/linkedservices": "2020-09-01-preview",
  "microsoft.managedidentity/userassignedidentities": "2023-01-31",
  "microsoft.keyvault/vaults": "2023-07-01",
  "microsoft.storage/storageaccounts": "2023-01-01",
};

export const synapseType = "Microsoft.Synapse/workspaces";
export const machineLearningType = "Microsoft.MachineLearningServices/workspaces";

/** `Microsoft.Synapse/workspaces/bigDataPools` of an id; undefined where it names no resource. */
function typeOf(id: string): string | undefined {
  const [, tail = ""] = /.*\/providers\/(.+)$/i.exec(id) ?? [];
  const [namespace, ...segments] = tail.split("/").filter(Boolean);
  if (namespace === undefined || segments.length === 0 || segments.length % 2 === 1)
    return undefined;
  return [namespace, ...segments.filter((_, index) => index % 2 === 0)].join("/");
}

/** Reads a resource of a type that apiVersions knows, or of one nested in such a type. */
export async function readAny(connection: Connection, id: string): Promise<Resource | undefined> {
  return findResource(connection, { id, apiVersion: apiVersionOf(id) });
}

/** The row of a type, or of the nearest type that it lies below. */
function rowOf(type: string): [string, string] | undefined {
  const [known] = Object.entries(apiVersions)
    .filter(([name]) => type === name || type.startsWith(`${name}/`))
    .sort(([one], [other]) => other.length - one.length);
  return known;
}

/** Whether an id is one of a type that can be read by `readAny`. */
export function isKnownType(id: string): boolean {
  const type = typeOf(id)?.toLowerCase();
  return type !== undefined && rowOf(type) !== undefined;
}

/** A version for the type of an id, by its own or its parents' row. */
export function apiVersionOf(id: string): string {
  const type = typeOf(id)?.toLowerCase();
  if (type === undefined) throw usageError(`'${id}' is not the id of a resource.`);
  const known = rowOf(type);
  if (known === undefined) throw usageError(`Resources of the type ${type} are not known here.`);
  return known[1];
}

/** A workspace (or any top-level resource) by name or id; an error names what there is instead. */
export async function requireByName(
  connection: Connection,
  wanted: { type: string; text: string; subscriptionId: string },
): Promise<Resource> {
  const { type, text, subscriptionId } = wanted;
  const apiVersion = apiVersions[type.toLowerCase()] ?? "";
  if (text.startsWith("/")) {
    if (typeOf(text)?.toLowerCase() !== type.toLowerCase()) {
      throw usageError(`'${text}' is not the id of a ${type}.`);
    }
    const found = await findResource(connection, { id: text, apiVersion });
    if (found) return found;
    throw notFound(wanted, []);
  }
  const all = await listByType(connection, { type, subscriptionId });
  const matches = all.filter(({ name }) => name.toLowerCase() === text.toLowerCase());
  const [first, second] = matches;
  if (!first) throw notFound(wanted, all);
  if (second) {
    const shown = matches.map(({ id }) => `  ${id}`).join("\n");
    throw usageError(`Several are called '${text}':\n${shown}`, "Use one of these ids.");
  }
  const found = await findResource(connection, { id: first.id, apiVersion });
  if (found) return found;
  throw notFound(wanted, all);
}

/** All resources of a top-level type, in every subscription that the caller sees. */
export async function listByType(
  connection: Connection,
  { type, subscriptionId }: { type: string; subscriptionId: string },
): Promise<Resource[]> {
  const filter = `resourceType eq '${type}'`;
  const list = (id: string) =>
    listResources(connection, {
      id: `/subscriptions/${id}/resources`,
      apiVersion: "2021-04-01",
      filter,
    });
  const [own, all] = await Promise.all([
    list(subscriptionId),
    listResources<{ subscriptionId: string }>(connection, {
      id: "/subscriptions",
      apiVersion: "2022-12-01",
    }),
  ]);
  const others = all.filter((each) => each.subscriptionId !== subscriptionId);
  const more = await Promise.all(others.map((each) => list(each.subscriptionId)));
  return [...own, ...more.flat()];
}

function notFound(
  { type, text }: { type: string; text: string },
  others: readonly { name: string }[],
): CommandError {
  const names = others.map(({ name }) => name).join(", ");
  return new CommandError({
    code: "ResourceNotFound",
    message: `There is no ${type} '${text}'.`,
    hint: names === "" ? `There is none of that type yet.` : `There are: ${names}.`,
  });
}

/** The resource group's name in an id. */
export function groupOf(id: string): string {
  return /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? "";
}

/** The subscription's GUID in an id. */
export function subscriptionOf(id: string): string {
  return /\/subscriptions\/([^/]+)/i.exec(id)?.[1] ?? "";
}
