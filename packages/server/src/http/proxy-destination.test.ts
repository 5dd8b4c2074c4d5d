import assert from "node:assert/strict";
import { test } from "node:test";
import { mintProxyCredential, verifyProxyCredential } from "./proxy-credential.ts";
import { allows, decideDestination, parseDestination } from "./proxy-destination.ts";

test("a CONNECT target is host:port and nothing else", () => {
  const rows = [
    ["Management.Azure.com:443", { host: "management.azure.com", port: 443 }],
    ["management.azure.com.:443", { host: "management.azure.com", port: 443 }],
    ["[::1]:8443", { host: "::1", port: 8443 }],
    ["127.0.0.1:1", { host: "127.0.0.1", port: 1 }],
    ["management.azure.com", undefined],
    ["management.azure.com:0", undefined],
    ["management.azure.com:65536", undefined],
    ["user@management.azure.com:443", undefined],
    ["https://management.azure.com:443", undefined],
    ["a b:443", undefined],
    ["::1:443", undefined],
    [":443", undefined],
    ["", undefined],
  ] as const;
  for (const [target, expected] of rows) {
    assert.deepEqual(parseDestination(target), expected, target);
  }
});

test("a pattern of --allow covers what it names", () => {
  const rows = [
    ["index.example", "index.example", 443, true],
    ["index.example", "index.example", 8080, true],
    ["index.example", "files.index.example", 443, false],
    ["index.example", "notindex.example", 443, false],
    ["index.example:443", "index.example", 443, true],
    ["index.example:443", "index.example", 8443, false],
    ["*.index.example", "files.index.example", 443, true],
    ["*.index.example", "index.example", 443, false],
    ["*.index.example", "notindex.example", 443, false],
    ["*.index.example:443", "files.index.example", 22, false],
    ["[::1]:5000", "::1", 5000, true],
    ["[::1]", "::1", 5000, true],
  ] as const;
  for (const [pattern, host, port, expected] of rows) {
    assert.equal(allows(pattern, { host, port }), expected, `${pattern} ${host}:${port}`);
  }
});

test("hosts of the table end here whatever a run allows; others are refused by name", () => {
  const rules = { servesHost: (host: string) => host === "graph.microsoft.com", originPort: 8443 };
  const credential = { id: "1", allow: ["index.example", "graph.microsoft.com"] };
  const rows = [
    ["graph.microsoft.com", 443, "here"],
    ["graph.microsoft.com", 1433, "refuse"],
    ["localhost", 8443, "here"],
    ["127.0.0.1", 8443, "here"],
    ["localhost", 9000, "refuse"],
    ["index.example", 443, "tunnel"],
    ["example.com", 443, "refuse"],
  ] as const;
  for (const [host, port, kind] of rows) {
    const decision = decideDestination({ host, port }, credential, rules);
    assert.equal(decision.kind, kind, `${host}:${port}`);
    if (decision.kind === "refuse") assert.ok(decision.reason.includes(host));
  }
  const refused = decideDestination({ host: "example.com", port: 443 }, credential, rules);
  assert.match(refused.kind === "refuse" ? refused.reason : "", /--allow example\.com /);
});

test("a credential is valid under its own key only, and cannot be widened", () => {
  const key = Buffer.alloc(32, 1);
  const credential = { id: "run-1", allow: ["index.example"] };
  const { user, password } = mintProxyCredential({ key, credential });
  assert.match(user + password, /^[A-Za-z0-9_-]+$/);
  assert.deepEqual(verifyProxyCredential({ key, user, password }), credential);
  const wider = Buffer.from(JSON.stringify({ id: "run-1", allow: ["*.com"] })).toString(
    "base64url",
  );
  const rows = [
    { key: Buffer.alloc(32, 2), user, password },
    { key, user: wider, password },
    { key, user, password: "" },
    { key, user, password: `${password.slice(0, -2)}AA` },
    { key, user: "", password: "" },
  ];
  for (const row of rows) assert.equal(verifyProxyCredential(row), undefined);
});
