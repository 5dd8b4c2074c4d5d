// A fresh instance and programs that run in it through `callosum exec`, on Azure's real host names.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import type { Contract } from "@callosum/server/main.ts";
import {
  type CallosumDirectory,
  openCallosumDirectory,
} from "../../packages/cli/test/callosum-process.ts";
import type { Recorder } from "./record.ts";

const callosum = fileURLToPath(new URL("../../packages/cli/bin/callosum.js", import.meta.url));
const longTimeoutMs = 900_000;

export interface Instance {
  readonly contract: Contract;
  readonly directory: CallosumDirectory;
  /** Runs a program as the owner application; gives what it printed, or fails with what it said. */
  exec(...words: readonly string[]): Promise<string>;
  /** The same as a user, who signs in by himself. */
  execAsUser(...words: readonly string[]): Promise<string>;
  /** Runs a Python script to its end; gives the JSON document of its last line. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  python(...words: readonly string[]): Promise<any>;
  /** A folder of the test's own. */
  readonly files: string;
  /** Writes a file there and gives its path. */
  file(name: string, content: unknown): string;
  close(): Promise<void>;
}

export async function openInstance(): Promise<Instance> {
  const directory = openCallosumDirectory();
  const files = mkdtempSync(join(tmpdir(), "callosum-clients-"));
  const up = await directory.up();
  assert.equal(up.code, 0, up.stderr);
  const run = async (...words: string[]) => {
    const { code, signal, stdout, stderr } = await directory.run("exec", ...words);
    assert.equal(code, 0, `${words.join(" ")}: ${signal ?? ""}\n${stdout}\n${stderr}`);
    return stdout;
  };
  const exec = (...words: readonly string[]) => run("--", ...words);
  return {
    contract: up.json(),
    directory,
    files,
    exec,
    execAsUser: (...words) => run("--as", "user", "--", ...words),
    async python(...words) {
      return JSON.parse((await exec(...words)).trim().split("\n").at(-1) ?? "");
    },
    file(name, content) {
      const path = join(files, name);
      writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
      return path;
    },
    async close() {
      rmSync(files, { recursive: true, force: true });
      await directory.close();
    },
  };
}

/** An instance for the tests of a `describe`, which record what they covered when they have ended. */
export function useInstance(...records: readonly Recorder[]): { readonly instance: Instance } {
  let instance: Instance;
  before(async () => {
    instance = await openInstance();
  });
  after(async () => {
    for (const record of records) record.write();
    await instance?.close();
  });
  return {
    get instance() {
      return instance;
    },
  };
}

/** `callosum exec …` for what takes longer than a minute, or is talked with while it runs. */
export function startExec(
  directory: CallosumDirectory,
  words: readonly string[],
  environment = process.env,
): ChildProcess {
  return spawn(process.execPath, [callosum, "exec", "--data", directory.path, ...words], {
    env: environment,
    timeout: longTimeoutMs,
  });
}

/** Waits for a program's end; `onSaid` gets all that it has said on stderr so far. */
export function follow(child: ChildProcess, onSaid: (said: string) => void = () => {}) {
  let stdout = "";
  let stderr = "";
  child.stdin?.end();
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
  });
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
    onSaid(stderr);
  });
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}
