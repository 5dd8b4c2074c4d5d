// The vault's own errors. `innerCode` is the inner error's code that clients tell refusals apart by.

import { defineErrors } from "@callosum/contract/error.ts";

const source = "public documentation of Key Vault's REST errors; texts inferred";

export const vaultFail = defineErrors({
  Unauthorized: {
    status: "unauthenticated",
    source,
    text: (_: { reason?: string }) => "AKV10000: Request is missing a Bearer or PoP token.",
  },
  Forbidden: {
    status: "forbidden",
    source,
    text: (facts: {
      innerCode: "ForbiddenByRbac" | "AccessDenied" | "SecretDisabled";
      caller: string;
      action: string;
      scope: string;
    }) =>
      facts.innerCode === "SecretDisabled"
        ? "Operation get is not allowed on a disabled secret."
        : facts.innerCode === "ForbiddenByRbac"
          ? `Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\r\nCaller: ${facts.caller}\r\nAction: '${facts.action}'\r\nResource: '${facts.scope}'\r\nAssignment: (not found)\r\nDecisionReason: 'DeniedWithNoValidRBAC'\r\nVault: ${facts.scope}`
          : `The user, group or application '${facts.caller}' does not have ${facts.action} permission on key vault '${facts.scope}'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`,
  },
  SecretNotFound: {
    status: "notFound",
    source,
    text: (facts: { name: string }) =>
      `A secret with (name/id) ${facts.name} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
  },
  ContactsNotFound: {
    status: "notFound",
    source: "client: azurerm takes 404 for a vault without contacts; text inferred",
    text: (_: object) => "Contacts not found",
  },
  VaultNotFound: {
    status: "notFound",
    source: "inferred: Azure has no such host",
    text: (facts: { vault: string }) => `There is no key vault '${facts.vault}'.`,
  },
  Conflict: {
    status: "conflict",
    source,
    text: (facts: { name: string }) =>
      `Secret ${facts.name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.`,
  },
  BadParameter: {
    status: "badRequest",
    source,
    text: (facts: { reason: string }) => facts.reason,
  },
});
