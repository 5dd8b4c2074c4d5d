// `POST /checkAccessSynapseRbac`: what a principal may, and the assignment that says so.

import type { Principal } from "@callosum/contract/principal.ts";
import type { StoredSynapseAssignment } from "../../authz/synapse.ts";
import type { Answer } from "../../http/route.ts";
import { failSynapse } from "../error-catalogue.ts";
import { requireObject } from "../validation.ts";
import { requireAction, type WorkspaceCall } from "../workspace.ts";
import { presentAssignment, requireGuid, requireText } from "./role-assignment.ts";
import { parseScope } from "./scope.ts";

const actionCountMax = 100;

export async function checkAccess(opened: WorkspaceCall): Promise<Answer> {
  await requireAction(opened, "read");
  const { call, workspace, services } = opened;
  const body = requireObject(call.body, "body");
  const scope = parseScope(requireText(body.scope, "scope"), workspace);
  const principal = await readSubject(opened, requireObject(body.subject, "subject"));
  const decisions = [];
  for (const action of readActions(body.actions)) {
    const question = {
      workspaceId: workspace.id,
      action,
      ...(scope.item === undefined ? {} : { item: scope.item }),
    };
    const isAllowed = await services.synapseRoles.allows(principal, question);
    const [grant] = await services.synapseRoles.grants(principal, question);
    const assignment =
      grant && (await services.store.read.document<StoredSynapseAssignment>(grant.assignmentId));
    decisions.push({
      accessDecision: isAllowed ? "Allowed" : "NotAllowed",
      actionId: action,
      ...(assignment ? { roleAssignment: presentAssignment(assignment) } : {}),
    });
  }
  return { status: 200, body: { AccessDecisions: decisions } };
}

/** Groups of the directory count beside those that the request names. */
async function readSubject(
  opened: WorkspaceCall,
  subject: Record<string, unknown>,
): Promise<Principal> {
  const objectId = requireGuid(subject.principalId, "subject.principalId");
  const { groupIds: sent = [] } = subject;
  if (!Array.isArray(sent)) {
    throw failSynapse.BadRequest({ reason: "'subject.groupIds' must be an array." });
  }
  const groupIds = sent.map((id) => requireGuid(id, "subject.groupIds"));
  const known = await opened.services.directory.asPrincipal(objectId);
  return {
    objectId,
    tenantId: opened.services.tenantId,
    kind: known?.kind ?? "ServicePrincipal",
    appId: known?.appId,
    userPrincipalName: known?.userPrincipalName,
    displayName: known?.displayName ?? objectId,
    groupIds: [...new Set([...groupIds, ...(known?.groupIds ?? [])])],
  };
}

function readActions(actions: unknown): string[] {
  if (!Array.isArray(actions) || actions.length === 0 || actions.length > actionCountMax) {
    throw failSynapse.BadRequest({
      reason: `'actions' must be an array of 1 to ${actionCountMax} actions.`,
      target: "actions",
    });
  }
  return actions.map((action) =>
    requireText((action as { id?: unknown } | null)?.id, "actions.id"),
  );
}
