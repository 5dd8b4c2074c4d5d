// Finds the Node that runs our TypeScript, and runs programs with it. Plain JavaScript without
// dependencies that starts on Node 20: callosum.js and scripts/bootstrap.js both begin here.

import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";

/** The first with type stripping, node:sqlite and a proxy-aware fetch together. */
const nodeMajorMin = 24;

export const isThisNodeEnough = majorOf(process.versions.node) >= nodeMajorMin;

/** @param {string} version @returns {number} */
function majorOf(version) {
  return Number(version.replace(/^v/, "").split(".")[0]);
}

/**
 * The pinned Node where it is installed and runs here (a glibc build does not on musl), else this
 * one, else one on the PATH.
 *
 * @returns {string | undefined} path of an executable
 */
export function findNode() {
  const pinned = findPinnedNode();
  if (pinned && isNodeEnough(pinned)) return pinned;
  if (isThisNodeEnough) return process.execPath;
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((directory) => join(directory, "node"))
    .find((path) => existsSync(path) && isNodeEnough(path));
}

/** @returns {string | undefined} */
function findPinnedNode() {
  const name = `node-${process.platform}-${process.arch}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return join(manifest, "..", "bin", "node");
  } catch {
    return undefined;
  }
}

/** @param {string} path @returns {boolean} */
function isNodeEnough(path) {
  const { status, stdout } = spawnSync(path, ["-v"], { encoding: "utf8", timeout: 10_000 });
  return status === 0 && majorOf(stdout) >= nodeMajorMin;
}

export const noNodeMessage = [
  `Callosum needs Node ${nodeMajorMin} or newer; this is ${process.version}.`,
  `npm has no pinned Node for ${process.platform}-${process.arch}, or it does not run here.`,
  `Install Node ${nodeMajorMin} (https://nodejs.org) so that it is on the PATH, and try again.`,
].join("\n");

/**
 * Runs a program on this terminal and gives its exit code. Signals reach it, and if one ends it, it
 * ends this process too.
 *
 * @param {string} file
 * @param {readonly string[]} parameters
 * @param {import("node:child_process").SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export function runOnTerminal(file, parameters, options = {}) {
  const child = spawn(file, parameters, { stdio: "inherit", ...options });
  /** @type {Map<NodeJS.Signals, () => void>} */
  const listeners = new Map();
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"])) {
    const listener = () => {
      // A terminal sends these to both of us.
      const isFromTerminal = process.stdin.isTTY && signal !== "SIGTERM" && signal !== "SIGHUP";
      if (!isFromTerminal) child.kill(signal);
    };
    listeners.set(signal, listener);
    process.on(signal, listener);
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      for (const [name, listener] of listeners) process.off(name, listener);
      if (signal) process.kill(process.pid, signal);
      resolve(code ?? 1);
    });
  });
}
