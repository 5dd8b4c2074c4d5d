import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { createSite } from "./site.ts";

const script = `/* ${"a script that is worth compressing; ".repeat(100)} */`;
const files = new Map(
  Object.entries({
    "index.html": '<meta nonce="__CSP_NONCE__"><script nonce="__CSP_NONCE__"></script>',
    "assets/main-a1.js": script,
    "icon.svg": "<svg/>",
  }).map(([path, text]) => [path, Buffer.from(text)] as const),
);
let nonces = 0;
const site = createSite(files, () => {
  nonces += 1;
  return `nonce${nonces}`;
});
const ask = (path: string, headers: Record<string, string> = {}) => site({ path, headers });

test("Places of the app get the page, files that are not there get nothing", async () => {
  const rows: [string, boolean][] = [
    ["/", true],
    ["/index.html", true],
    ["/synapse/ws1/manage/linked-services", true],
    ["/portal/resource/providers/Microsoft.Synapse", true],
    ["/synapse/ws1/linked-services/my.link", true],
    ["/assets/gone-b2.js", false],
    ["/assets/anything", false],
    ["/favicon.ico", false],
    ["/../index.js", false],
    ["/deep/gone.css", false],
  ];
  for (const [path, isPage] of rows) {
    const answer = await ask(path);
    assert.equal(
      answer?.headers?.["content-type"],
      isPage ? "text/html; charset=utf-8" : undefined,
    );
  }
});

test("Each page has a nonce of its own, in its policy and in every place, and is never kept", async () => {
  const first = await ask("/");
  const second = await ask("/");
  const [, nonce] = /style-src 'self' 'nonce-(\w+)'/.exec(
    first?.headers?.["content-security-policy"] ?? "",
  ) ?? ["", "none"];
  assert.equal(first?.body, `<meta nonce="${nonce}"><script nonce="${nonce}"></script>`);
  assert.notEqual(second?.body, first?.body);
  assert.equal(first?.headers?.["cache-control"], "no-store");
  const policy = first?.headers?.["content-security-policy"] ?? "";
  assert.match(policy, /default-src 'none'; script-src 'self'; /);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/, "nothing from outside, nothing inline");
});

test("Files are compressed as the client takes them, and kept for ever where their name has a hash", async () => {
  const rows: [string, string | undefined, (bytes: Uint8Array) => Uint8Array][] = [
    ["gzip, deflate, br, zstd", "br", brotliDecompressSync],
    ["gzip, br;q=0", "gzip", gunzipSync],
    ["identity", undefined, (bytes) => bytes],
    ["", undefined, (bytes) => bytes],
  ];
  for (const [accepted, encoding, decode] of rows) {
    const answer = await ask("/assets/main-a1.js", { "accept-encoding": accepted });
    assert.equal(answer?.headers?.["content-encoding"], encoding, accepted);
    assert.equal(Buffer.from(decode(answer?.body as Uint8Array)).toString(), script);
    assert.match(answer?.headers?.["cache-control"] ?? "", /immutable/);
    assert.equal(answer?.headers?.vary, "accept-encoding");
  }
  const icon = await ask("/icon.svg", { "accept-encoding": "br" });
  assert.equal(icon?.headers?.["content-encoding"], undefined, "too small to be worth it");
  assert.equal(icon?.headers?.["cache-control"], "no-cache");
});

test("Who has a file already is told so", async () => {
  const { headers } = (await ask("/icon.svg")) ?? {};
  const etag = headers?.etag ?? "";
  assert.equal((await ask("/icon.svg", { "if-none-match": `"x", ${etag}` }))?.status, 304);
  assert.equal((await ask("/icon.svg", { "if-none-match": '"x"' }))?.status, 200);
});
