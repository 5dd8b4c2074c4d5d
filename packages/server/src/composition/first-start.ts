// What exists after the first start, and nothing else: a tenant, a subscription, an Owner application
// for programs, an Owner user for people, and the public clients that az and the SDKs sign in with.

import type { Clock, Random, Store, Writer } from "@callosum/contract/ports.ts";
import { roleAssignmentType, type StoredRoleAssignment } from "../authz/azure.ts";
import { owner } from "../authz/roles/azure/privileged.ts";
import { createClientSecret } from "../identity/client-secret.ts";
import { putApplication, putServicePrincipal, putUser } from "../identity/directory.ts";
import { firstPartyClients } from "../identity/first-party-client.ts";
import type { PasswordCredential, ServicePrincipal } from "../identity/object.ts";
import { hashPassword } from "../identity/password.ts";
import type { DataDirectory } from "../platform/data-directory.ts";

const instanceKey = "/instance";

/** What an instance is called, kept for ever. */
export interface Instance {
  readonly tenantId: string;
  readonly domain: string;
  readonly subscriptionId: string;
  readonly location: string;
  readonly admin: { readonly clientId: string; readonly objectId: string };
  readonly user: { readonly upn: string; readonly objectId: string };
}

export const adminSecretFile = "admin-secret";
export const userPasswordFile = "user-password";

/** Gives the instance of the store, made on the first start. */
export async function openInstance(services: FirstStart): Promise<Instance> {
  const stored = await services.store.read.document<Instance>(instanceKey);
  return stored?.body ?? createInstance(services);
}

interface FirstStart {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly directory: DataDirectory;
  readonly location: string;
}

async function createInstance(services: FirstStart): Promise<Instance> {
  const { store, clock, random, directory, location } = services;
  const domain = "callosum.onmicrosoft.com";
  const instance: Instance = {
    tenantId: random.guid(),
    domain,
    subscriptionId: random.guid(),
    location,
    admin: { clientId: random.guid(), objectId: random.guid() },
    user: { upn: `admin@${domain}`, objectId: random.guid() },
  };
  const { credential, secretText } = createClientSecret({
    random,
    clock,
    displayName: "first start",
  });
  const password = random.token(144);
  const passwordHash = await hashPassword(password);
  // The files come first: a crash in between leaves secrets of nobody, never a nobody without secrets.
  directory.write(adminSecretFile, `${secretText}\n`);
  directory.write(userPasswordFile, `${password}\n`);
  const now = clock.now().toISOString();
  await store.transaction(async (writer) => {
    await writer.put({ id: instanceKey, type: "Callosum/instance", parent: "/", body: instance });
    await putSubscription(writer, instance);
    await putAdmin(writer, { instance, now, random, credential });
    await putUser(writer, {
      id: instance.user.objectId,
      userPrincipalName: instance.user.upn,
      displayName: "Callosum owner",
      mail: null,
      accountEnabled: true,
      createdDateTime: now,
      passwordHash,
    });
    for (const client of firstPartyClients) {
      await putServicePrincipal(writer, servicePrincipalOf({ ...client, id: random.guid(), now }));
    }
    const owners = [
      { principalId: instance.admin.objectId, principalType: "ServicePrincipal" },
      { principalId: instance.user.objectId, principalType: "User" },
    ];
    for (const principal of owners)
      await putOwner(writer, { ...principal, name: random.guid(), now });
  });
  return instance;
}

async function putAdmin(
  writer: Writer,
  admin: { instance: Instance; now: string; random: Random; credential: PasswordCredential },
): Promise<void> {
  const { instance, now, random, credential } = admin;
  const { clientId: appId, objectId: id } = instance.admin;
  const displayName = "Callosum admin";
  await putApplication(writer, {
    id: random.guid(),
    appId,
    displayName,
    createdDateTime: now,
    passwordCredentials: [credential],
    keyCredentials: [],
    settings: {},
  });
  await putServicePrincipal(writer, servicePrincipalOf({ id, appId, displayName, now }));
}

function servicePrincipalOf(options: {
  id: string;
  appId: string;
  displayName: string;
  now: string;
}): ServicePrincipal {
  const { id, appId, displayName, now } = options;
  return {
    id,
    appId,
    displayName,
    servicePrincipalType: "Application",
    accountEnabled: true,
    createdDateTime: now,
    resourceId: undefined,
    isExplicit: false,
    passwordCredentials: [],
    settings: {},
  };
}

async function putSubscription(writer: Writer, instance: Instance): Promise<void> {
  const { subscriptionId, tenantId } = instance;
  await writer.put({
    id: `/subscriptions/${subscriptionId}`,
    type: "Microsoft.Resources/subscriptions",
    parent: "/",
    body: {
      id: `/subscriptions/${subscriptionId}`,
      name: subscriptionId,
      properties: { displayName: "Callosum", state: "Enabled", tenantId },
    },
  });
}

/** Owner of everything: the first administrators hold it at the tenant's root. */
async function putOwner(
  writer: Writer,
  assignment: { principalId: string; principalType: string; name: string; now: string },
): Promise<void> {
  const { principalId, principalType, name, now } = assignment;
  const id = `/providers/${roleAssignmentType}/${name}`;
  const body: StoredRoleAssignment & Record<string, unknown> = {
    id,
    name,
    properties: {
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${owner.id}`,
      principalId,
      principalType,
      scope: "/",
      condition: null,
      conditionVersion: null,
      createdOn: now,
      updatedOn: now,
      createdBy: null,
      updatedBy: null,
      delegatedManagedIdentityResourceId: null,
      description: null,
    },
  };
  await writer.put({ id: id.toLowerCase(), type: roleAssignmentType, parent: "/", body });
}
