// LOGIN7 as values: workspace and user, versions, features; PRELOGIN's encryption table.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseFederatedToken, parseLogin, resolveWorkspace } from "./login.ts";
import { settle } from "./login-reply.ts";
import { encryption, negotiateEncryption } from "./prelogin.ts";
import { loginPayload } from "./testing/raw-client.ts";

const workspaces: [sni: string | undefined, serverName: string, user: string, expected: string][] =
  [
    ["ws1.sql.azuresynapse.net", "", "sa", "ws1 sa"],
    ["ws1.sql.azuresynapse.net", "other", "sa", "ws1 sa"],
    ["ws1.sql.azuresynapse.net", "", "sa@ws1", "ws1 sa"],
    ["ws1.sql.azuresynapse.net", "", "sa@WS1.sql.azuresynapse.net", "ws1 sa"],
    ["ws1.sql.azuresynapse.net", "", "alice@contoso.com", "ws1 alice@contoso.com"],
    [undefined, "ws2.sql.azuresynapse.net", "sa", "ws2 sa"],
    [undefined, "tcp:ws2.sql.azuresynapse.net,1433", "sa", "ws2 sa"],
    [undefined, "ws2\\instance", "sa", "ws2 sa"],
    ["localhost", "ws3", "sa", "ws3 sa"],
    ["localhost", "localhost,1433", "sa@ws4", "ws4 sa"],
    [undefined, "127.0.0.1", "sa@ws4", "ws4 sa"],
    [undefined, "section", "sa@ws5", "ws5 sa"],
    [undefined, "ws2.sql.azuresynapse.net", "alice@contoso.com", "ws2 alice@contoso.com"],
    [undefined, "::1", "a@b@ws4", "ws4 a@b"],
    [undefined, "", "sa", " sa"],
    ["ws1.localhost", "", "sa", "ws1 sa"],
  ];

describe("the workspace is SNI's, else ServerName's, else the user's", () => {
  for (const [sni, serverName, user, expected] of workspaces) {
    test(`${sni}, ${serverName}, ${user} gives ${expected}`, () => {
      const named = resolveWorkspace({ sni, serverName, user });
      assert.equal(`${named.workspace} ${named.user}`, expected);
    });
  }
});

test("LOGIN7's fields are read and its password is made readable", () => {
  const fields = { user: "sà", password: "P€ss wörd 1", serverName: "srv", database: "pool" };
  const login = parseLogin(loginPayload({ ...fields, packetBytes: 8000 }));
  const { user, password, serverName, database, packetBytes, applicationName } = login;
  assert.deepEqual({ user, password, serverName, database }, fields);
  assert.deepEqual({ packetBytes, applicationName }, { packetBytes: 8000, applicationName: "raw" });
});

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

test("features and a security token are read", () => {
  const features = hex("02 0b000000 03 06000000 610062006300 0a 00000000 09 01000000 00 ff");
  const login = parseLogin(loginPayload({ user: "", password: "", features }));
  assert.deepEqual(login.federated, { library: "securityToken", token: "abc", echo: true });
  assert.deepEqual([...login.features], [2, 10, 9]);
});

test("the token message of the ADAL workflow carries two lengths that must agree", () => {
  assert.equal(parseFederatedToken(hex("08000000 04000000 61006200")), "ab");
  assert.throws(() => parseFederatedToken(hex("09000000 04000000 61006200")), /wrong length/);
  assert.throws(() => parseFederatedToken(hex("08000000 05000000 61006200")), /5 bytes needed/);
});

const versions: [wanted: number, strict: boolean, tdsVersion: number, compactRows: boolean][] = [
  [0x730a0003, false, 0x730a0003, false],
  [0x730b0003, false, 0x730b0003, true],
  [0x74000004, false, 0x74000004, true],
  [0x7f000000, false, 0x74000004, true],
  [0x08000000, true, 0x08000000, true],
  [0x08000000, false, 0x74000004, true],
];

test("the version is the client's, ours at most, and 8.0 only where TLS came first", () => {
  for (const [wanted, strict, tdsVersion, compactRows] of versions) {
    const login = parseLogin(loginPayload({ user: "", password: "", tdsVersion: wanted }));
    const settled = settle(login, { strict, encrypted: true });
    assert.deepEqual(settled, { tdsVersion, compactRows, packetBytes: 4096 });
  }
});

test("the packet size is the client's within bounds", () => {
  for (const [packetBytes, encrypted, expected] of [
    [0, true, 4096],
    [1, true, 512],
    [512, true, 512],
    [16_383, true, 16_383],
    [16_384, true, 16_383],
    [32_767, true, 16_383],
    [99_999, false, 32_767],
  ] as const) {
    const login = parseLogin(loginPayload({ user: "", password: "", packetBytes }));
    assert.equal(settle(login, { strict: false, encrypted }).packetBytes, expected);
  }
});

const wishes: [wish: number, allowPlain: boolean, answer: number, next: string][] = [
  [encryption.on, false, encryption.on, "tls"],
  [encryption.off, false, encryption.required, "tls"],
  [encryption.off, true, encryption.required, "tls"],
  [encryption.required, false, encryption.required, "tls"],
  [encryption.notSupported, false, encryption.required, "refused"],
  [encryption.notSupported, true, encryption.notSupported, "plain"],
  [encryption.clientCertificate | encryption.on, false, encryption.required, "refused"],
];

test("whoever can encrypt does, whoever cannot is served only where plain is allowed", () => {
  for (const [wish, allowPlain, answer, next] of wishes) {
    assert.deepEqual(negotiateEncryption(wish, { allowPlain }), { answer, next });
  }
});
