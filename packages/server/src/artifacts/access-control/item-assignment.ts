// Role assignments at an item of the workspace go with the item and follow its name; otherwise a new
// item of the same name would inherit what was granted on another one.

import type { ArmResource, StoredDocument, Writer } from "@callosum/contract/ports.ts";
import { type StoredSynapseAssignment, synapseRoleAssignmentType } from "../../authz/synapse.ts";

async function assignmentsAt(
  writer: Writer,
  options: { workspace: ArmResource; item: string },
): Promise<StoredDocument<StoredSynapseAssignment>[]> {
  const { workspace, item } = options;
  const scope = `workspaces/${workspace.name}/${item}`.toLowerCase();
  const documents = await writer.documents<StoredSynapseAssignment>({
    parent: workspace.id.toLowerCase(),
    type: synapseRoleAssignmentType,
  });
  return documents.filter(({ body }) => body.scope.toLowerCase() === scope);
}

/** `item` is `linkedServices/{name}` and the like. */
export async function removeItemAssignments(
  writer: Writer,
  options: { workspace: ArmResource; item: string },
): Promise<void> {
  for (const { id } of await assignmentsAt(writer, options)) await writer.remove(id);
}

export async function moveItemAssignments(
  writer: Writer,
  options: { workspace: ArmResource; item: string; to: string },
): Promise<void> {
  const { workspace, to } = options;
  for (const document of await assignmentsAt(writer, options)) {
    const body = { ...document.body, scope: `workspaces/${workspace.name}/${to}` };
    await writer.put({ id: document.id, type: document.type, parent: document.parent, body });
  }
}
