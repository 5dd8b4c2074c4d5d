// Removing a principal from the directory: its memberships, ownerships and granted permissions go
// with it. Role assignments stay, as in Azure, where they show "Identity not found".

import type { Writer } from "@callosum/contract/ports.ts";
import {
  type Application,
  type AppRoleAssignment,
  applicationType,
  appRoleAssignmentKey,
  appRoleAssignmentType,
  type Group,
  groupType,
  type ServicePrincipal,
  servicePrincipalType,
} from "./object.ts";

/** Removes the object at `key`, whose id is given, and every reference to it in the directory. */
export async function removeObject(
  writer: Writer,
  { key, objectId }: { key: string; objectId: string },
): Promise<void> {
  await writer.remove(key);
  const groups = await writer.documents<Group>({ type: groupType });
  for (const { id, type, parent, body } of groups) {
    if (!body.members.includes(objectId) && !body.owners.includes(objectId)) continue;
    const members = without(body.members, objectId);
    const owners = without(body.owners, objectId);
    await writer.put({ id, type, parent, body: { ...body, members, owners } });
  }
  for (const owned of [applicationType, servicePrincipalType]) {
    for (const document of await writer.documents<Application | ServicePrincipal>({
      type: owned,
    })) {
      const { id, type, parent, body } = document;
      if (!body.owners?.includes(objectId)) continue;
      const owners = without(body.owners, objectId);
      await writer.put({ id, type, parent, body: { ...body, owners } });
    }
  }
  const granted = await writer.documents<AppRoleAssignment>({ type: appRoleAssignmentType });
  for (const { body } of granted) {
    if (body.principalId !== objectId && body.resourceId !== objectId) continue;
    await writer.remove(appRoleAssignmentKey(body.id));
  }
}

function without(ids: readonly string[], id: string): string[] {
  return ids.filter((candidate) => candidate !== id);
}
