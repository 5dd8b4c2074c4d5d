// Fixed routes of the resource manager that are documented and not run: refused by name.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Method, Route } from "../../http/route.ts";

interface Refusal {
  readonly what: string;
  readonly reason: string;
  readonly source: string;
  readonly routes: readonly (readonly [Method, string])[];
}

const resources = "OpenAPI resources 2022-09-01";
const group = "/subscriptions/:subscription/resourceGroups/:group";
const tagNames = "/subscriptions/:subscription/tagNames";
const tagValue = `${tagNames}/:tag/tagValues/:value`;
const provider = "/subscriptions/:subscription/providers/:namespace";

const refusals: readonly Refusal[] = [
  {
    what: "Moving resources",
    reason: "the keys of what belongs to a resource name its group; create it anew instead",
    source: resources,
    routes: [
      ["POST", `${group}/moveResources`],
      ["POST", `${group}/validateMoveResources`],
    ],
  },
  {
    what: "Exporting a resource group as a template",
    reason: "'callosum export' writes a linked pair as a template",
    source: resources,
    routes: [["POST", `${group}/exportTemplate`]],
  },
  {
    what: "The list of tag names",
    reason: "tags are kept with what carries them; no list of names is managed",
    source: resources,
    routes: [
      ["PUT", `${tagNames}/:tag`],
      ["DELETE", `${tagNames}/:tag`],
      ["PUT", tagValue],
      ["DELETE", tagValue],
    ],
  },
  {
    what: "A provider's own permissions and its types as a list",
    reason: "read the provider: its types are there, and it acts with its caller's rights",
    source: resources,
    routes: [
      ["GET", `${provider}/providerPermissions`],
      ["GET", `${provider}/resourceTypes`],
    ],
  },
  {
    what: "Registering a provider for a management group",
    reason: "there are no management groups, and every provider is registered",
    source: resources,
    routes: [
      [
        "POST",
        "/providers/Microsoft.Management/managementGroups/:managementGroup/providers/:namespace/register",
      ],
    ],
  },
  {
    what: "The operations of all providers in one list",
    reason: "ask each provider: GET /providers/{namespace}/operations",
    source: "OpenAPI authorization-ProviderOperationsCalls 2022-04-01",
    routes: [
      ["GET", "/providers/Microsoft.Authorization/providerOperations"],
      ["GET", "/providers/Microsoft.Authorization/providerOperations/:namespace"],
    ],
  },
];

export const refusedRoutes: readonly Route[] = refusals.flatMap(
  ({ what, reason, source, routes }) =>
    routes.map(([method, path]) => ({
      plane: "arm",
      method,
      path,
      source,
      summary: `Refused: ${what}`,
      access: "principal",
      async handle(call) {
        await call.principal();
        throw fail.NotSupportedHere({ what, reason });
      },
    })),
);
