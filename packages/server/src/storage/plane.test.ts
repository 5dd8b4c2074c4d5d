import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { audiences, startServer, type TestServer } from "../../../../tests/fixture/server.ts";
import { createCaller } from "../../../../tests/registry/principal.ts";
import { createCrc64 } from "../platform/crc64.ts";
import { createLake, dataRoleIds, type TestLake } from "./testing/lake.ts";

const version = { "x-ms-version": "2023-11-03" };

describe("the storage endpoints", () => {
  let server: TestServer;
  let lake: TestLake;
  before(async () => {
    server = await startServer();
    lake = await createLake(server, "planelake", { isHnsEnabled: false });
    await keyed("PUT", "/data?restype=container");
  });
  after(() => server.close());

  /** Signs as the documentation says, with what the tests need of it. */
  async function keyed(
    method: string,
    path: string,
    options: {
      body?: string;
      headers?: Record<string, string>;
      key?: string;
      lite?: boolean;
      date?: Date;
    } = {},
  ) {
    const { body, key = lake.key, lite = false, date = new Date() } = options;
    const headers: Record<string, string> = {
      ...version,
      "x-ms-date": date.toUTCString(),
      "content-type": "text/plain",
      ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
      ...options.headers,
    };
    const canonical = Object.keys(headers)
      .filter((name) => name.startsWith("x-ms-"))
      .sort()
      .map((name) => `${name}:${headers[name]}\n`)
      .join("");
    const url = new URL(`https://x/storage/${lake.name}/blob${path}`);
    const md5 = headers["content-md5"] ?? "";
    const query = [...url.searchParams].sort().map(([name, value]) => `\n${name}:${value}`);
    const comp = url.searchParams.get("comp");
    const text = lite
      ? `${method}\n${md5}\ntext/plain\n\n${canonical}/${lake.name}${url.pathname}${comp ? `?comp=${comp}` : ""}`
      : `${method}\n\n\n${body ? Buffer.byteLength(body) : ""}\n${md5}\ntext/plain\n\n\n\n\n\n\n${canonical}/${lake.name}${url.pathname}${query.join("")}`;
    const signature = createHmac("sha256", Buffer.from(key, "base64"))
      .update(text)
      .digest("base64");
    return server.nobody.send(method, url.pathname + url.search, body, {
      headers: {
        ...headers,
        authorization: `SharedKey${lite ? "Lite" : ""} ${lake.name}:${signature}`,
      },
    });
  }

  const put = (name: string, body: string, headers: Record<string, string> = {}) =>
    keyed("PUT", `/data/${name}`, { body, headers: { "x-ms-blob-type": "BlockBlob", ...headers } });

  it("take Shared Key and Shared Key Lite, in time and with the right key only", async () => {
    assert.equal((await put("signed", "1")).status, 201);
    const listed = await keyed("GET", "/data?restype=container&comp=list&prefix=sig", {
      lite: true,
    });
    assert.equal(listed.status, 200, listed.text);
    assert.match(listed.text, /<Name>signed<\/Name>/);
    const other = Buffer.alloc(64, 1).toString("base64");
    const wrong = await keyed("GET", "/data/signed", { key: other });
    assert.equal(wrong.status, 403);
    assert.match(wrong.text, /<Code>AuthenticationFailed<\/Code>/);
    const old = await keyed("GET", "/data/signed", { date: new Date(Date.now() - 16 * 60_000) });
    assert.match(old.text, /Request date header too old/);
  });

  it("show a stored page on our own origin in a sandbox, so that it is none of the studio's", async () => {
    const text = "<script>alert(document.cookie)</script>";
    await put("page.html", text, { "x-ms-blob-content-type": "text/html" });
    const page = await keyed("GET", "/data/page.html");
    assert.equal(page.headers["content-type"], "text/html");
    assert.equal(page.headers["content-security-policy"], "sandbox; default-src 'none'");
  });

  it("void a key when it is replaced, and all keys when the account says so", async () => {
    const arm = "?api-version=2023-05-01";
    const post = (action: string, body?: unknown) =>
      server.admin.send("POST", `${lake.id}/${action}${arm}`, body);
    const patch = (allowSharedKeyAccess: boolean) =>
      server.admin.send("PATCH", `${lake.id}${arm}`, { properties: { allowSharedKeyAccess } });
    await patch(false);
    const refused = await keyed("GET", "/data/signed");
    assert.equal(refused.headers["x-ms-error-code"], "KeyBasedAuthenticationNotPermitted");
    await patch(true);
    const { keys } = (await post("regenerateKey", { keyName: "key1" })).body;
    assert.equal((await keyed("GET", "/data/signed")).status, 403);
    lake = { ...lake, key: keys[0].value };
    assert.equal((await keyed("GET", "/data/signed")).status, 200);
  });

  it("check sums of what comes and answer those of what they keep", async () => {
    const sum = (text: string) => createHash("md5").update(text).digest("base64");
    const crc = (text: string) => {
      const state = createCrc64();
      state.update(Buffer.from(text));
      return state.digest().toString("base64");
    };
    const rows: [Record<string, string>, string][] = [
      [{ "content-md5": sum("other") }, "Md5Mismatch"],
      [{ "content-md5": "bm90IG1kNQ==" }, "InvalidMd5"],
      [{ "x-ms-content-crc64": crc("other") }, "Crc64Mismatch"],
    ];
    for (const [headers, code] of rows) {
      const refused = await put("summed", "content", headers);
      assert.equal(refused.status, 400, refused.text);
      assert.equal(refused.headers["x-ms-error-code"], code);
      assert.equal((await keyed("GET", "/data/summed")).status, 404);
    }
    const both = { "content-md5": sum("content"), "x-ms-content-crc64": crc("content") };
    const kept = await put("summed", "content", both);
    assert.equal(kept.headers["content-md5"], sum("content"));
    assert.equal(kept.headers["x-ms-content-crc64"], crc("content"));
  });

  it("answer errors in XML and JSON, and with the code alone to HEAD", async () => {
    const blob = await keyed("GET", "/data/none");
    assert.equal(blob.headers["content-type"], "application/xml");
    assert.match(
      blob.text,
      /<Code>BlobNotFound<\/Code><Message>The specified blob does not exist\.\nRequestId:/,
    );
    const head = await keyed("HEAD", "/data/none");
    assert.deepEqual([head.status, head.headers["x-ms-error-code"]], [404, "BlobNotFound"]);
    const dfs = await server.nobody.send("GET", `/storage/${lake.name}/dfs/data/none`, undefined, {
      headers: version,
    });
    assert.equal(dfs.body.error.code, "NoAuthenticationInformation");
    assert.match(
      String(dfs.headers["www-authenticate"]),
      /resource_id=https:\/\/storage\.azure\.com/,
    );
    const ranged = await keyed("GET", "/data/signed", { headers: { "x-ms-range": "bytes=5-" } });
    assert.deepEqual([ranged.status, ranged.headers["x-ms-error-code"]], [416, "InvalidRange"]);
  });

  it("take tokens for themselves and for the account, and no others", async () => {
    const reader = await createCaller(server, { roleId: dataRoleIds.reader, scope: lake.id });
    const read = (audience: string, headers: Record<string, string> = version) =>
      reader.send("GET", `/storage/${lake.name}/blob/data/signed`, undefined, {
        audience,
        headers,
      });
    for (const audience of [
      audiences.storage,
      `https://${lake.name}.blob.core.windows.net`,
      `https://${lake.name}.dfs.core.windows.net/`,
    ])
      assert.equal((await read(audience)).status, 200, audience);
    for (const audience of [audiences.vault, "https://other.blob.core.windows.net"]) {
      const refused = await read(audience);
      assert.deepEqual(
        [refused.status, refused.headers["x-ms-error-code"]],
        [401, "InvalidAuthenticationInfo"],
      );
    }
    const old = await read(audiences.storage, { "x-ms-version": "2016-05-31" });
    assert.match(old.text, /Authentication scheme Bearer is not supported in this version/);
  });

  it("keep out networks that the account keeps out", async () => {
    const patch = (properties: unknown) =>
      server.admin.send("PATCH", `${lake.id}?api-version=2023-05-01`, { properties });
    const rules = (defaultAction: string, ipRules: { value: string }[]) =>
      patch({ networkAcls: { defaultAction, ipRules } });
    const code = async () => (await keyed("GET", "/data/signed")).headers["x-ms-error-code"];
    await rules("Deny", [{ value: "10.0.0.0/8" }]);
    assert.equal(await code(), "AuthorizationFailure");
    await rules("Deny", [{ value: "127.0.0.0/8" }]);
    assert.equal(await code(), undefined);
    await patch({
      networkAcls: { defaultAction: "Allow", ipRules: [] },
      publicNetworkAccess: "Disabled",
    });
    assert.equal(await code(), "AuthorizationFailure");
    await patch({ publicNetworkAccess: "Enabled" });
    assert.equal(await code(), undefined);
  });

  it("refuse by name what is not kept", async () => {
    const rows: [string, string, Record<string, string>, RegExp][] = [
      [
        "PUT",
        "/data/page",
        { "x-ms-blob-type": "PageBlob", "content-length": "0" },
        /A page blob is not supported/,
      ],
      ["PUT", "/data/signed?comp=snapshot", {}, /Snapshot Blob is not supported/],
      [
        "PUT",
        "/data/x",
        { "x-ms-blob-type": "BlockBlob", "x-ms-lease-action": "acquire" },
        /leases are taken and given back by requests of their own/,
      ],
      [
        "GET",
        "/data?restype=container&comp=list&showonly=files",
        {},
        /showonly.* is not supported/,
      ],
      ["GET", "/data/signed?snapshot=2026-01-01T00:00:00Z", {}, /without snapshots and versions/],
      [
        "PUT",
        "/data/x",
        { "x-ms-blob-type": "BlockBlob", "x-ms-encryption-scope": "mine" },
        /one encryption scope/,
      ],
      [
        "PUT",
        "/data/signed?comp=tier",
        { "x-ms-access-tier": "Archive" },
        /The access tier .*Archive.* is not supported/,
      ],
    ];
    for (const [method, path, headers, message] of rows) {
      const refused = await keyed(method, path, { headers });
      assert.equal(refused.status, 501, `${path} ${refused.text}`);
      assert.match(refused.text, message);
    }
    const queue = await server.nobody.send("GET", `/storage/${lake.name}/queue/messages`);
    assert.equal(queue.status, 501);
  });

  it("share containers with the resource manager, and their bytes go with them", async () => {
    const arm = "?api-version=2023-05-01";
    const id = `${lake.id}/blobServices/default/containers/shared`;
    await server.admin.send("PUT", `${id}${arm}`, { properties: { metadata: { a: "b" } } });
    const properties = await keyed("HEAD", "/shared?restype=container");
    assert.equal(properties.headers["x-ms-meta-a"], "b");
    const big = "x".repeat(50_000);
    const made = await keyed("PUT", "/shared/big", {
      body: big,
      headers: { "x-ms-blob-type": "BlockBlob" },
    });
    assert.equal(made.status, 201, made.text);
    const folder = join(server.contract.dataDir, "lake");
    const files = () =>
      readdirSync(folder).reduce((sum, name) => sum + readdirSync(join(folder, name)).length, 0);
    const before = files();
    assert.ok(before > 0);
    assert.equal((await server.admin.send("DELETE", `${id}${arm}`)).status, 200);
    const gone = await keyed("GET", "/shared/big");
    assert.equal(gone.headers["x-ms-error-code"], "ContainerNotFound");
    const deadlineMs = Date.now() + 5000;
    while (files() === before && Date.now() < deadlineMs) await new Promise(setImmediate);
    assert.equal(files(), before - 1);
    assert.ok(existsSync(folder));
  });

  it("write every change into the activity log", async () => {
    await put("logged", "1");
    const fromMs = Date.now() - 60_000;
    const events = await server.running.internals.store.read.activity({
      scope: lake.id.toLowerCase(),
      fromMs,
      toMs: Date.now() + 1000,
      limit: 50,
    });
    const found = events.find(({ scope }) => scope.endsWith("/blobs/logged"))?.body as {
      action: string;
      caller: string;
    };
    assert.match(found.action, /containers\/blobs\/write$/);
    assert.equal(found.caller, "account key key1");
  });
});
