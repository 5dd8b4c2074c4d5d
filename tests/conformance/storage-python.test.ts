// Unmodified Python clients under `callosum exec`. They come from PyPI, so a virtual environment that has
// them is named when their story is wanted.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Contract } from "@callosum/server/main.ts";
import {
  type CallosumDirectory,
  openCallosumDirectory,
} from "../../packages/cli/test/callosum-process.ts";
import { openAccount } from "./storage-account.ts";

const environment = process.env.CALLOSUM_STORAGE_VENV;
const script = fileURLToPath(new URL("storage-clients.py", import.meta.url));
const wanted =
  "name a virtual environment with azure-storage-blob, azure-storage-file-datalake, azure-identity and adlfs in CALLOSUM_STORAGE_VENV";

describe("Python's storage clients through exec, on Azure's host names", {
  skip: !environment && wanted,
}, () => {
  let directory: CallosumDirectory;
  let contract: Contract;
  before(async () => {
    directory = openCallosumDirectory();
    const up = await directory.up();
    assert.equal(up.code, 0, up.stderr);
    contract = up.json();
  });
  after(() => directory?.close());

  it("work with blobs, paths, signatures, tokens and fsspec", async () => {
    const key = await openAccount(contract, "pylake", { isHnsEnabled: true });
    const python = join(environment ?? "", "bin", "python");
    const words = ["exec", "--", python, script, "pylake", key];
    const { code, stdout, stderr } = await directory.run(...words);
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""), {
      blob: true,
      range: "mal",
      metadata: { a: "b" },
      names: ["big", "folder", "folder/small"],
      prefixes: ["folder/", "big"],
      batch: false,
      sas: true,
      delegated: true,
      lake: "hello lake",
      paths: ["two", "two/note.txt"],
      permissions: "rwxr-x---",
      recursive: 1,
      left: [],
      adlfs: "a,b\n1,2\n",
      adlfs_names: ["python/adlfs/data.csv"],
    });
  });
});
