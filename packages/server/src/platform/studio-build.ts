// The studio's built app on disk: packages/studio/dist, made by Vite. Who clones the repository and
// builds nothing gets it built on the first request, in a child process without the server's secrets.

import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { childEnvironment } from "./child-environment.ts";

export interface StudioFiles {
  /** By path below dist, `index.html`, `assets/…`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export interface StudioBuild {
  /**
   * The app as built last: the same object until somebody builds again. Undefined where this
   * installation has neither app nor sources. Rejects with StudioBuildFailed when there is none yet.
   */
  load(): Promise<StudioFiles | undefined>;
}

export class StudioBuildFailed extends Error {
  /** The end of what the build printed. */
  readonly output: string;
  constructor(output: string) {
    super("The studio's sources do not build.");
    this.name = "StudioBuildFailed";
    this.output = output;
  }
}

const packages = fileURLToPath(new URL("../../../", import.meta.url));
const buildTimeoutMs = 180_000;
const lockPollMs = 100;
const outputCharactersMax = 8_000;
/** Beside src/: what else the app is made of. */
const sourceNames = ["src", "public", "index.html", "vite.config.ts", "package.json"];

/**
 * `directory` is the studio's package; the one beside this server unless given. `onFault` hears why
 * sources did not build.
 */
export function openStudioBuild({
  directory = join(packages, "studio"),
  onFault,
}: {
  directory?: string;
  onFault: (error: unknown) => void;
}): StudioBuild {
  const dist = join(directory, "dist");
  const index = join(dist, "index.html");
  let isChecked = false;
  let loaded: { stampMs: number; files: StudioFiles } | undefined;
  let failed: { newestMs: number; error: unknown } | undefined;

  async function check(): Promise<void> {
    const newestMs = await newestSourceMs(directory);
    // What did not build does not build the second time: whoever asks again costs nothing.
    if (failed?.newestMs === newestMs) throw failed.error;
    try {
      await buildIfOlder(directory, index);
    } catch (error) {
      failed = { newestMs, error };
      onFault(error);
      // The app that was built last still works.
      if (!existsSync(index)) throw error;
    }
    isChecked = true;
  }

  async function current(): Promise<StudioFiles | undefined> {
    // Sources are looked at until they were built: who changes them later builds by hand.
    if (!isChecked) await check();
    const stampMs = await modifiedMs(index);
    if (stampMs === undefined) return undefined;
    if (loaded?.stampMs !== stampMs) loaded = { stampMs, files: { files: await readAll(dist) } };
    return loaded.files;
  }

  let running: Promise<StudioFiles | undefined> | undefined;
  return {
    load() {
      running ??= current().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

async function modifiedMs(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function readAll(root: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Map(
    await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        const key = path.slice(root.length + 1).replaceAll("\\", "/");
        return [key, await readFile(path)] as const;
      }),
    ),
  );
}

async function buildIfOlder(directory: string, index: string): Promise<void> {
  const hasSources = existsSync(join(directory, "index.html"));
  if (!hasSources || !(await isOlder(directory, index))) return;
  const cache = join(directory, ".cache");
  await mkdir(cache, { recursive: true });
  const release = await takeLock(join(cache, "build.lock"));
  try {
    if (await isOlder(directory, index)) await build(directory, cache);
  } finally {
    await release();
  }
}

async function isOlder(directory: string, index: string): Promise<boolean> {
  const builtMs = await modifiedMs(index);
  return builtMs === undefined || (await newestSourceMs(directory)) > builtMs;
}

async function newestSourceMs(directory: string): Promise<number> {
  if (!existsSync(join(directory, "index.html"))) return 0;
  const sources = sourceNames.map((name) => join(directory, name));
  const newest = await Promise.all([...sources, ...ownDependencies(directory)].map(newestMs));
  return Math.max(...newest);
}

/** Our own packages that the app is built from. */
function ownDependencies(directory: string): string[] {
  const { dependencies = {} } = JSON.parse(
    readFileSync(join(directory, "package.json"), "utf8"),
  ) as { dependencies?: Record<string, string> };
  return Object.keys(dependencies)
    .filter((name) => name.startsWith("@callosum/"))
    .map((name) => join(packages, name.slice("@callosum/".length), "src"));
}

async function newestMs(path: string): Promise<number> {
  const own = await modifiedMs(path);
  if (own === undefined) return 0;
  if (!(await stat(path)).isDirectory()) return own;
  // Directories count: theirs changes when a file goes away.
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const times = await Promise.all(
    entries.map(({ parentPath, name }) => modifiedMs(join(parentPath, name))),
  );
  return times.reduce<number>((newest, time) => Math.max(newest, time ?? 0), own);
}

/** One build at a time, over all processes. A lock whose process has died is nobody's. */
async function takeLock(file: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      const handle = await open(file, "wx");
      await handle.writeFile(`${process.pid}`);
      await handle.close();
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (await isAbandoned(file)) await rm(file, { force: true });
    else await delay(lockPollMs);
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  try {
    const text = await readFile(file, "utf8");
    // Made just now and not yet written: somebody's.
    if (text === "") return Date.now() - ((await modifiedMs(file)) ?? 0) > buildTimeoutMs;
    process.kill(Number(text), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Builds beside dist and moves it into place: readers see the old app or the new one. */
async function build(directory: string, cache: string): Promise<void> {
  const startedAt = new Date();
  const made = join(cache, "made");
  const replaced = join(cache, "replaced");
  await Promise.all([made, replaced].map((path) => rm(path, { recursive: true, force: true })));
  const failure = await runVite(directory, made);
  if (failure !== undefined) throw new StudioBuildFailed(failure);
  // What is changed while it builds is newer than what was built.
  await utimes(join(made, "index.html"), startedAt, startedAt);
  const dist = join(directory, "dist");
  if (existsSync(dist)) await rename(dist, replaced);
  await rename(made, dist);
  await rm(replaced, { recursive: true, force: true });
}

/** Gives what it printed when it failed. */
function runVite(directory: string, outDirectory: string): Promise<string | undefined> {
  const program = findVite(directory);
  if (program === undefined) return Promise.resolve("Vite is not installed: run 'npm ci'.");
  const child = spawn(
    process.execPath,
    [program, "build", "--outDir", outDirectory, "--emptyOutDir", "--logLevel", "warn"],
    {
      cwd: directory,
      env: { ...childEnvironment(), NODE_ENV: "production", NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: buildTimeoutMs,
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output = (output + text).slice(-outputCharactersMax);
    });
  }
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code) =>
      resolve(code === 0 ? undefined : stripVTControlCharacters(output)),
    );
  });
}

function findVite(directory: string): string | undefined {
  try {
    const manifest = createRequire(join(directory, "package.json")).resolve("vite/package.json");
    return join(dirname(manifest), "bin", "vite.js");
  } catch {
    return undefined;
  }
}
