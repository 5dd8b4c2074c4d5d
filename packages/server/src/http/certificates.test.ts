import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createPrivateKey, generateKeyPairSync, randomBytes, X509Certificate } from "node:crypto";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { connect, type TLSSocket } from "node:tls";
import { promisify } from "node:util";
import type { Random } from "@callosum/contract/ports.ts";
import { encodeCertificate } from "./certificate-encoding.ts";
import { openCertificateFiles } from "./certificate-files.ts";
import {
  azureDomains,
  type CertificateAuthority,
  openCertificateAuthority,
} from "./certificates.ts";

const run = promisify(execFile);
const dayMs = 86_400_000;
const random: Random = {
  guid: () => "",
  bytes: (length) => randomBytes(length),
  token: () => "",
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "certificates-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function open(nowMs = Date.now()): CertificateAuthority {
  return openCertificateAuthority({
    files: openCertificateFiles(directory),
    clock: { now: () => new Date(nowMs) },
    random,
    servesHost: (host) => azureDomains.some((base) => host === base || host.endsWith(`.${base}`)),
  });
}

function leafOf(name: string): X509Certificate {
  const text = readFileSync(join(directory, `leaf-${name}.pem`), "utf8");
  return new X509Certificate(text.slice(text.indexOf("-----BEGIN CERTIFICATE-----")));
}

/** The certificate that a server with these options shows to a client of that name. */
async function handshake(
  authority: CertificateAuthority,
  serverName: string,
  ca = authority.caPem("localhost") + authority.caPem("azure"),
): Promise<X509Certificate> {
  const server = createServer(authority.tlsOptions(), (_request, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise((resolve, reject) => {
      const socket: TLSSocket = connect({ port, host: "127.0.0.1", servername: serverName, ca });
      socket.once("error", reject);
      socket.once("secureConnect", () => {
        resolve(socket.getPeerX509Certificate()!);
        socket.destroy();
      });
    });
  } finally {
    server.close();
  }
}

test("each name of the table is served by a leaf that a strict client accepts", async () => {
  const authority = open();
  const hosts = [
    "localhost",
    "management.azure.com",
    "ws1.dev.azuresynapse.net",
    `${"a".repeat(63)}.blob.core.windows.net`,
    "guid.workspace.westeurope.api.azureml.ms",
  ];
  for (const host of hosts) {
    const certificate = await handshake(authority, host);
    assert.ok(certificate.checkHost(host), host);
  }
});

test("a name without a leaf is shown the localhost leaf, and refused by the client", async () => {
  const authority = open();
  for (const host of ["example.com", "azure.com", "evil-management.azure.com.example.com"]) {
    assert.equal(authority.secureContext(host), undefined);
    await assert.rejects(handshake(authority, host), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
  }
});

test("names are checked before anything is made of them", () => {
  const authority = open();
  const before = readdirSync(directory);
  for (const name of ["", "../x.vault.azure.net", "a..vault.azure.net", `${"a.".repeat(150)}net`]) {
    assert.equal(authority.secureContext(name), undefined);
  }
  assert.deepEqual(readdirSync(directory), before);
});

test("the table of hosts decides even within the certified domains", () => {
  const authority = openCertificateAuthority({
    files: openCertificateFiles(directory),
    clock: { now: () => new Date() },
    random,
    servesHost: (host) => host === "management.azure.com",
  });
  assert.ok(authority.secureContext("MANAGEMENT.azure.com"));
  assert.equal(authority.secureContext("graph.microsoft.com"), undefined);
});

test("hosts below a domain share one leaf; deeper ones are not stored", () => {
  const authority = open();
  const first = authority.secureContext("one.vault.azure.net");
  assert.equal(authority.secureContext("two.vault.azure.net"), first);
  authority.secureContext("a.workspace.westeurope.api.azureml.ms");
  assert.deepEqual(
    readdirSync(directory).filter((name) => name.startsWith("leaf-")),
    ["leaf-_.vault.azure.net.pem"],
  );
});

test("keys are readable by their owner only, certificates by all", () => {
  chmodSync(directory, 0o755);
  const authority = open();
  authority.tlsOptions();
  const mode = (name: string) => statSync(join(directory, name)).mode & 0o777;
  assert.equal(statSync(directory).mode & 0o777, 0o700);
  for (const name of ["azure-ca.key.pem", "localhost-ca.key.pem", "leaf-localhost.pem"]) {
    assert.equal(mode(name), 0o600, name);
  }
  for (const name of ["azure-ca.pem", "localhost-ca.pem", "ca.pem"]) {
    assert.equal(mode(name), 0o644, name);
    assert.doesNotMatch(readFileSync(join(directory, name), "utf8"), /PRIVATE/);
  }
  assert.equal(
    readFileSync(authority.caFiles.bundle, "utf8"),
    authority.caPem("localhost") + authority.caPem("azure"),
  );
});

test("a later start changes no file", () => {
  open().tlsOptions();
  const contents = () =>
    readdirSync(directory).map((name) => readFileSync(join(directory, name), "utf8"));
  const before = contents();
  open().tlsOptions();
  assert.deepEqual(contents(), before);
});

test("a leaf is renewed before it expires, in a running server too", () => {
  let nowMs = Date.now();
  const authority = openCertificateAuthority({
    files: openCertificateFiles(directory),
    clock: { now: () => new Date(nowMs) },
    random,
    servesHost: () => true,
  });
  const first = authority.secureContext("graph.microsoft.com");
  const serial = leafOf("graph.microsoft.com").serialNumber;
  nowMs += 200 * dayMs;
  assert.equal(authority.secureContext("graph.microsoft.com"), first);
  nowMs += 100 * dayMs;
  assert.notEqual(authority.secureContext("graph.microsoft.com"), first);
  assert.notEqual(leafOf("graph.microsoft.com").serialNumber, serial);
  assert.ok(leafOf("graph.microsoft.com").validToDate.getTime() > nowMs + 365 * dayMs);
});

test("an authority is replaced before its leaves could outlive it, and its leaves with it", () => {
  const nowMs = Date.now();
  const first = open(nowMs);
  first.secureContext("graph.microsoft.com");
  assert.equal(open(nowMs + 3_000 * dayMs).caPem("azure"), first.caPem("azure"));
  const later = open(nowMs + 3_300 * dayMs);
  assert.notEqual(later.caPem("azure"), first.caPem("azure"));
  assert.equal(readFileSync(later.caFiles.azure, "utf8"), later.caPem("azure"));
  later.secureContext("graph.microsoft.com");
  const issuer = new X509Certificate(later.caPem("azure"));
  assert.ok(leafOf("graph.microsoft.com").verify(issuer.publicKey));
});

test("a damaged file is made anew", async () => {
  open().secureContext("graph.microsoft.com");
  for (const name of ["azure-ca.key.pem", "leaf-graph.microsoft.com.pem"]) {
    writeFileSync(join(directory, name), "-----BEGIN CERTIFICATE-----\nAAAA");
  }
  await handshake(open(), "graph.microsoft.com");
  // An authority alone: its leaves are not damaged, but no longer its own.
  writeFileSync(join(directory, "azure-ca.key.pem"), "");
  await handshake(open(), "graph.microsoft.com");
});

test("serial numbers are positive and keep their length, whatever chance gives", () => {
  for (const byte of [0x00, 0x7f, 0x80, 0xff]) {
    rmSync(join(directory, "azure-ca.key.pem"), { force: true });
    const authority = openCertificateAuthority({
      files: openCertificateFiles(directory),
      clock: { now: () => new Date() },
      random: { ...random, bytes: (length) => Buffer.alloc(length, byte) },
      servesHost: () => true,
    });
    assert.match(new X509Certificate(authority.caPem("azure")).serialNumber, /^[4-7][0-9A-F]{31}$/);
  }
});

/** A leaf signed with the stored key of an authority, for a name that we would never certify. */
function forge(
  authority: "azure" | "localhost",
  names: { dns: string[]; addresses: Uint8Array[] },
) {
  const pem = readFileSync(join(directory, `${authority}-ca.key.pem`), "utf8");
  const certificate = new X509Certificate(pem.slice(pem.indexOf("-----BEGIN CERTIFICATE-----")));
  const commonName = /^CN=(.*)$/m.exec(certificate.subject)![1]!;
  const organization = /^O=(.*)$/m.exec(certificate.subject)![1]!;
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return encodeCertificate({
    serial: randomBytes(16),
    subject: { organization, commonName: "forged" },
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + dayMs),
    publicKey,
    issuer: {
      name: { organization, commonName },
      publicKey: certificate.publicKey,
      privateKey: createPrivateKey(pem),
    },
    role: { kind: "server", names },
  });
}

async function verifyStrictly(pem: string, ca: string): Promise<string> {
  const file = join(directory, "subject.pem");
  writeFileSync(file, pem);
  const { stdout, stderr } = await run("openssl", [
    ...["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", ca, file],
  ]).catch((error: { stdout: string; stderr: string }) => error);
  return stdout + stderr;
}

test("OpenSSL's strict verification passes for authorities and leaves", async () => {
  const authority = open();
  const { cert } = authority.tlsOptions();
  authority.secureContext("ws1.dev.azuresynapse.net");
  const wildcard = leafOf("_.dev.azuresynapse.net").toString();
  const rows = [
    [cert, authority.caFiles.localhost],
    [wildcard, authority.caFiles.azure],
    [wildcard, authority.caFiles.bundle],
  ] as const;
  for (const [pem, ca] of rows) assert.match(await verifyStrictly(pem, ca), /: OK$/m);
});

test("OpenSSL refuses what an authority's key signs outside its name constraints", async () => {
  const authority = open();
  const address = [Buffer.of(127, 0, 0, 1)];
  const rows = [
    ["azure", { dns: ["example.com"], addresses: [] }],
    ["azure", { dns: ["notmanagement.azure.com"], addresses: [] }],
    ["azure", { dns: ["localhost"], addresses: [] }],
    ["azure", { dns: ["management.azure.com"], addresses: address }],
    ["localhost", { dns: ["management.azure.com"], addresses: [] }],
    ["localhost", { dns: ["localhost"], addresses: [Buffer.of(10, 0, 0, 1)] }],
  ] as const;
  for (const [name, { dns, addresses }] of rows) {
    const forged = forge(name, { dns: [...dns], addresses: [...addresses] });
    const verdict = await verifyStrictly(forged, authority.caFiles[name]);
    assert.match(
      verdict,
      /permitted subtree violation|excluded subtree violation/,
      `${name} ${dns}`,
    );
  }
  const allowed = forge("localhost", { dns: ["localhost"], addresses: address });
  assert.match(await verifyStrictly(allowed, authority.caFiles.localhost), /: OK$/m);
});
