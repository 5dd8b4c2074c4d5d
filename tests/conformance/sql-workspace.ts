// A Synapse workspace with a SQL pool in a running instance, and connections of tedious to it.

import assert from "node:assert/strict";
import { Connection, Request } from "tedious";
import type { Caller, TestServer } from "../fixture/server.ts";
import { createCaller } from "../registry/principal.ts";

export const password = "Story-Passw0rd-1";
export const userName = "sqladmin";

/** `{workspace}/sqlPools/pool1`, its SQL administrator `sqladmin`. */
export async function createSqlWorkspace(server: TestServer, workspace: string): Promise<void> {
  const group = `${server.subscription}/resourceGroups/sql`;
  const id = `${group}/providers/Microsoft.Synapse/workspaces/${workspace}`;
  const location = "westeurope";
  await put(server, `${group}?api-version=2022-09-01`, { location });
  await put(server, `${id}?api-version=2021-06-01`, {
    location,
    identity: { type: "SystemAssigned" },
    properties: {
      defaultDataLakeStorage: { accountUrl: "https://l.dfs.core.windows.net", filesystem: "f" },
      sqlAdministratorLogin: userName,
      sqlAdministratorLoginPassword: password,
    },
  });
  await put(server, `${id}/sqlPools/pool1?api-version=2021-06-01`, {
    location,
    sku: { name: "DW100c" },
  });
}

/** A caller of its own that is the workspace's Entra administrator of SQL, in place of who was. */
export async function createEntraAdministrator(
  server: TestServer,
  workspace: string,
): Promise<Caller> {
  const caller = await createCaller(server);
  const id = `${server.subscription}/resourceGroups/sql/providers/Microsoft.Synapse/workspaces/${workspace}`;
  await put(server, `${id}/sqlAdministrators/activeDirectory?api-version=2021-06-01`, {
    properties: {
      administratorType: "ActiveDirectory",
      login: "entra admin",
      sid: caller.objectId,
      tenantId: server.contract.tenantId,
    },
  });
  return caller;
}

async function put(server: TestServer, path: string, body: unknown): Promise<void> {
  const reply = await server.admin.send("PUT", path, body);
  assert.ok(reply.status < 300, reply.text);
}

export function sqlPort(server: TestServer): number {
  return Number(server.contract.endpoints.sql.split(":")[1]);
}

/** Who connects: the SQL administrator unless it is an Entra principal, or a credential of its own. */
export type SqlCaller = Caller | { readonly token: string } | { readonly password: string };

export async function connectSql(
  server: TestServer,
  workspace: string,
  as: SqlCaller = { password },
  database = "pool1",
): Promise<Connection> {
  const connection = new Connection({
    server: "localhost",
    authentication: await authenticationOf(as),
    options: {
      port: sqlPort(server),
      database,
      encrypt: true,
      trustServerCertificate: true,
      serverName: `${workspace}.sql.azuresynapse.net`,
    },
  });
  return new Promise((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve(connection)));
  });
}

async function authenticationOf(as: SqlCaller) {
  if ("password" in as)
    return { type: "default" as const, options: { userName, password: as.password } };
  const token =
    typeof as.token === "string" ? as.token : await as.token("https://database.windows.net/");
  return { type: "azure-active-directory-access-token" as const, options: { token } };
}

/** Rows of a batch; rejects with the server's error. */
export function query(connection: Connection, text: string): Promise<unknown[][]> {
  return new Promise((resolve, reject) => {
    const rows: unknown[][] = [];
    const request = new Request(text, (error) => (error ? reject(error) : resolve(rows)));
    request.on("row", (columns: { value: unknown }[]) =>
      rows.push(columns.map(({ value }) => value)),
    );
    connection.execSqlBatch(request);
  });
}
