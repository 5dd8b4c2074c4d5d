// Routes of Synapse RBAC below a workspace.

import type { PlaneServices } from "@callosum/contract/services.ts";
import type { Route } from "../../http/route.ts";
import { type Handler, workspaceRoute } from "../route.ts";
import { checkAccess } from "./check-access.ts";
import {
  createLegacyAssignment,
  deleteLegacyAssignment,
  getLegacyAssignment,
  getRole,
  listLegacyAssignments,
  listMyRoles,
  listRoles,
} from "./legacy.ts";
import {
  deleteAssignment,
  getAssignment,
  listAssignments,
  putAssignment,
} from "./role-assignment.ts";
import { getRoleDefinition, listRoleDefinitions, listScopes } from "./role-definition.ts";

const apiVersions = ["2020-08-01-preview", "2020-12-01"];
const legacyApiVersions = ["2020-02-01-preview"];
const write = "roleAssignments/write";
const remove = "roleAssignments/delete";

type Row = readonly [method: Route["method"], path: string, action: string, handle: Handler];

const rows: readonly Row[] = [
  ["GET", "/roleDefinitions", "read", listRoleDefinitions],
  ["GET", "/roleDefinitions/:id", "read", getRoleDefinition],
  ["GET", "/rbacScopes", "read", listScopes],
  ["GET", "/roleAssignments", "read", listAssignments],
  ["GET", "/roleAssignments/:id", "read", getAssignment],
  ["PUT", "/roleAssignments/:id", write, putAssignment],
  ["DELETE", "/roleAssignments/:id", remove, deleteAssignment],
  ["POST", "/checkAccessSynapseRbac", "read", checkAccess],
];

const legacyRows: readonly Row[] = [
  ["GET", "/rbac/roles", "read", listRoles],
  ["GET", "/rbac/roles/:id", "read", getRole],
  ["GET", "/rbac/roleAssignments", "read", listLegacyAssignments],
  ["POST", "/rbac/roleAssignments", write, createLegacyAssignment],
  ["GET", "/rbac/roleAssignments/:id", "read", getLegacyAssignment],
  ["DELETE", "/rbac/roleAssignments/:id", remove, deleteLegacyAssignment],
  ["POST", "/rbac/getMyAssignedRoles", "read", listMyRoles],
];

export function accessControlRoutes(services: PlaneServices): Route[] {
  const toRoute =
    (versions: readonly string[]) =>
    ([method, path, action, handle]: Row) =>
      workspaceRoute(services, {
        method,
        path,
        source: "protocols.md 5.2",
        summary: "Synapse RBAC",
        action,
        apiVersions: versions,
        handle,
      });
  return [...rows.map(toRoute(apiVersions)), ...legacyRows.map(toRoute(legacyApiVersions))];
}
