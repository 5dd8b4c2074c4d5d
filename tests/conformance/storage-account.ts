// A storage account of an instance that runs in another process, made through its resource manager.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { Contract } from "@callosum/server/main.ts";

const dataOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";

/**
 * Gives the account's first key; makes the account, and its owner Storage Blob Data Owner of it, when it
 * is missing. This process then trusts the instance.
 */
export async function openAccount(
  contract: Contract,
  name: string,
  properties: Record<string, unknown>,
): Promise<string> {
  const authority = readFileSync(contract.caFile, "utf8");
  setDefaultCACertificates([...getCACertificates("default"), authority]);
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: contract.admin.clientId,
    client_secret: readFileSync(contract.admin.secretFile, "utf8").trim(),
    scope: "https://management.azure.com/.default",
  });
  const tokenUrl = `${contract.origin}/${contract.tenantId}/oauth2/v2.0/token`;
  const token = await call(tokenUrl, { method: "POST", body: form });
  const headers = {
    authorization: `Bearer ${token.access_token}`,
    "content-type": "application/json",
  };
  const put = (path: string, version: string, body: unknown) =>
    call(`${contract.origin}${path}?api-version=${version}`, {
      method: "PUT",
      headers,
      body: JSON.stringify(body),
    });
  const group = `/subscriptions/${contract.subscriptionId}/resourceGroups/lakes`;
  await put(group, "2022-09-01", { location: "westeurope" });
  const id = `${group}/providers/Microsoft.Storage/storageAccounts/${name}`;
  const sku = { name: "Standard_LRS" };
  await put(id, "2023-05-01", { location: "westeurope", sku, kind: "StorageV2", properties });
  const role = `${id}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
  await put(role, "2022-04-01", {
    properties: {
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${dataOwner}`,
      principalId: contract.admin.objectId,
    },
  }).catch((error: Error) => {
    if (!/RoleAssignmentExists/.test(error.message)) throw error;
  });
  const keys = `${contract.origin}${id}/listKeys?api-version=2023-05-01`;
  return (await call(keys, { method: "POST", headers })).keys[0].value;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of several shapes
async function call(url: string, init: RequestInit): Promise<any> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}
