import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { audiences, type Caller, startServer, type TestServer } from "../fixture/server.ts";
import { badTokens, createCaller, roleIds, stateOf } from "./principal.ts";
import {
  bodyOf,
  definitions,
  type Endpoint,
  endpointsOf,
  exampleOf,
  groupName,
  pathOf,
  refusedResources,
  versionOf,
} from "./resource-endpoint.ts";

/** Types without an example to create: they exist with their parent. The list only shrinks. */
const comeWithTheirParent = new Set(
  definitions.filter((definition) => !exampleOf(definition)).map(({ type }) => type),
);

/** Writes that Contributor may not do although it may write the type (features.md D-03, D-16). */
const ownersOnly = new Set(["PUT Microsoft.MachineLearningServices/workspaces/linkedServices"]);

describe("every resource endpoint", () => {
  let server: TestServer;
  let stranger: Caller;
  let reader: Caller;
  let contributor: Caller;
  before(async () => {
    server = await startServer();
    for (const definition of definitions) {
      const body = bodyOf(server, definition);
      if (body === undefined) continue;
      const reply = await server.admin.send(
        "PUT",
        `${pathOf(server, definition)}?${versionOf(definition)}`,
        body,
      );
      assert.ok(
        reply.status >= 200 && reply.status < 300,
        `${definition.type}: ${reply.status} ${reply.text}`,
      );
    }
    const scope = `${server.subscription}/resourceGroups/${groupName}`;
    stranger = await createCaller(server);
    reader = await createCaller(server, { roleId: roleIds.reader, scope });
    contributor = await createCaller(server, { roleId: roleIds.contributor, scope });
  });
  after(() => server.close());

  const all = (): Endpoint[] =>
    definitions.flatMap((definition) => endpointsOf(server, definition));

  async function refused(
    endpoint: Endpoint,
    caller: Caller,
    status: number,
    extra = {},
  ): Promise<void> {
    const before = await stateOf(server);
    const reply = await caller.send(endpoint.method, endpoint.path, endpoint.body, extra);
    assert.equal(reply.status, status, `${endpoint.name}: ${reply.status} ${reply.text}`);
    assert.equal(
      await stateOf(server),
      before,
      `${endpoint.name}: a refused call changed something`,
    );
  }

  it("answers 401 to nobody and to every bad token, and changes nothing", async () => {
    const tokens = await badTokens(server, audiences.arm);
    for (const endpoint of all()) {
      await refused(endpoint, server.nobody, 401);
      for (const token of Object.values(tokens))
        await refused(endpoint, server.admin, 401, { token });
    }
  });

  it("answers 403 to a principal without roles, or an empty list", async () => {
    for (const endpoint of all()) {
      const isScopeList = endpoint.kind === "list" && isTopLevel(endpoint);
      if (!isScopeList) {
        await refused(endpoint, stranger, 403);
        continue;
      }
      const reply = await stranger.send(endpoint.method, endpoint.path);
      assert.deepEqual([reply.status, reply.body.value], [200, []], endpoint.name);
    }
  });

  it("lets a Reader read and nothing else", async () => {
    for (const endpoint of all()) {
      const isRead = endpoint.kind === "get" || endpoint.kind === "list";
      if (!isRead) {
        if (endpoint.kind !== "action" || !isReadAction(endpoint))
          await refused(endpoint, reader, 403);
        continue;
      }
      const reply = await reader.send(endpoint.method, endpoint.path);
      const expected = endpoint.kind === "get" && !exists(endpoint) ? 404 : 200;
      assert.equal(reply.status, expected, `${endpoint.name}: ${reply.status} ${reply.text}`);
    }
  });

  it("lets a Contributor write what does not need an Owner", async () => {
    for (const endpoint of all()) {
      if (endpoint.kind !== "write") continue;
      if (ownersOnly.has(endpoint.name)) {
        await refused(endpoint, contributor, 403);
        continue;
      }
      const reply = await contributor.send(endpoint.method, endpoint.path, endpoint.body);
      assert.ok(reply.status < 300, `${endpoint.name}: ${reply.status} ${reply.text}`);
    }
  });

  it("refuses unknown api-versions with the list of known ones", async () => {
    for (const definition of definitions) {
      const reply = await server.admin.send(
        "GET",
        `${pathOf(server, definition)}?api-version=1999-01-01`,
      );
      assert.equal(reply.status, 400, definition.type);
      assert.equal(reply.body.error.code, "NoRegisteredProviderFound");
      for (const known of definition.apiVersions)
        assert.ok(reply.body.error.message.includes(known));
    }
  });

  it("refuses every documented type that is not run by name", async () => {
    for (const { type, reason } of refusedResources) {
      const path = pathOf(server, { type } as never);
      const reply = await server.admin.send("GET", `${path}?api-version=2021-06-01`);
      assert.equal(reply.body.error?.code, "NotSupportedHere", `${type}: ${reply.text}`);
      assert.ok(reply.body.error.message.includes(reason), type);
    }
  });

  it("lets an Owner read all, act and delete, children first", async () => {
    const gone = new Set<string>();
    for (const endpoint of all().filter(({ kind }) => kind === "get" || kind === "list")) {
      const reply = await server.admin.send(endpoint.method, endpoint.path);
      const expected = endpoint.kind === "get" && !exists(endpoint) ? 404 : 200;
      assert.equal(reply.status, expected, `${endpoint.name}: ${reply.status} ${reply.text}`);
    }
    for (const endpoint of all()
      .reverse()
      .filter(({ kind }) => kind === "delete")) {
      const query = deletionQuery(endpoint);
      const reply = await server.admin.send("DELETE", `${endpoint.path}${query}`);
      assert.ok(
        [200, 202, 204].includes(reply.status),
        `${endpoint.name}: ${reply.status} ${reply.text}`,
      );
      gone.add(endpoint.path);
    }
    for (const path of gone) {
      const reply = await server.admin.send("GET", path);
      assert.ok(
        [404, 200].includes(reply.status) && !(reply.status === 200 && !comesBack(path)),
        path,
      );
    }
  });

  function comesBack(path: string): boolean {
    return definitions.some(
      (definition) => definition.preset && path.startsWith(pathOf(server, definition)),
    );
  }

  it("has examples for all types but those that come with their parent", () => {
    assert.deepEqual(
      [...comeWithTheirParent].filter(
        (type) =>
          !/privateEndpointConnections|privateLinkResources|integrationRuntimes|libraries/i.test(
            type,
          ) && !hasPreset(type),
      ),
      [],
    );
  });
});

/** Types whose deletion must be told how. */
function deletionQuery({ definition }: Endpoint): string {
  if (definition.type.endsWith("/computes")) return "&underlyingResourceAction=Detach";
  return definition.type.endsWith("workspaces/linkedServices") ? "&cascade=true" : "";
}

/** Whether the walk has made one, or one comes by itself. */
function exists({ definition }: Endpoint): boolean {
  return exampleOf(definition) !== undefined || definition.preset !== undefined;
}

function hasPreset(type: string): boolean {
  return definitions.some(
    (definition) => definition.type === type && definition.preset !== undefined,
  );
}

function isTopLevel({ definition }: Endpoint): boolean {
  return definition.type.split("/").length === 2 || definition.type.endsWith("/resourceGroups");
}

function isReadAction({ definition, name }: Endpoint): boolean {
  const action = Object.entries(definition.actions ?? {}).find(([key]) => name.endsWith(`/${key}`));
  return /\/read$/i.test(action?.[1].action ?? "");
}
