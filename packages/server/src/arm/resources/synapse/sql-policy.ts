// Policies of a workspace's SQL server and of its pools that exist from the start, are off, and can
// only be said to be off: switching one on is refused by name, because nothing would happen.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { defineResource, type Properties } from "@callosum/contract/resource.ts";
import { Type } from "typebox";
import { synapseVersions } from "./api-version.ts";

const server = "Microsoft.Synapse/workspaces";
const pool = `${server}/sqlPools`;

/** A policy whose `property` is Disabled, as first and only state. */
function disabledPolicy(policy: {
  type: string;
  name: string;
  summary: string;
  /** Why it is not run. */
  reason: string;
  property?: "state" | "status" | "dataMaskingState";
  source?: string;
  /** What is answered beside the state. */
  defaults?: Properties;
}) {
  const { type, name, summary, reason, property = "state", defaults = {} } = policy;
  const properties = (): Properties => ({ [property]: "Disabled", ...defaults });
  return {
    type,
    source: policy.source ?? "OpenAPI synapse 2021-06-01, sqlServer and sqlPool",
    summary,
    apiVersions: synapseVersions,
    name: { pattern: new RegExp(`^${name}$`, "i"), rule: `There is one; its name is '${name}'.` },
    location: "none",
    tags: false,
    properties: Type.Object({ [property]: Type.Enum(["New", "Enabled", "Disabled"]) }),
    preset: { names: [name], properties },
    methods: ["get", "list", "put"],
    answers: { create: { status: 200 }, update: { status: 200 }, remove: { status: 200 } },
    put({ sent }: { sent: { properties: Properties } }): Properties {
      if (sent.properties[property] === "Enabled") {
        throw fail.NotSupportedHere({ what: summary, reason, target: `properties.${property}` });
      }
      return properties();
    },
    examples: [{ name: "disabled", resourceName: name, properties: { [property]: "Disabled" } }],
  } as const;
}

const auditing = {
  summary: "Auditing to storage",
  reason: "the activity log and the server's own log are kept instead",
  defaults: {
    storageEndpoint: "",
    retentionDays: 0,
    auditActionsAndGroups: [],
    storageAccountSubscriptionId: "00000000-0000-0000-0000-000000000000",
    isStorageSecondaryKeyInUse: false,
    isAzureMonitorTargetEnabled: false,
  },
};
const alerts = {
  summary: "Threat detection",
  reason: "queries are not watched for threats",
  defaults: {
    disabledAlerts: [],
    emailAddresses: [],
    emailAccountAdmins: false,
    storageEndpoint: "",
    retentionDays: 0,
  },
};

export const serverAuditing = defineResource(
  disabledPolicy({ ...auditing, type: `${server}/auditingSettings`, name: "default" }),
);
export const serverExtendedAuditing = defineResource(
  disabledPolicy({ ...auditing, type: `${server}/extendedAuditingSettings`, name: "default" }),
);
export const serverSecurityAlerts = defineResource(
  disabledPolicy({ ...alerts, type: `${server}/securityAlertPolicies`, name: "Default" }),
);
export const poolAuditing = defineResource(
  disabledPolicy({ ...auditing, type: `${pool}/auditingSettings`, name: "default" }),
);
export const poolExtendedAuditing = defineResource(
  disabledPolicy({ ...auditing, type: `${pool}/extendedAuditingSettings`, name: "default" }),
);
export const poolSecurityAlerts = defineResource(
  disabledPolicy({ ...alerts, type: `${pool}/securityAlertPolicies`, name: "default" }),
);
export const poolEncryption = defineResource(
  disabledPolicy({
    type: `${pool}/transparentDataEncryption`,
    name: "current",
    property: "status",
    summary: "Transparent data encryption",
    reason: "tables lie in files of the data directory; encrypt its disk instead",
  }),
);
export const poolDataMasking = defineResource(
  disabledPolicy({
    type: `${pool}/dataMaskingPolicies`,
    name: "Default",
    property: "dataMaskingState",
    summary: "Dynamic data masking",
    reason: "queries answer columns as they are",
    defaults: { exemptPrincipals: "", applicationPrincipals: "", maskingLevel: "" },
  }),
);
