// Unmodified azure-storage-blob, azure-storage-file-datalake and adlfs for Python under `callosum exec`, on
// Azure's host names. The script's answer is the test.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { openAccount } from "../conformance/storage-account.ts";
import { useInstance } from "./exec.ts";
import { openRecord } from "./record.ts";
import { openVenv } from "./venv.ts";

const venv = await openVenv("storage-python");
const script = fileURLToPath(new URL("storage-python.py", import.meta.url));
const versions = ["azure-storage-blob", "azure-storage-file-datalake", "adlfs"].map(
  (name) => `${name} ${venv.version(name)}`,
);
const record = openRecord("storage-python", {
  client: "Storage clients for Python",
  version: versions.join(", "),
  platform: `Python ${venv.pythonVersion}`,
  test: "tests/clients/storage-python.test.ts",
});

describe("Python's storage clients through exec", { skip: venv.skip }, () => {
  const opened = useInstance(record);

  const operations = [
    "blobs: upload in blocks, ranges, metadata, tags and search, append, lease, copy, list, batch delete",
    "signatures: container, too little, expired, user delegation",
    "paths: create, append, flush, upload, rename, access control, recursive access control, delete",
    "adlfs with key and with client secret: open, pipe, info, copy, find, recursive rm, ls",
  ];
  it(
    "work with blobs, paths, signatures, tokens and fsspec",
    { timeout: 120_000 },
    record.covers(operations, async () => {
      const { instance } = opened;
      const flat = await openAccount(instance.contract, "pyflat", {});
      const deep = await openAccount(instance.contract, "pydeep", { isHnsEnabled: true });
      const words = [venv.python, script, "pyflat", "pydeep", flat, deep];
      const answer = await instance.python(...words);
      const fsspec = (container: string) => [
        "a,b\n1,2\n",
        6_000_000,
        [`${container}/a/b/big`, `${container}/a/data.csv`, `${container}/copy.csv`],
        [`${container}/copy.csv`],
      ];
      assert.deepEqual(answer, {
        blob: true,
        range: "mal",
        metadata: { a: "b" },
        names: ["big", "folder/small"],
        prefixes: ["folder/", "big"],
        tagged: ["big"],
        appended: "one\ntwo\n",
        leased: "412 LeaseIdMissing",
        copied: "success",
        exists: "409 BlobAlreadyExists",
        left: ["big"],
        sas: true,
        too_little: "403 AuthorizationPermissionMismatch",
        expired: "403 AuthenticationFailed",
        delegated: true,
        lake: "hello lake",
        big: true,
        paths: ["two", "two/big", "two/note.txt"],
        permissions: "rwxr-x---",
        recursive: 2,
        paths_left: [],
        adlfs_key: fsspec("fskey"),
        adlfs_deep: fsspec("fsdeep"),
        adlfs_token: fsspec("fstoken"),
      });
    }),
  );
});
