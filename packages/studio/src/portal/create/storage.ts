// A storage account with what the studio's forms ask of one.

import { putStep, type Step } from "./plan.ts";

export const storageType = "Microsoft.Storage/storageAccounts";
const storageVersion = "2023-05-01";

export function accountId(group: string, name: string): string {
  return `${group}/providers/${storageType}/${name}`;
}

export function accountStep(account: {
  id: string;
  name: string;
  location: string;
  isLake: boolean;
  sku?: string;
}): Step {
  const { id, name, location, isLake, sku = "Standard_LRS" } = account;
  return putStep({
    key: "storage",
    label: `Storage account ${name}`,
    id,
    version: storageVersion,
    body: {
      location,
      kind: "StorageV2",
      sku: { name: sku },
      properties: { isHnsEnabled: isLake, minimumTlsVersion: "TLS1_2" },
    },
  });
}

/** A container, which in a data lake is a file system. */
export function containerStep(account: string, name: string): Step {
  return putStep({
    key: "filesystem",
    label: `File system ${name}`,
    id: `${account}/blobServices/default/containers/${name}`,
    version: storageVersion,
    body: { properties: {} },
  });
}

/** The documented rule of container names. */
export function containerProblem(text: string): string | undefined {
  return /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(text)
    ? undefined
    : "It has 3 to 63 lower-case letters, digits and single hyphens, and starts and ends with a letter or digit.";
}
