// What Graph has for a directory and Callosum does not: refused by name (design.md §3).

import { graphFail } from "./error-catalogue.ts";
import type { GraphOperation } from "./operation.ts";

interface Refusal {
  readonly set: string;
  readonly paths: readonly string[];
  readonly methods: readonly GraphOperation["method"][];
  readonly what: string;
  readonly reason: string;
}

const noRoles = "there are no directory roles; Owner at '/' administers the directory";
const noConsent = "every application may act for the users that sign in to it";
const patchKeys = "change keyCredentials with PATCH instead";

const refusals: readonly Refusal[] = [
  { set: "$batch", paths: [""], methods: ["POST"], what: "$batch", reason: "send single requests" },
  ...["applications", "servicePrincipals"].map((set) => ({
    set,
    paths: ["/:key/addKey", "/:key/removeKey"],
    methods: ["POST"] as const,
    what: "addKey and removeKey",
    reason: patchKeys,
  })),
  {
    set: "applications",
    paths: ["/:key/federatedIdentityCredentials"],
    methods: ["GET", "POST"],
    what: "Federated credentials",
    reason: "use a client secret or a certificate",
  },
  {
    set: "directoryRoles",
    paths: [""],
    methods: ["GET", "POST"],
    what: "directoryRoles",
    reason: noRoles,
  },
  {
    set: "roleManagement",
    paths: ["/directory/roleDefinitions", "/directory/roleAssignments"],
    methods: ["GET", "POST"],
    what: "roleManagement",
    reason: noRoles,
  },
  {
    set: "oauth2PermissionGrants",
    paths: [""],
    methods: ["GET", "POST"],
    what: "oauth2PermissionGrants",
    reason: noConsent,
  },
];

export const refusedOperations: GraphOperation[] = refusals.flatMap(
  ({ set, paths, methods, what, reason }) =>
    paths.flatMap((path) =>
      methods.map(
        (method): GraphOperation => ({
          method,
          set,
          path,
          summary: `Refused: ${what}`,
          async handle() {
            throw graphFail.NotSupportedHere({ what, reason });
          },
        }),
      ),
    ),
);
