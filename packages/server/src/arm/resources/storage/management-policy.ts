// The lifecycle policy of an account, `managementPolicies/default`: kept and answered as sent. Nothing
// is tiered or deleted by it, so a rule that would is refused.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { defineResource } from "@callosum/contract/resource.ts";
import { Type } from "typebox";
import { storageApiVersions } from "./api-version.ts";

const Rule = Type.Object({
  enabled: Type.Optional(Type.Boolean({ default: true })),
  name: Type.String(),
  type: Type.Literal("Lifecycle"),
  definition: Type.Record(Type.String(), Type.Unknown()),
});

export const managementPolicy = defineResource({
  type: "Microsoft.Storage/storageAccounts/managementPolicies",
  source: "OpenAPI storage 2023-05-01, ManagementPolicies",
  summary: "The lifecycle rules of a storage account",
  apiVersions: storageApiVersions,
  name: { pattern: /^default$/i, rule: "A storage account has one policy, 'default'." },
  location: "none",
  tags: false,
  properties: Type.Object({
    policy: Type.Object({ rules: Type.Array(Rule, { maxItems: 100 }) }),
  }),
  methods: ["get", "put", "delete"],
  answers: { create: { status: 200 }, update: { status: 200 }, remove: { status: 200 } },
  put({ ctx, sent }) {
    const active = sent.properties.policy.rules.find((rule) => rule.enabled !== false);
    if (active) {
      throw fail.NotSupportedHere({
        what: `The enabled lifecycle rule '${active.name}'`,
        reason: "blobs are neither tiered nor deleted by age; send the rule with enabled: false.",
      });
    }
    return { ...sent.properties, lastModifiedTime: ctx.clock.now().toISOString() };
  },
  examples: [{ name: "policy", resourceName: "default", properties: { policy: { rules: [] } } }],
});
