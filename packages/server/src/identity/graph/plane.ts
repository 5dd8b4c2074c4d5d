// The Microsoft Graph subset over the directory. Operations are values, a file for each collection.

import type { Plane } from "../../http/route.ts";
import { statusNumber } from "../../http/status.ts";
import { graphAppId } from "../resource.ts";
import type { IdentityServices } from "../services.ts";
import { appRoleAssignmentOperations } from "./app-role-assignment.ts";
import { applicationOperations } from "./application.ts";
import { credentialOperations } from "./credential.ts";
import { directoryObjectOperations } from "./directory-object.ts";
import { groupOperations } from "./group.ts";
import { membershipOperations } from "./membership.ts";
import { type GraphOperation, graphRoutes } from "./operation.ts";
import { organizationOperations } from "./organization.ts";
import { referenceOperations } from "./reference.ts";
import { refusedOperations } from "./refused.ts";
import { servicePrincipalOperations } from "./service-principal.ts";
import { userOperations } from "./user.ts";

export const graphOperations: readonly GraphOperation[] = [
  ...applicationOperations,
  ...servicePrincipalOperations,
  ...credentialOperations,
  ...userOperations,
  ...groupOperations,
  ...referenceOperations,
  ...membershipOperations,
  ...appRoleAssignmentOperations,
  ...directoryObjectOperations,
  ...organizationOperations,
  ...refusedOperations,
];

export function createGraphPlane(services: IdentityServices): Plane {
  return {
    name: "graph",
    audiences: ["https://graph.microsoft.com", graphAppId],
    renderError: ({ code, message, status }, { requestId, headers }) => {
      const sent = headers["client-request-id"];
      const clientRequestId = typeof sent === "string" ? sent.slice(0, 64) : requestId;
      const innerError = {
        date: services.clock.now().toISOString().slice(0, 19),
        "request-id": requestId,
        "client-request-id": clientRequestId,
      };
      return {
        status: statusNumber(status),
        ...(status === "unauthenticated" ? { headers: challenge } : {}),
        body: { error: { code, message, innerError } },
      };
    },
    headers: { "cache-control": "no-cache", "odata-version": "4.0" },
    routes: graphRoutes(services, graphOperations),
  };
}

const challenge = { "www-authenticate": "Bearer" };
