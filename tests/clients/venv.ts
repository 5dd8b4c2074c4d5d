// Python clients at pinned versions: a virtual environment per lock file (locks/<name>.txt), installed
// once into the user's cache and used again while lock and Python stay the same.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const installTimeoutMs = 600_000;
const waitTimeoutMs = 900_000;
const waitStepMs = 500;

export interface Venv {
  /** Why it can't be used here, for node:test's `skip`; false when it can. */
  readonly skip: string | false;
  readonly python: string;
  /** `3.11.7`. */
  readonly pythonVersion: string;
  /** Path of a program that a package brought, `az` for example. */
  program(name: string): string;
  /** The pinned version of a package of the lock. */
  version(packageName: string): string;
}

/** Where clients are kept between runs: `CALLOSUM_CLIENTS_CACHE`, or a folder of the user's cache. */
export function clientCache(): string {
  const { CALLOSUM_CLIENTS_CACHE, XDG_CACHE_HOME } = process.env;
  if (CALLOSUM_CLIENTS_CACHE) return CALLOSUM_CLIENTS_CACHE;
  return join(XDG_CACHE_HOME || join(homedir(), ".cache"), "callosum", "clients");
}

/**
 * The environment of `locks/<name>.txt`: `name==version` lines, every package named, wheels only, and
 * a first line `# python 3.11 3.10` with the versions that will do, the best first. Test files run side
 * by side, so one of them installs and the others wait for it.
 */
export async function openVenv(name: string): Promise<Venv> {
  const lock = fileURLToPath(new URL(`locks/${name}.txt`, import.meta.url));
  const text = readFileSync(lock, "utf8");
  const wanted = /^# python (.+)$/m.exec(text)?.[1]?.split(" ") ?? [];
  const found = findPython(wanted);
  const hash = createHash("sha256").update(`${text}\0${found?.version}`).digest("hex").slice(0, 12);
  const folder = join(clientCache(), `${name}-${hash}`);
  const skip = found
    ? await ensureInstalled({ folder, lock, python: found.path })
    : `no Python ${wanted.join(", ")} on this machine, so ${name} is not run`;
  if (skip) console.error(`!!! ${skip} !!!`);
  return {
    skip,
    python: join(folder, "bin", "python"),
    pythonVersion: found?.version ?? "",
    program: (program) => join(folder, "bin", program),
    version(packageName) {
      const version = new RegExp(`^${packageName}==(.+)$`, "m").exec(text)?.[1];
      if (version === undefined) throw new Error(`${packageName} is not in locks/${name}.txt`);
      return version;
    },
  };
}

interface Python {
  readonly path: string;
  readonly version: string;
}

function findPython(wanted: readonly string[]): Python | undefined {
  const pyenv = process.env.PYENV_ROOT ?? join(homedir(), ".pyenv");
  for (const version of wanted) {
    const places = [
      `python${version}`,
      ...globSync(join(pyenv, "versions", `${version}.*`, "bin", "python"))
        .sort()
        .reverse(),
      "python3",
    ];
    for (const path of places) {
      // A shim answers for a Python that is not there, so it is asked, not looked for. Without
      // ensurepip (Debian's python3-venv) no environment can be made.
      const asked = spawnSync(
        path,
        ["-c", "import ensurepip, platform; print(platform.python_version())"],
        { encoding: "utf8" },
      );
      const given = asked.status === 0 ? asked.stdout.trim() : "";
      if (given.startsWith(`${version}.`)) return { path, version: given };
    }
  }
  return undefined;
}

interface Installation {
  readonly folder: string;
  readonly lock: string;
  readonly python: string;
}

/** Gives why it could not be installed, or false. */
async function ensureInstalled({ folder, lock, python }: Installation): Promise<string | false> {
  const complete = join(folder, "complete");
  const claim = `${folder}.installing`;
  mkdirSync(clientCache(), { recursive: true });
  const endMs = Date.now() + waitTimeoutMs;
  while (!existsSync(complete)) {
    if (Date.now() > endMs) return `${folder} is being installed by another run that does not end`;
    if (!takeClaim(claim)) {
      await delay(waitStepMs);
      continue;
    }
    try {
      if (existsSync(complete)) break;
      const failure = await install({ folder, lock, python });
      if (failure) return failure;
      writeFileSync(complete, "");
    } finally {
      rmSync(claim, { force: true });
    }
  }
  return false;
}

/** One process installs; the claim of one that is gone is taken over. */
function takeClaim(claim: string): boolean {
  try {
    writeFileSync(claim, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const owner = existsSync(claim) ? Number(readFileSync(claim, "utf8")) : 0;
  if (owner > 0 && !isAlive(owner)) rmSync(claim, { force: true });
  return false;
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

async function install({ folder, lock, python }: Installation): Promise<string | undefined> {
  rmSync(folder, { recursive: true, force: true });
  const steps: [string, string[]][] = [
    [python, ["-m", "venv", folder]],
    [
      join(folder, "bin", "python"),
      [
        ...["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:"],
        ...["--disable-pip-version-check", "--no-input", "--requirement", lock],
      ],
    ],
  ];
  for (const [program, parameters] of steps) {
    const { code, output } = await run(program, parameters);
    if (code === 0) continue;
    const reason = output.trim().split("\n").at(-1) ?? "no message";
    return `'${parameters.slice(0, 3).join(" ")}' for ${lock} ended with ${code}: ${reason}`;
  }
  return undefined;
}

function run(program: string, parameters: readonly string[]) {
  const child = spawn(program, parameters, {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: installTimeoutMs,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  }
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}
