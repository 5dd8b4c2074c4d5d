// What an id or a name is in the directory. People give an object id, a secret's id or a name where a
// client id is wanted; who diagnoses a connection says what it is (features.md A-04).

import type { DirectoryMatch, DirectoryPrincipal, Reader } from "@callosum/contract/ports.ts";
import {
  type Application,
  aliasKind,
  applicationType,
  type Group,
  groupType,
  objectKey,
  type ServicePrincipal,
  servicePrincipalType,
  type User,
  userType,
} from "./object.ts";

interface Lookup {
  readonly read: Reader;
  principal(objectId: string): Promise<DirectoryPrincipal | undefined>;
}

/** Undefined when nothing in the directory has that id or exactly that display name. */
export async function identify(lookup: Lookup, text: string): Promise<DirectoryMatch | undefined> {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return undefined;
  const { read } = lookup;
  const registered = await read.alias(aliasKind.applicationByAppId, wanted);
  const application = registered && (await read.document<Application>(registered))?.body;
  if (application) return ofApplication(lookup, "clientId", application);
  const known = await byAppId(lookup, wanted);
  if (known) return ofPrincipal(known, "clientId");
  const own = await read.document<Application>(objectKey(applicationType, wanted));
  if (own) return ofApplication(lookup, "applicationObjectId", own.body);
  const principal = await lookup.principal(wanted);
  if (principal) return ofPrincipal(principal, "servicePrincipalObjectId");
  return bySecretOrName(lookup, wanted);
}

async function bySecretOrName(lookup: Lookup, wanted: string): Promise<DirectoryMatch | undefined> {
  const applications = await lookup.read.documents<Application>({ type: applicationType });
  const owner = applications.find(({ body }) =>
    body.passwordCredentials.some(({ keyId }) => keyId.toLowerCase() === wanted),
  );
  if (owner) return ofApplication(lookup, "secretId", owner.body);
  const named = applications.find(({ body }) => body.displayName.toLowerCase() === wanted);
  if (named) return ofApplication(lookup, "displayName", named.body);
  const principals = await lookup.read.documents<ServicePrincipal>({ type: servicePrincipalType });
  const other = principals.find(({ body }) => body.displayName.toLowerCase() === wanted);
  return other && ofPrincipal(describePrincipal(other.type, other.body), "displayName");
}

async function byAppId(lookup: Lookup, appId: string): Promise<DirectoryPrincipal | undefined> {
  const key = await lookup.read.alias(aliasKind.servicePrincipalByAppId, appId);
  const document = key === undefined ? undefined : await lookup.read.document(key);
  return document && describePrincipal(document.type, document.body);
}

async function ofApplication(
  lookup: Lookup,
  kind: DirectoryMatch["kind"],
  { appId, displayName }: Application,
): Promise<DirectoryMatch> {
  return { kind, appId, displayName, servicePrincipal: await byAppId(lookup, appId) };
}

function ofPrincipal(found: DirectoryPrincipal, kind: DirectoryMatch["kind"]): DirectoryMatch {
  const { appId, displayName } = found;
  if (found.kind === "User" || found.kind === "Group") {
    return { kind: "userOrGroup", appId: undefined, displayName, servicePrincipal: undefined };
  }
  const own = found.kind === "ManagedIdentity" ? "managedIdentity" : kind;
  return { kind: own, appId, displayName, servicePrincipal: found };
}

/** A stored directory object as other planes see it. */
export function describePrincipal(type: string, body: unknown): DirectoryPrincipal {
  const none = {
    appId: undefined,
    userPrincipalName: undefined,
    resourceId: undefined,
    enabled: true,
  };
  if (type === userType) {
    const { id, displayName, userPrincipalName, accountEnabled } = body as User;
    return {
      ...none,
      objectId: id,
      kind: "User",
      displayName,
      userPrincipalName,
      enabled: accountEnabled,
    };
  }
  if (type === groupType) {
    const { id, displayName } = body as Group;
    return { ...none, objectId: id, kind: "Group", displayName };
  }
  const {
    id,
    displayName,
    appId,
    resourceId,
    accountEnabled,
    servicePrincipalType: kind,
  } = body as ServicePrincipal;
  return {
    objectId: id,
    kind: kind === "ManagedIdentity" ? "ManagedIdentity" : "ServicePrincipal",
    displayName,
    appId,
    userPrincipalName: undefined,
    resourceId,
    enabled: accountEnabled,
  };
}
