// Addons in C: compiled on this machine when they are first needed and kept in the user's cache, by what they are made
// of. Without a compiler there is none, and who needs it does without.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export type NativeAddon = { path: string; reason: null } | { path: null; reason: string };

const compileTimeoutMs = 60_000;
const flags = ["-std=gnu11", "-O3", "-fPIC", "-Wall", "-Wextra"];
const link =
  process.platform === "darwin" ? ["-bundle", "-undefined", "dynamic_lookup"] : ["-shared"];

/** Compiles the C files of a directory, unless that was done before. Never rejects. */
export async function buildAddon(directory: URL): Promise<NativeAddon> {
  try {
    const folder = fileURLToPath(directory);
    const files = (await readdir(folder)).filter((name) => /\.[ch]$/.test(name)).sort();
    const hash = createHash("sha256").update(
      [process.platform, process.arch, process.versions.napi, ...flags, ...link].join(" "),
    );
    for (const name of files) hash.update(name).update(await readFile(join(folder, name)));
    const cache = join(homedir(), ".cache", "callosum");
    const path = join(cache, `addon-${hash.digest("hex").slice(0, 32)}.node`);
    if (await exists(path)) return { path, reason: null };
    const headers = join(dirname(process.execPath), "..", "include", "node");
    if (!(await exists(join(headers, "node_api.h"))))
      return { path: null, reason: "Node's headers are not beside it" };
    await mkdir(cache, { recursive: true, mode: 0o700 });
    const sources = files.filter((name) => name.endsWith(".c")).map((name) => join(folder, name));
    // Several processes may compile at once: each its own file, and the last one stays.
    const own = await mkdtemp(join(cache, "build-"));
    const built = join(own, "addon.node");
    const reason = await compile([
      ...flags,
      ...link,
      "-I",
      headers,
      "-o",
      built,
      ...sources,
      "-lm",
    ]);
    if (reason === null) await rename(built, path);
    await rm(own, { recursive: true });
    return reason === null ? { path, reason } : { path: null, reason };
  } catch (error) {
    return { path: null, reason: (error as Error).message };
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Answers why it failed. */
function compile(parameters: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile("cc", parameters, { timeout: compileTimeoutMs }, (error, _output, complaints) => {
      if (!error) resolve(null);
      else if (error.code === "ENOENT") resolve("there is no C compiler (cc)");
      else resolve(`the C compiler fails: ${complaints.trim().slice(0, 2_000)}`);
    });
  });
}
