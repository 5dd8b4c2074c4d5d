// The directory as other planes know it: principals, managed identities, client secrets. Graph and
// the token endpoints work on the same documents.

import type { Directory, DirectoryPrincipal, Reader, Writer } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import { verifyClientSecret } from "./client-secret.ts";
import type { DirectoryServices } from "./directory-services.ts";
import { createGroupIndex, type GroupIndex } from "./group-index.ts";
import { describePrincipal, identify } from "./identify.ts";
import {
  type Application,
  aliasKind,
  applicationType,
  groupType,
  objectKey,
  type ServicePrincipal,
  servicePrincipalType,
  type User,
  userType,
} from "./object.ts";
import { removeObject } from "./removal.ts";

export interface DirectoryHost extends Directory {
  readonly services: DirectoryServices;
  readonly groups: GroupIndex;
  load(): Promise<void>;
}

export function createDirectory(services: DirectoryServices): DirectoryHost {
  const { store, tenantId } = services;
  const groups = createGroupIndex(store);

  async function principal(
    objectId: string,
    from: Reader = store.read,
  ): Promise<DirectoryPrincipal | undefined> {
    for (const type of [servicePrincipalType, userType, groupType] as const) {
      const document = await from.document(objectKey(type, objectId));
      if (document) return describePrincipal(document.type, document.body);
    }
    return undefined;
  }

  return {
    services,
    groups,
    tenantId,
    load: groups.load,
    principal,
    async byAppId(appId, from = store.read) {
      const key = await from.alias(aliasKind.servicePrincipalByAppId, appId);
      const document = key === undefined ? undefined : await from.document(key);
      return document && describePrincipal(document.type, document.body);
    },
    async applicationObject(objectId) {
      const document = await store.read.document<Application>(objectKey(applicationType, objectId));
      return document && { appId: document.body.appId, displayName: document.body.displayName };
    },
    async search(text) {
      const wanted = text.toLowerCase();
      const found: DirectoryPrincipal[] = [];
      for (const type of [servicePrincipalType, userType, groupType] as const) {
        for (const document of await store.read.documents({ type })) {
          const described = describePrincipal(document.type, document.body);
          if (described.displayName.toLowerCase().includes(wanted)) found.push(described);
        }
      }
      return found;
    },
    identify: (text) => identify({ read: store.read, principal }, text),
    async asPrincipal(objectId) {
      const found = await principal(objectId);
      if (!found?.enabled || found.kind === "Group") return undefined;
      return { ...toPrincipal(found, tenantId), groupIds: groups.of(found.objectId) };
    },
    createManagedIdentity: (writer, identity) => createManagedIdentity(services, writer, identity),
    removeManagedIdentities: removeIdentitiesOf,
    verifyClientSecret: (credential) => verifyClientSecret(services, credential),
  };
}

function toPrincipal(found: DirectoryPrincipal, tenantId: string): Principal {
  return {
    objectId: found.objectId,
    tenantId,
    kind: found.kind === "Group" ? "ServicePrincipal" : found.kind,
    appId: found.appId,
    userPrincipalName: found.userPrincipalName,
    displayName: found.displayName,
    groupIds: [],
  };
}

async function createManagedIdentity(
  services: DirectoryServices,
  writer: Writer,
  identity: { resourceId: string; displayName: string; explicit: boolean },
): Promise<{ principalId: string; clientId: string }> {
  const { random, clock } = services;
  const servicePrincipal: ServicePrincipal = {
    id: random.guid(),
    appId: random.guid(),
    displayName: identity.displayName,
    servicePrincipalType: "ManagedIdentity",
    accountEnabled: true,
    createdDateTime: clock.now().toISOString(),
    resourceId: identity.resourceId,
    isExplicit: identity.explicit,
    passwordCredentials: [],
    settings: {},
  };
  await putServicePrincipal(writer, servicePrincipal);
  await writer.claim({
    kind: aliasKind.identityOfResource,
    name: identity.resourceId,
    id: objectKey(servicePrincipalType, servicePrincipal.id),
  });
  return { principalId: servicePrincipal.id, clientId: servicePrincipal.appId };
}

async function removeIdentitiesOf(writer: Writer, resourceIds: readonly string[]): Promise<void> {
  for (const resourceId of resourceIds) {
    const key = await writer.alias(aliasKind.identityOfResource, resourceId);
    const document = key === undefined ? undefined : await writer.document<ServicePrincipal>(key);
    if (document) await removeObject(writer, { key: document.id, objectId: document.body.id });
  }
}

/** Stores a service principal under its own and its application's id. */
export async function putServicePrincipal(writer: Writer, body: ServicePrincipal): Promise<void> {
  const id = objectKey(servicePrincipalType, body.id);
  await writer.put({ id, type: servicePrincipalType, parent: "/directory", body });
  await writer.claim({ kind: aliasKind.servicePrincipalByAppId, name: body.appId, id });
}

/** Stores an application registration. */
export async function putApplication(writer: Writer, body: Application): Promise<void> {
  const id = objectKey(applicationType, body.id);
  await writer.put({ id, type: applicationType, parent: "/directory", body });
  await writer.claim({ kind: aliasKind.applicationByAppId, name: body.appId, id });
}

/** Stores a user under its object id and its user principal name. */
export async function putUser(writer: Writer, body: User): Promise<void> {
  const id = objectKey(userType, body.id);
  await writer.put({ id, type: userType, parent: "/directory", body });
  await writer.claim({ kind: aliasKind.userByName, name: body.userPrincipalName, id });
}
