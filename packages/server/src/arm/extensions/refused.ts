// Extensions of the resource manager that are documented and not run: refused by name at any scope.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Method } from "../../http/route.ts";
import { defineExtension, type ExtensionDefinition } from "../extension.ts";

const source = "OpenAPI resources 2022-09-01 and public documentation";
const methods: readonly Method[] = ["GET", "PUT", "PATCH", "POST", "DELETE"];

/** Any api-version is accepted, because the answer is the same for all. */
function refusal(type: string, reason: string): ExtensionDefinition {
  const refuse = async () => {
    throw fail.NotSupportedHere({ what: `'${type}'`, reason });
  };
  return {
    type,
    source,
    apiVersions: [],
    operations: methods.flatMap((method) => [
      { method, named: false, action: "none", run: refuse },
      { method, named: true, action: "none", run: refuse },
    ]),
  };
}

export const lock = defineExtension(
  refusal("Microsoft.Authorization/locks", "nothing here honours locks, so none are kept"),
);

export const policyAssignment = defineExtension(
  refusal("Microsoft.Authorization/policyAssignments", "policies are not evaluated"),
);

export const eligibleAssignment = defineExtension(
  refusal(
    "Microsoft.Authorization/roleEligibilityScheduleRequests",
    "privileged identity management is not there; assign the role itself",
  ),
);

export const diagnosticSetting = defineExtension(
  refusal(
    "Microsoft.Insights/diagnosticSettings",
    "there is no log pipeline yet; the activity log is served",
  ),
);

export const systemAssignedIdentity = defineExtension(
  refusal(
    "Microsoft.ManagedIdentity/identities",
    "read the identity of the resource itself, and its service principal in Graph",
  ),
);
