// The file service of an account, `fileServices/default`: every reader of an account asks for its
// settings (azurerm after each PUT). Shares are refused.ts's.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { defineResource } from "@callosum/contract/resource.ts";
import { Type } from "typebox";
import { storageApiVersions } from "./api-version.ts";

const defaults = {
  cors: { corsRules: [] },
  shareDeleteRetentionPolicy: { enabled: false, days: 0 },
  protocolSettings: { smb: {} },
};

export const fileService = defineResource({
  type: "Microsoft.Storage/storageAccounts/fileServices",
  source: "OpenAPI storage 2023-05-01, FileServices",
  summary: "The settings of a storage account's file service, which has no shares here",
  apiVersions: storageApiVersions,
  name: { pattern: /^default$/i, rule: "A storage account has one file service, 'default'." },
  location: "none",
  tags: false,
  properties: Type.Object({}),
  preset: { names: ["default"], properties: () => ({ ...defaults }) },
  methods: ["get", "list", "put"],
  answers: { create: { status: 200 }, update: { status: 200 }, remove: { status: 200 } },
  put() {
    throw fail.NotSupportedHere({
      what: "Changing the file service of a storage account",
      reason: "Azure Files is not served.",
    });
  },
  examples: [],
});
