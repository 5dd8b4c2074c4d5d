// Unmodified azure-cli's `az storage` under `callosum exec`, on Azure's host names: with the account's key,
// with a role, with signatures.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { openAccount } from "../conformance/storage-account.ts";
import { type AzureCli, openAzureCli } from "./azure-cli.ts";
import { type Instance, openInstance } from "./exec.ts";
import { openRecord } from "./record.ts";
import { openVenv } from "./venv.ts";

const venv = await openVenv("azure-cli");
const record = openRecord("storage-az", {
  client: "azure-cli, az storage",
  version: venv.version("azure-cli"),
  platform: `Python ${venv.pythonVersion}`,
  test: "tests/clients/storage-az.test.ts",
});

describe("az storage through exec", { skip: venv.skip }, () => {
  let instance: Instance;
  let az: AzureCli;
  let flatKey: string;
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 16).concat("Z");
  const place = (name: string) => join(instance.files, name);
  const content = randomBytes(9_000_000);

  const withKey = (kind: string, action: string, ...words: string[]) =>
    az(
      ...["storage", kind, ...action.split(" "), "--account-name", "azflat"],
      ...["--account-key", flatKey, ...words],
    );
  const withRole = (account: string, kind: string, action: string, ...words: string[]) =>
    az(
      ...["storage", kind, ...action.split(" "), "--account-name", account],
      ...["--auth-mode", "login", ...words],
    );
  const names = (items: { name: string }[]) => items.map(({ name }) => name);

  before(async () => {
    instance = await openInstance();
    az = openAzureCli(instance, venv);
    writeFileSync(place("big.bin"), content);
    mkdirSync(place("tree/sub"), { recursive: true });
    writeFileSync(place("tree/1.txt"), "one\n");
    writeFileSync(place("tree/sub/2.txt"), "two\n");
    const { contract } = instance;
    flatKey = await openAccount(contract, "azflat", {});
    await openAccount(contract, "azdeep", { isHnsEnabled: true });
    const secret = readFileSync(contract.admin.secretFile, "utf8").trim();
    const { clientId } = contract.admin;
    const who = ["-u", clientId, "-p", secret, "--tenant", contract.tenantId];
    await az("login", "--service-principal", ...who);
  });
  after(async () => {
    record.write();
    await instance?.close();
  });

  it(
    "moves blobs with the account's key and with a role",
    { timeout: 120_000 },
    record.covers(
      [
        "container create",
        "blob upload, download, upload-batch, list, show, metadata, delete-batch, exists, copy start, lease acquire",
      ],
      async () => {
        await withKey("container", "create", "--name", "data");
        const big = ["--container-name", "data", "--name", "big"];
        await withKey("blob", "upload", ...big, "--file", place("big.bin"));
        await withKey("blob", "download", ...big, "--file", place("back.bin"));
        assert.ok(readFileSync(place("back.bin")).equals(content));
        const tree = ["--destination", "data", "--source", place("tree")];
        await withRole("azflat", "blob", "upload-batch", ...tree);
        const listed = await withRole("azflat", "blob", "list", "--container-name", "data");
        assert.deepEqual(names(listed), ["1.txt", "big", "sub/2.txt"]);
        const small = ["--container-name", "data", "--name", "1.txt"];
        const shown = await withRole("azflat", "blob", "show", ...small);
        assert.equal(shown.properties.contentLength, 4);
        await withRole("azflat", "blob", "metadata update", ...small, "--metadata", "x=y");
        assert.deepEqual(await withRole("azflat", "blob", "metadata show", ...small), { x: "y" });
        const from = ["--source-container", "data", "--source-blob", "big"];
        const to = ["--destination-container", "data", "--destination-blob", "copy"];
        await withKey("blob", "copy start", ...to, ...from);
        await withKey("blob", "delete-batch", "--source", "data", "--pattern", "sub/*");
        const left = await withKey("blob", "list", "--container-name", "data");
        assert.deepEqual(names(left), ["1.txt", "big", "copy"]);
        const gone = ["--container-name", "data", "--name", "sub/2.txt"];
        assert.equal((await withKey("blob", "exists", ...gone)).exists, false);
        const lease = ["--container-name", "data", "--blob-name", "copy"];
        await withRole("azflat", "blob", "lease acquire", ...lease, "--lease-duration", "15");
        const removed = withKey("blob", "delete", "--container-name", "data", "--name", "copy");
        await assert.rejects(removed, /There is currently a lease on the (?:blob|resource)/);
      },
    ),
  );

  it(
    "makes signatures with the key and for itself, and reads with them",
    { timeout: 60_000 },
    record.covers(
      ["container generate-sas with key and --as-user, blob list and download with them"],
      async () => {
        const sign = ["--name", "data", "--expiry", tomorrow];
        const signature = await withKey(
          "container",
          "generate-sas",
          ...sign,
          "--permissions",
          "rl",
        );
        const signed = ["storage", "blob", "list", "--account-name", "azflat"];
        const where = ["--container-name", "data", "--sas-token"];
        assert.equal((await az(...signed, ...where, signature)).length, 3);
        const own = await withRole(
          ...(["azflat", "container", "generate-sas", ...sign] as const),
          ...["--permissions", "r", "--as-user"],
        );
        const download = ["storage", "blob", "download", "--account-name", "azflat"];
        const one = ["--name", "1.txt", "--file", place("one.txt")];
        await az(...download, ...where, own, ...one);
        assert.equal(readFileSync(place("one.txt"), "utf8"), "one\n");
        await assert.rejects(az(...signed, ...where, own), /do not have the required permissions/);
      },
    ),
  );

  it(
    "moves files and directories and their access control lists",
    { timeout: 120_000 },
    record.covers(
      [
        "fs create",
        "fs directory create, move, delete",
        "fs file upload, download, list",
        "fs access set, show, update-recursive",
      ],
      async () => {
        const deep = (kind: string, action: string, ...words: string[]) =>
          withRole("azdeep", "fs", `${kind} ${action}`.trim(), ...words);
        await deep("", "create", "--name", "files");
        const on = ["--file-system", "files"];
        await deep("directory", "create", ...on, "--name", "one");
        const upload = ["--source", place("big.bin"), "--path", "one/big.bin"];
        await deep("file", "upload", ...on, ...upload);
        const listed = await deep("file", "list", ...on);
        assert.deepEqual(names(listed), ["one", "one/big.bin"]);
        await deep("directory", "move", ...on, "--name", "one", "--new-directory", "files/two");
        const download = ["--path", "two/big.bin", "--destination", place("moved.bin")];
        writeFileSync(place("moved.bin"), "");
        await deep("file", "download", ...on, ...download, "--overwrite");
        assert.ok(readFileSync(place("moved.bin")).equals(content));
        const two = [...on, "--path", "two"];
        await deep("access", "set", ...two, "--permissions", "rwxr-x---");
        const { acl } = await deep("access", "show", ...two);
        assert.equal(acl, "user::rwx,group::r-x,other::---");
        const someone = "user:11111111-1111-4111-8111-111111111111:r-x";
        const changed = await deep("access", "update-recursive", ...two, "--acl", someone);
        assert.equal(changed.counters.filesSuccessful, 1);
        await deep("directory", "delete", ...on, "--name", "two", "--yes");
        assert.deepEqual(await deep("file", "list", ...on), []);
      },
    ),
  );
});
