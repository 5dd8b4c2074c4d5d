// A storage account in a running instance, for tests.

import type { TestServer } from "../../../../../tests/fixture/server.ts";

export interface TestLake {
  readonly name: string;
  /** The account's resource id. */
  readonly id: string;
  readonly key: string;
  /** `{origin}/storage/{account}/blob` and `…/dfs`. */
  readonly blob: string;
  readonly dfs: string;
}

const armVersion = "?api-version=2023-05-01";

export async function createLake(
  server: TestServer,
  name: string,
  properties: Record<string, unknown> = { isHnsEnabled: true },
): Promise<TestLake> {
  const group = `${server.subscription}/resourceGroups/lakes`;
  await server.admin.send("PUT", `${group}?api-version=2022-09-01`, { location: "westeurope" });
  const id = `${group}/providers/Microsoft.Storage/storageAccounts/${name}`;
  const created = await server.admin.send("PUT", `${id}${armVersion}`, {
    location: "westeurope",
    sku: { name: "Standard_LRS" },
    kind: "StorageV2",
    properties,
  });
  if (created.status >= 300) throw new Error(created.text);
  const { keys } = (await server.admin.send("POST", `${id}/listKeys${armVersion}`)).body;
  const root = `${server.contract.origin}/storage/${name}`;
  return { name, id, key: keys[0].value, blob: `${root}/blob`, dfs: `${root}/dfs` };
}

/** Roles of the lake, for createCaller of tests/registry/principal.ts. */
export const dataRoleIds = {
  owner: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
  contributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  reader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
} as const;
