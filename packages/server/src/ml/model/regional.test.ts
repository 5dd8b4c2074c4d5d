import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  type Caller,
  type Reply,
  startServer,
  type TestServer,
} from "../../../../../tests/fixture/server.ts";
import { createCaller, roleIds } from "../../../../../tests/registry/principal.ts";
import { readFixture } from "../../../../scoring/test/fixture.ts";

describe("models on the regional endpoint, as SDK v1 uses it", () => {
  let server: TestServer;
  let workspace: string;
  let reader: Caller;
  const onnx = Buffer.from(readFixture("pipeline-ridge"));
  let laterMs = 0;
  const clock = { now: () => new Date(Date.now() + laterMs) };

  before(async () => {
    server = await startServer({ clock });
    const group = `${server.subscription}/resourceGroups/v1models`;
    workspace = `${group}/providers/Microsoft.MachineLearningServices/workspaces/ml1`;
    const put = async (path: string, body: unknown) => {
      const reply = await server.admin.send("PUT", path, body);
      assert.ok(reply.status < 300, reply.text);
    };
    await put(`${group}?api-version=2022-09-01`, { location: "westeurope" });
    await put(`${workspace}?api-version=2022-10-01`, { location: "westeurope", properties: {} });
    reader = await createCaller(server, { roleId: roleIds.reader, scope: group });
  });
  after(() => server.close());

  const send = (method: string, service: string, path: string, body?: unknown, as = server.admin) =>
    as.send(method, `/ml/westeurope/${service}${workspace}${path}`, body);
  const artifact = (method: string, path: string, body?: unknown, as?: Caller) =>
    send(method, "artifact/v2.0", `/artifacts/${path}`, body, as);
  const management = (method: string, path: string, body?: unknown, as?: Caller) =>
    send(method, "modelmanagement/v1.0", path, body, as);
  const follow = async (link: string) => {
    const { pathname, search } = new URL(link);
    return server.nobody.send("GET", pathname + search);
  };

  it("keeps artifacts: uploaded, described, listed, downloaded with and without a token", async () => {
    const made = await artifact("POST", "LocalUpload/box1/content?path=outputs/model.onnx", onnx);
    assert.equal(made.status, 200, made.text);
    assert.equal(made.body.artifactId, "LocalUpload/box1/outputs/model.onnx");
    const described = await artifact("GET", "localupload/box1/metadata?path=outputs/model.onnx");
    assert.deepEqual(described.body, made.body);
    const listed = await artifact("GET", "LocalUpload/box1?path=outputs");
    assert.deepEqual(
      listed.body.value.map(({ path }: { path: string }) => path),
      ["outputs/model.onnx"],
    );
    const content = await artifact("GET", "LocalUpload/box1/content?path=outputs/model.onnx");
    assert.equal(content.headers["content-length"], String(onnx.length));
    const info = await artifact("GET", "LocalUpload/box1/contentinfo?path=outputs/model.onnx");
    const followed = await follow(info.body.contentUri);
    assert.equal(followed.status, 200);
    assert.equal(followed.text, onnx.toString("utf8"));
    const tampered = info.body.contentUri.replace(/.{4}$/, "AAAA");
    assert.equal((await follow(tampered)).status, 403);
    laterMs = 3_601_000;
    assert.equal((await follow(info.body.contentUri)).status, 403);
    laterMs = 0;
  });

  it("does not replace an artifact unless told to, and tells cases of names apart", async () => {
    const again = await artifact("POST", "LocalUpload/box1/content?path=outputs/model.onnx", onnx);
    assert.deepEqual([again.status, again.body.error.code], [409, "ArtifactAlreadyExists"]);
    const allowed = await artifact(
      "POST",
      "LocalUpload/box1/content?path=outputs/model.onnx&allowOverwrite=true",
      onnx,
    );
    assert.equal(allowed.status, 200);
    const other = await artifact("GET", "LocalUpload/box1/metadata?path=outputs/MODEL.onnx");
    assert.equal(other.status, 404);
  });

  it("refuses paths that lead out, unknown origins and parts of files", async () => {
    const rows: [string, number, string][] = [
      ["LocalUpload/box1/content?path=a/../../b", 400, "InvalidParameter"],
      ["LocalUpload/box1/content", 400, "InvalidParameter"],
      ["Elsewhere/box1/content?path=a", 400, "InvalidParameter"],
      ["LocalUpload/box1/content?path=a&append=true", 501, "NotSupportedHere"],
      ["LocalUpload/box1/batch/metadata", 400, "InvalidParameter"],
      ["register", 501, "NotSupportedHere"],
    ];
    for (const [path, status, code] of rows) {
      const reply = await artifact("POST", path, {});
      assert.deepEqual([reply.status, reply.body.error?.code], [status, code], path);
    }
  });

  it("gives links to upload to, each for one artifact and once", async () => {
    const paths = [{ path: "m/model.onnx" }, { path: "m/notes.txt" }];
    const made = await artifact("POST", "batch/metadata/LocalUpload/box2", { paths });
    assert.equal(made.status, 200, made.text);
    const link = new URL(made.body.artifactContentInformation["m/notes.txt"].contentUri);
    const put = (path: string) =>
      server.nobody.send("PUT", path, Buffer.from("notes"), {
        headers: { "x-ms-blob-type": "BlockBlob", "content-type": "application/octet-stream" },
      });
    const blocks = await put(`${link.pathname}${link.search}&comp=block&blockid=AA`);
    assert.equal(blocks.body.error.code, "NotSupportedHere");
    const sent = await put(link.pathname + link.search);
    assert.equal(sent.status, 201, sent.text);
    assert.ok(sent.headers.etag && sent.headers["last-modified"]);
    assert.equal((await put(link.pathname + link.search)).status, 409);
    assert.equal((await follow(link.href)).status, 403);
    const content = await artifact("GET", "LocalUpload/box2/content?path=m/notes.txt");
    assert.equal(content.text, "notes");
    const asReader = await artifact("POST", "batch/metadata/LocalUpload/box2", { paths }, reader);
    assert.equal(asReader.status, 403);
  });

  it("registers from an asset, numbers versions, and shows what was said", async () => {
    const asset = await management("POST", "/assets", {
      name: "ridge",
      artifacts: [{ prefix: "LocalUpload/box1/outputs/model.onnx" }],
    });
    assert.equal(asset.status, 200, asset.text);
    const body = {
      name: "ridge",
      url: `aml://asset/${asset.body.id}`,
      mimeType: "application/x-python",
      framework: "ScikitLearn",
      frameworkVersion: "1.5",
      kvTags: { area: "demo" },
      properties: { rows: "10" },
      description: "A ridge",
      unpack: false,
    };
    const first = await management("POST", "/models", body);
    assert.equal(first.status, 200, first.text);
    const { id, version, framework, frameworkVersion, mimeType, kvTags, properties } = first.body;
    assert.deepEqual(
      { id, version, framework, frameworkVersion, mimeType, kvTags, properties },
      {
        id: "ridge:1",
        version: 1,
        framework: "ScikitLearn",
        frameworkVersion: "1.5",
        mimeType: "application/x-python",
        kvTags: { area: "demo" },
        properties: { rows: "10" },
      },
    );
    assert.equal(first.body.url, body.url);
    const { contentUri } = first.body.callosum.files[0];
    assert.equal((await follow(contentUri)).text, onnx.toString("utf8"));
    const more = await Promise.all([1, 2, 3].map(() => management("POST", "/models", body)));
    assert.deepEqual(more.map((reply) => reply.body.id).sort(), ["ridge:2", "ridge:3", "ridge:4"]);
  });

  it("shows one registry in both dialects", async () => {
    const path = `${workspace}/models/ridge/versions/1?api-version=2022-10-01`;
    const { body } = await server.admin.send("GET", path);
    assert.equal(
      body.properties.modelUri,
      "azureml://datastores/workspaceartifactstore/paths/LocalUpload/box1/outputs/model.onnx",
    );
    assert.equal(body.properties.v1, undefined);
    const container = await server.admin.send(
      "GET",
      `${workspace}/models/ridge?api-version=2022-10-01`,
    );
    assert.equal(container.body.properties.nextVersion, "5");
  });

  it("lists by name, tags and framework, ordered and page by page", async () => {
    const direct = await management("POST", "/models", {
      name: "other",
      url: "aml://artifact/LocalUpload/box1/outputs",
      mimeType: "application/octet-stream",
    });
    assert.equal(direct.status, 200, direct.text);
    assert.equal(direct.body.framework, "Onnx");
    const ids = async (query: string) => {
      const reply = await management("GET", `/models${query}`);
      assert.equal(reply.status, 200, reply.text);
      return reply.body.value.map((model: { id: string }) => model.id);
    };
    assert.deepEqual((await ids("?name=ridge&orderBy=CreatedAtAsc"))[0], "ridge:1");
    assert.equal((await ids("")).length, 5);
    assert.deepEqual(await ids("?latestVersionOnly=true"), ["other:1", "ridge:4"]);
    assert.deepEqual(await ids("?framework=Onnx"), ["other:1"]);
    assert.equal((await ids("?tags=area=demo")).length, 4);
    assert.deepEqual(await ids("?tags=area=none"), []);
    const page = await management("GET", "/models?count=2&name=ridge");
    assert.equal(page.body.value.length, 2);
    const { pathname, search } = new URL(page.body.nextLink);
    const next = await server.admin.send("GET", pathname + search);
    assert.equal(next.body.value.length, 2);
    assert.equal(next.body.nextLink, undefined);
    assert.equal((await management("GET", "/models?orderBy=Size")).body.code, "InvalidParameter");
  });

  it("pages through a long list to its end", async () => {
    const found: string[] = [];
    let path: string | undefined = "/models?count=1&name=ridge";
    for (let pages = 0; path !== undefined && pages < 10; pages += 1) {
      const { body }: Reply = await management("GET", path);
      found.push(...body.value.map(({ id }: { id: string }) => id));
      path = body.nextLink && `/models${new URL(body.nextLink).search}`;
    }
    assert.deepEqual(found, ["ridge:4", "ridge:3", "ridge:2", "ridge:1"]);
  });

  it("numbers versions that are registered at once, one after the other", async () => {
    const body = { name: "rush", url: "aml://artifact/LocalUpload/box1/outputs/model.onnx" };
    const register = () => management("POST", "/models", { ...body, mimeType: "a/b" });
    const replies = await Promise.all(Array.from({ length: 12 }, register));
    const numbers = replies.map(({ body: { version } }) => version).sort((a, b) => a - b);
    assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    for (const number of numbers) await management("DELETE", `/models/rush:${number}`);
  });

  it("changes of one version at once all count, and leave the rest as it was", async () => {
    const path = `${workspace}/models/ridge/versions/2?api-version=2022-10-01`;
    await server.admin.send("PUT", path, { properties: { stage: "Production" } });
    const patch = (operations: unknown) => management("PATCH", "/models/ridge:2", operations);
    const keys = ["a", "b", "c", "d", "e", "f~1g~0h"];
    await Promise.all(
      keys.map((key) => patch([{ op: "add", path: `/kvTags/${key}`, value: key.length }])),
    );
    const { body } = await management("GET", "/models/ridge:2");
    assert.deepEqual(Object.keys(body.kvTags).sort(), ["a", "b", "c", "d", "e", "f/g~h"]);
    const version = await server.admin.send("GET", path);
    assert.equal(version.body.properties.stage, "Production");
    for (const wrong of [
      [null],
      ["x"],
      [{}],
      [{ op: "move", path: "/kvTags/a" }],
      [{ op: "add", path: "/kvTags/a/b", value: "c" }],
      [{ op: "add", path: "/kvTags", value: "c" }],
      {},
    ]) {
      assert.equal((await patch(wrong)).status, 400, JSON.stringify(wrong));
    }
  });

  it("reads the latest by name, changes tags and description, and deletes", async () => {
    assert.equal((await management("GET", "/models/ridge")).body.id, "ridge:4");
    const changed = await management("PATCH", "/models/ridge:1", [
      { op: "add", path: "/kvTags/stage", value: "test" },
      { op: "remove", path: "/kvTags/area" },
      { op: "replace", path: "/description", value: "New" },
    ]);
    assert.equal(changed.status, 200, changed.text);
    assert.deepEqual([changed.body.kvTags, changed.body.description], [{ stage: "test" }, "New"]);
    const fixed = await management("PATCH", "/models/ridge:1", [
      { op: "replace", path: "/url", value: "x" },
    ]);
    assert.equal(fixed.body.code, "InvalidParameter");
    assert.equal((await management("DELETE", "/models/ridge:1")).status, 200);
    assert.equal((await management("DELETE", "/models/ridge:1")).status, 204);
    const gone = await management("GET", "/models/ridge:1");
    assert.deepEqual(
      [gone.status, gone.body.code, gone.body.statusCode],
      [404, "ModelNotFound", 404],
    );
  });

  it("the default datastore is the workspace's storage account, and only when there is one", async () => {
    const none = await send("GET", "datastore/v1.0", "/default");
    assert.deepEqual([none.status, none.body.error.code], [404, "DatastoreNotFound"]);
    const account = `${workspace.split("/providers/")[0]}/providers/Microsoft.Storage/storageAccounts/v1store`;
    await server.admin.send("PUT", `${account}?api-version=2023-05-01`, {
      location: "westeurope",
      sku: { name: "Standard_LRS" },
      kind: "StorageV2",
      properties: {},
    });
    const ml2 = workspace.replace(/ml1$/, "ml2");
    await server.admin.send("PUT", `${ml2}?api-version=2022-10-01`, {
      location: "westeurope",
      properties: { storageAccount: account },
    });
    const { body } = await server.admin.send("GET", `/ml/westeurope/datastore/v1.0${ml2}/default`);
    assert.equal(body.name, "workspaceblobstore");
    assert.equal(body.azureStorageSection.accountName, "v1store");
    assert.match(body.azureStorageSection.containerName, /^azureml-blobstore-/);
    const list = await server.admin.send("GET", `/ml/westeurope/datastore/v1.0${ml2}/datastores`);
    const shown = list.body.value.map((each: { name: string; dataStoreType: string }) => [
      each.name,
      each.dataStoreType,
    ]);
    assert.deepEqual(shown, [
      ["workspaceartifactstore", "AzureBlob"],
      ["workspaceblobstore", "AzureBlob"],
      ["workspacefilestore", "AzureFile"],
      ["workspaceworkingdirectory", "AzureFile"],
    ]);
  });

  it("asks for a token, then for the right, then for the workspace", async () => {
    const stranger = await createCaller(server);
    const rows = [
      ["GET", "modelmanagement/v1.0", "/models"],
      ["POST", "modelmanagement/v1.0", "/models"],
      ["GET", "artifact/v2.0", "/artifacts/LocalUpload/box1"],
      ["POST", "artifact/v2.0", "/artifacts/LocalUpload/box1/content?path=x"],
      ["GET", "datastore/v1.0", "/datastores"],
    ] as const;
    for (const [method, service, path] of rows) {
      const body = method === "POST" ? {} : undefined;
      assert.equal((await send(method, service, path, body, server.nobody)).status, 401, path);
      assert.equal((await send(method, service, path, body, stranger)).status, 403, path);
      const asReader = await send(method, service, path, body, reader);
      assert.equal(asReader.status, method === "GET" ? 200 : 403, `${path}: ${asReader.text}`);
      const missing = `/ml/westeurope/${service}${workspace.replace(/ml1$/, "none")}${path}`;
      assert.equal((await server.admin.send(method, missing, body)).status, 404, path);
    }
  });
});
