import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { composeBundle, systemRootFiles, writeBundle } from "./bundle.ts";

const pem = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;

/** Reads from a table of files. */
const from = (files: Record<string, string>) => (path: string) => files[path];

test("the bundle is the system's roots, the caller's, and ours, each once", () => {
  const [debian, redHat] = systemRootFiles;
  const noise = "# a comment\n";
  const rows = [
    [{ [debian]: pem("DEB"), [redHat]: pem("RHEL") }, {}, ["DEB", "OURS"]],
    [{ [redHat]: noise + pem("RHEL") }, {}, ["RHEL", "OURS"]],
    [{ [debian]: "", [redHat]: pem("RHEL") }, {}, ["RHEL", "OURS"]],
    [
      { [debian]: pem("DEB"), "/corp.pem": pem("DEB") + pem("CORP") },
      { SSL_CERT_FILE: "/corp.pem", NODE_EXTRA_CA_CERTS: "/corp.pem" },
      ["DEB", "CORP", "OURS"],
    ],
    [{ [debian]: pem("DEB") }, { REQUESTS_CA_BUNDLE: "/etc/ssl/certs" }, ["DEB", "OURS"]],
    [
      { [debian]: pem("DEB"), "/bundle.pem": pem("DEB") + pem("OURS") },
      { SSL_CERT_FILE: "/bundle.pem" },
      ["DEB", "OURS"],
    ],
    [{ [debian]: pem("DEB").replaceAll("\n", "\r\n") }, {}, ["DEB", "OURS"]],
  ] as const;
  for (const [files, environment, expected] of rows) {
    const bundle = composeBundle(pem("OURS"), { environment, read: from(files) });
    assert.equal(bundle, expected.map(pem).join(""));
  }
});

test("without any system roots, Node's own are taken", () => {
  const bundle = composeBundle(pem("OURS"), { environment: {}, read: from({}) });
  assert.ok(bundle.split("BEGIN CERTIFICATE").length > 50);
  assert.ok(bundle.endsWith(pem("OURS")));
});

test("the file is written only when its content changes", () => {
  const directory = mkdtempSync(join(tmpdir(), "bundle-"));
  try {
    const caFile = join(directory, "ca.pem");
    const file = join(directory, "state", "ca-bundle.pem");
    writeFileSync(caFile, pem("FIRST"));
    writeBundle({ file, caFile, environment: {} });
    const { ino } = statSync(file);
    writeBundle({ file, caFile, environment: {} });
    assert.equal(statSync(file).ino, ino);
    writeFileSync(caFile, pem("SECOND"));
    writeBundle({ file, caFile, environment: {} });
    assert.ok(readFileSync(file, "utf8").endsWith(pem("SECOND")));
    assert.deepEqual(readdirSync(join(directory, "state")), ["ca-bundle.pem"]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
