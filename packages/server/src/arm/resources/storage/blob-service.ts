// The blob service of an account, `blobServices/default`: it exists with the account. What it could
// keep (versions, deleted blobs, a change feed) is not kept here, so turning it on is refused.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { blobServiceType } from "@callosum/contract/lake.ts";
import { defineResource } from "@callosum/contract/resource.ts";
import { Type } from "typebox";
import { storageApiVersions } from "./api-version.ts";

const Toggle = Type.Optional(
  Type.Object({
    enabled: Type.Optional(Type.Boolean({ default: false })),
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 365 })),
    retentionInDays: Type.Optional(Type.Integer({ minimum: 1 })),
    allowPermanentDelete: Type.Optional(Type.Boolean()),
  }),
);

const CorsRule = Type.Object({
  allowedOrigins: Type.Array(Type.String()),
  allowedMethods: Type.Array(Type.String()),
  allowedHeaders: Type.Array(Type.String()),
  exposedHeaders: Type.Array(Type.String()),
  maxAgeInSeconds: Type.Integer({ minimum: 0 }),
});

const off = { enabled: false };

export const blobServiceDefaults = {
  cors: { corsRules: [] },
  deleteRetentionPolicy: { allowPermanentDelete: false, enabled: false },
  containerDeleteRetentionPolicy: off,
};

export const blobService = defineResource({
  type: blobServiceType,
  source: "OpenAPI storage 2023-05-01, BlobServices",
  summary: "The blob service of a storage account",
  apiVersions: storageApiVersions,
  name: { pattern: /^default$/i, rule: "A storage account has one blob service, 'default'." },
  location: "none",
  tags: false,
  properties: Type.Object({
    cors: Type.Optional(
      Type.Object({ corsRules: Type.Optional(Type.Array(CorsRule, { maxItems: 5 })) }),
    ),
    defaultServiceVersion: Type.Optional(Type.String({ maxLength: 10 })),
    deleteRetentionPolicy: Toggle,
    containerDeleteRetentionPolicy: Toggle,
    restorePolicy: Toggle,
    changeFeed: Toggle,
    isVersioningEnabled: Type.Optional(Type.Boolean()),
    automaticSnapshotPolicyEnabled: Type.Optional(Type.Boolean()),
    lastAccessTimeTrackingPolicy: Type.Optional(
      Type.Object({ enable: Type.Optional(Type.Boolean()) }),
    ),
  }),
  preset: { names: ["default"], properties: () => ({ ...blobServiceDefaults }) },
  methods: ["get", "list", "put"],
  answers: { create: { status: 200 }, update: { status: 200 }, remove: { status: 200 } },
  put({ sent: { properties } }) {
    const wanted = [
      ["isVersioningEnabled", properties.isVersioningEnabled],
      ["automaticSnapshotPolicyEnabled", properties.automaticSnapshotPolicyEnabled],
      ["deleteRetentionPolicy", properties.deleteRetentionPolicy?.enabled],
      ["containerDeleteRetentionPolicy", properties.containerDeleteRetentionPolicy?.enabled],
      ["restorePolicy", properties.restorePolicy?.enabled],
      ["changeFeed", properties.changeFeed?.enabled],
      ["lastAccessTimeTrackingPolicy", properties.lastAccessTimeTrackingPolicy?.enable],
      ["cors.corsRules", (properties.cors?.corsRules ?? []).length > 0],
    ] as const;
    const refused = wanted.find(([, isWanted]) => isWanted === true);
    if (refused) {
      throw fail.NotSupportedHere({
        what: `Property '${refused[0]}' of a blob service`,
        reason: "blobs are kept without versions, deleted ones, a change feed or browser access.",
        target: refused[0],
      });
    }
    return { ...blobServiceDefaults, ...properties };
  },
  examples: [],
});
