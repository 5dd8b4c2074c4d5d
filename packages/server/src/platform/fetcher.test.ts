// The fetcher's rules, with a server of our own in the place of the world: whom it asks, what it
// follows, where it stops.

import assert from "node:assert/strict";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { createFetcher, FetchRefused, isPublic } from "./fetcher.ts";

const pages: Readonly<Record<string, (response: ServerResponse) => void>> = {
  "/text": (response) => response.end("hello"),
  "/missing": (response) => response.writeHead(404).end(),
  "/long": (response) => response.end("x".repeat(200)),
  "/silent": () => {},
  "/there": (response) => response.writeHead(302, { location: "/text" }).end(),
  "/round": (response) => response.writeHead(302, { location: "/round" }).end(),
  "/away": (response) => response.writeHead(302, { location: "https://other.example/text" }).end(),
  "/inside": (response) => response.writeHead(302, { location: "https://in.example/text" }).end(),
  "/plain": (response) => response.writeHead(302, { location: "http://a.example/text" }).end(),
};
const server = createServer((asked: IncomingMessage, response) =>
  pages[asked.url ?? ""]?.(response),
);
let port = 0;

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const addresses: Readonly<Record<string, readonly string[]>> = {
  "a.example": ["93.184.215.14"],
  "in.example": ["10.0.0.7"],
  "both.example": ["93.184.215.14", "127.0.0.1"],
  "below.list.example": ["2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
};

const fetcher = createFetcher({
  hosts: ["a.example", "in.example", "both.example", "*.list.example", "127.0.0.1", "none.example"],
  lookup: async (host) =>
    (addresses[host] ?? []).map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
  // The checked address is where the request goes; here it is led to our own server.
  request: (url, { signal }) =>
    request({ host: "127.0.0.1", port, path: url.pathname, ...(signal && { signal }) }),
});

const get = async (url: string, limits?: Parameters<typeof fetcher.get>[1]) =>
  Buffer.from(await fetcher.get(url, limits)).toString();

test("a listed host is asked, and followed to a listed one", async () => {
  assert.equal(await get("https://a.example/text"), "hello");
  assert.equal(await get("https://a.example/there"), "hello");
  assert.equal(await get("https://below.list.example/text"), "hello");
});

test("everything else is refused with its reason", async () => {
  const rows: readonly [string, RegExp][] = [
    ["nonsense", /not a URL/],
    ["http://a.example/text", /Only https/],
    ["file:///etc/passwd", /Only https/],
    ["https://user@a.example/text", /user name/],
    ["https://a.example:8443/text", /port 443/],
    ["https://other.example/text", /'other\.example' is not listed/],
    ["https://list.example/text", /is not listed/],
    ["https://evil-list.example/text", /is not listed/],
    ["https://in.example/text", /not public/],
    ["https://both.example/text", /not public/],
    ["https://127.0.0.1/text", /not public/],
    ["https://none.example/text", /no address/],
    ["https://a.example/missing", /status 404/],
    ["https://a.example/round", /more than 5 times/],
    ["https://a.example/away", /'other\.example' is not listed/],
    ["https://a.example/inside", /not public/],
    ["https://a.example/plain", /Only https/],
  ];
  for (const [url, reason] of rows) {
    await assert.rejects(get(url), (error) => {
      assert.ok(error instanceof FetchRefused, `${url}: ${String(error)}`);
      assert.match(error.message, reason, url);
      return true;
    });
  }
});

test("size and time have limits", async () => {
  await assert.rejects(get("https://a.example/long", { bytesMax: 100 }), /more than 100 bytes/);
  await assert.rejects(get("https://a.example/silent", { timeoutMs: 50 }), /within 0\.05 s/);
});

test("addresses of the public internet are told from all others", () => {
  const open = ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "172.32.0.1"];
  const shut = ["127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.169.254"].concat(
    ["100.64.0.1", "0.0.0.0", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1"],
    ["::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "2002:7f00:1::", "localhost", ""],
  );
  assert.deepEqual(
    open.filter((address) => !isPublic(address)),
    [],
  );
  assert.deepEqual(shut.filter(isPublic), []);
});
