import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Route } from "@callosum/server/http/route.ts";
import {
  audiences,
  type Caller,
  type Reply,
  startServer,
  type TestServer,
} from "../fixture/server.ts";
import { badTokens, createCaller, roleIds, stateOf } from "./principal.ts";

/** Planes whose operations have a walk of their own: resource types, and the storage endpoints. */
const walkedElsewhere = new Set(["storage"]);

/** Audience of the tokens that a plane takes; planes without one are public. */
const audienceOf: Record<string, string> = {
  arm: audiences.arm,
  login: audiences.arm,
  graph: audiences.graph,
  synapse: audiences.synapse,
  ml: audiences.arm,
  sql: "https://database.windows.net",
  vault: audiences.vault,
};

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly host: string | undefined;
  readonly route: Route;
  readonly label: string;
}

describe("every fixed route", () => {
  let server: TestServer;
  let stranger: Caller;
  let reader: Caller;
  before(async () => {
    server = await startServer({ logSink: (line) => assert.fail(line) });
    const group = `${server.subscription}/resourceGroups/walk`;
    const put = async (path: string, version: string, body: unknown) => {
      const reply = await server.admin.send("PUT", `${path}?api-version=${version}`, body);
      assert.ok(reply.status < 300, reply.text);
    };
    const location = "westeurope";
    await put(group, "2022-09-01", { location });
    await put(`${group}/providers/Microsoft.Synapse/workspaces/walkws`, "2021-06-01", {
      location,
      identity: { type: "SystemAssigned" },
      properties: {
        defaultDataLakeStorage: {
          accountUrl: "https://lake.dfs.core.windows.net",
          filesystem: "f",
        },
        managedVirtualNetwork: "default",
        sqlAdministratorLogin: "sqladmin",
        sqlAdministratorLoginPassword: "Walk-Passw0rd-1",
      },
    });
    await put(`${group}/providers/Microsoft.KeyVault/vaults/walkvault`, "2023-07-01", {
      location,
      properties: {
        tenantId: server.contract.tenantId,
        sku: { family: "A", name: "standard" },
        accessPolicies: [
          {
            tenantId: server.contract.tenantId,
            objectId: server.admin.objectId,
            permissions: { secrets: ["all"] },
          },
        ],
      },
    });
    stranger = await createCaller(server);
    reader = await createCaller(server, { roleId: roleIds.reader, scope: group });
  });
  after(() => server.close());

  function asked(): Asked[] {
    const values: Record<string, string> = {
      workspace: "walkws",
      vault: "walkvault",
      region: "westeurope",
      tenant: server.contract.tenantId,
      subscription: server.contract.subscriptionId,
      namespace: "Microsoft.Synapse",
      group: "walk",
    };
    const fill = (path: string) =>
      path
        .replace(/\/\*$/, "/walk")
        .replace(/:(\w+)(?:\([^)]*\))?\??/g, (_match, name: string) => values[name] ?? "walk");
    return server.running.internals.planes
      .filter(({ name }) => !walkedElsewhere.has(name))
      .flatMap(({ routes }) => routes)
      .filter((route) => !(route.plane === "arm" && route.path === "/*"))
      .flatMap((route) =>
        [route.method].flat().map((method) => {
          const inside = fill(route.path);
          const isVault = route.plane === "vault";
          const path = isVault
            ? inside.replace("/walkvault", "")
            : route.plane === "arm" || route.plane === "login" || route.plane === "own"
              ? inside
              : `/${route.plane}${inside}`;
          const host = isVault ? "walkvault.vault.azure.net" : undefined;
          return {
            method,
            path: `${path}${path.includes("?") ? "&" : "?"}api-version=${versionOf(route)}`,
            host,
            route,
            label: `${route.plane} ${method} ${route.path}`,
          };
        }),
      );
  }

  function ask(caller: Caller, { method, path, host, route }: Asked, extra = {}): Promise<Reply> {
    const hasBody = method !== "GET" && method !== "HEAD" && method !== "DELETE";
    return caller.send(method, path, hasBody ? {} : undefined, {
      audience: audienceOf[route.plane] ?? audiences.arm,
      ...(host ? { host } : {}),
      ...extra,
    });
  }

  it("refuses nobody and bad tokens with 401 unless it is public, and changes nothing", async () => {
    for (const one of asked()) {
      if (one.route.access === "public") continue;
      const before = await stateOf(server);
      const nobody = await ask(server.nobody, one);
      assert.equal(nobody.status, 401, `${one.label}: ${nobody.status} ${nobody.text}`);
      const tokens = await badTokensOf(one.route.plane);
      for (const [what, token] of Object.entries(tokens)) {
        const reply = await ask(server.admin, one, { token });
        assert.equal(reply.status, 401, `${one.label} ${what}: ${reply.status} ${reply.text}`);
      }
      assert.equal(await stateOf(server), before, `${one.label}: a refused call changed something`);
    }
  });

  const bad = new Map<string, Promise<Record<string, string>>>();
  function badTokensOf(plane: string): Promise<Record<string, string>> {
    const known = bad.get(plane) ?? badTokens(server, audienceOf[plane] ?? audiences.arm);
    bad.set(plane, known);
    return known;
  }

  it("never lets a principal without roles, or a Reader, change anything that needs a right", async () => {
    for (const one of asked()) {
      if (typeof one.route.access === "string") continue;
      for (const caller of [stranger, reader]) {
        const before = await stateOf(server);
        const reply = await ask(caller, one);
        const isWrite = one.method !== "GET" && one.method !== "HEAD";
        assert.ok(
          reply.status < 500 || reply.status === 501,
          `${one.label}: ${reply.status} ${reply.text}`,
        );
        if (isWrite) {
          assert.ok(reply.status >= 400, `${one.label}: ${reply.status} ${reply.text}`);
          assert.equal(
            await stateOf(server),
            before,
            `${one.label}: a refused call changed something`,
          );
        }
      }
    }
  });

  it("never answers an Owner with 401, nor with a crash", async () => {
    for (const one of asked()) {
      const reply = await ask(server.admin, one);
      if (one.route.access !== "public")
        assert.notEqual(reply.status, 401, `${one.label}: ${reply.text}`);
      assert.ok(
        reply.status < 500 || reply.status === 501,
        `${one.label}: ${reply.status} ${reply.text}`,
      );
    }
  });

  it("is documented: source and summary", () => {
    for (const { route, label } of asked()) assert.ok(route.source && route.summary, label);
  });
});

/** A version that the plane knows. */
function versionOf({ plane, path }: Route): string {
  if (plane === "vault") return "7.4";
  if (plane === "sql") return "2018-08-01-preview";
  if (plane === "synapse") return path.includes("/rbac/") ? "2020-02-01-preview" : "2020-12-01";
  if (path.includes("eventtypes")) return "2015-04-01";
  return "2022-09-01";
}
