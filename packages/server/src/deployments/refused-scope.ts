// Scopes of deployments that are documented and not run: refused by name.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Method, Route } from "../http/route.ts";
import { deploymentType } from "./template/resource.ts";

export function refusedScopeRoutes(): Route[] {
  const methods: readonly Method[] = ["GET", "HEAD", "PUT", "DELETE", "POST"];
  const paths: readonly [string, string][] = [
    [`/providers/${deploymentType}/*`, "the tenant"],
    [
      `/providers/Microsoft.Management/managementGroups/:managementGroup/providers/${deploymentType}/*`,
      "a management group",
    ],
  ];
  return paths.map(([path, scope]) => ({
    plane: "arm",
    method: methods,
    path,
    source: "OpenAPI resources 2022-09-01, Deployments",
    summary: "Refused by name",
    access: "principal",
    async handle(call) {
      await call.principal();
      throw fail.NotSupportedHere({
        what: `A deployment at the scope of ${scope}`,
        reason: "deployments are at a resource group or a subscription",
      });
    },
  }));
}
