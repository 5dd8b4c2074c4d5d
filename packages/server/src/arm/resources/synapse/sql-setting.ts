// Settings of a workspace's SQL server and of its pools that are kept as they are sent, and facts that
// can be read but not changed.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { defineResource, refuseAction } from "@callosum/contract/resource.ts";
import { Type } from "typebox";
import { synapseVersions } from "./api-version.ts";

const source = "OpenAPI synapse 2021-06-01, sqlServer and sqlPool";
const server = "Microsoft.Synapse/workspaces";
const pool = `${server}/sqlPools`;

function single(name: string) {
  return {
    source,
    apiVersions: synapseVersions,
    name: { pattern: new RegExp(`^${name}$`, "i"), rule: `There is one; its name is '${name}'.` },
    location: "none",
    tags: false,
    methods: ["get", "list", "put"],
    answers: { create: { status: 200 }, update: { status: 200 }, remove: { status: 200 } },
  } as const;
}

export const geoBackupPolicy = defineResource({
  ...single("Default"),
  type: `${pool}/geoBackupPolicies`,
  summary: "Whether backups should go to the paired region; nothing is backed up",
  properties: Type.Object({ state: Type.Enum(["Enabled", "Disabled"]) }),
  preset: {
    names: ["Default"],
    properties: () => ({ state: "Disabled", storageType: "Premium" }),
  },
  put: ({ sent }) => ({ state: sent.properties.state, storageType: "Premium" }),
  examples: [{ name: "off", resourceName: "Default", properties: { state: "Disabled" } }],
});

export const metadataSync = defineResource({
  ...single("config"),
  type: `${pool}/metadataSync`,
  summary: "Whether the pool's metadata is to follow Spark's; kept, not acted on",
  properties: Type.Object({
    enabled: Type.Boolean({ default: false }),
    syncIntervalInMinutes: Type.Integer({ minimum: 0, maximum: 10_080, default: 0 }),
  }),
  preset: { names: ["config"], properties: () => ({ enabled: false, syncIntervalInMinutes: 0 }) },
  put: ({ sent }) => sent.properties,
  examples: [{ name: "off", resourceName: "config", properties: { enabled: false } }],
});

export const connectionPolicy = defineResource({
  ...single("default"),
  type: `${pool}/connectionPolicies`,
  summary: "How clients reach the pool",
  methods: ["get"],
  properties: Type.Object({}),
  preset: {
    names: ["default"],
    properties: () => ({ securityEnabledAccess: "Optional", state: "Ready", visibility: "Public" }),
  },
  put: () => ({}),
  examples: [],
});

/** The TDS listener speaks TLS 1.2 and newer, whatever is wished for. */
const tlsVersion = "1.2";

export const minimalTls = defineResource({
  ...single("default"),
  type: `${server}/dedicatedSQLminimalTlsSettings`,
  summary: "The oldest TLS that SQL clients may speak",
  properties: Type.Object({ minimalTlsVersion: Type.Enum(["1.0", "1.1", "1.2"]) }),
  preset: { names: ["default"], properties: () => ({ minimalTlsVersion: tlsVersion }) },
  put({ sent }) {
    const { minimalTlsVersion } = sent.properties;
    if (minimalTlsVersion !== tlsVersion) {
      throw fail.NotSupportedHere({
        what: `TLS ${minimalTlsVersion}`,
        reason: `the listener speaks TLS ${tlsVersion} and newer`,
        target: "properties.minimalTlsVersion",
      });
    }
    return { minimalTlsVersion };
  },
  examples: [
    { name: "tls", resourceName: "default", properties: { minimalTlsVersion: tlsVersion } },
  ],
});

const serviceManaged = { serverKeyName: "ServiceManaged", serverKeyType: "ServiceManaged" };

export const encryptionProtector = defineResource({
  ...single("current"),
  type: `${server}/encryptionProtector`,
  summary: "The key that protects the SQL pools",
  properties: Type.Object({ serverKeyType: Type.Enum(["ServiceManaged", "AzureKeyVault"]) }),
  preset: { names: ["current"], properties: () => serviceManaged },
  put({ sent }) {
    if (sent.properties.serverKeyType === "AzureKeyVault") {
      throw fail.NotSupportedHere({
        what: "Encryption with a customer-managed key",
        reason: "the store is encrypted with the instance's own key",
        target: "properties.serverKeyType",
      });
    }
    return serviceManaged;
  },
  actions: {
    revalidate: refuseAction({
      what: "Revalidating the encryption protector",
      source,
      reason: "no key lies in a vault",
    }),
  },
  examples: [
    {
      name: "service-managed",
      resourceName: "current",
      properties: { serverKeyType: "ServiceManaged" },
    },
  ],
});

const noScans = {
  recurringScans: { isEnabled: false, emailSubscriptionAdmins: false, emails: [] },
};

function assessment(type: string) {
  return {
    ...single("default"),
    type,
    summary: "Vulnerability assessment: off",
    methods: ["get", "list", "put", "delete"],
    properties: Type.Object({
      storageContainerPath: Type.String({ minLength: 1, maxLength: 1024 }),
    }),
    preset: { names: ["default"], properties: () => noScans },
    put: () => {
      throw fail.NotSupportedHere({
        what: "Vulnerability assessment",
        reason: "databases are not scanned",
      });
    },
    examples: [],
  } as const;
}

export const serverAssessment = defineResource(assessment(`${server}/vulnerabilityAssessments`));
export const poolAssessment = defineResource(assessment(`${pool}/vulnerabilityAssessments`));
