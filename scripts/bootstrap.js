// What every npm script calls: installs what is missing, finds Node 24 and runs the task with it.
// Plain JavaScript without dependencies, because it must start on Node 20 in a fresh clone.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { findNode, noNodeMessage, runOnTerminal } from "../packages/cli/bin/node-launcher.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A mistake of the person at the keyboard, or of their machine: shown without a stack. */
class Complaint extends Error {}

/** @type {Record<string, (node: string, parameters: string[]) => Promise<number>>} */
const tasks = {
  demo: (node, parameters) => runScript(node, "scripts/demo.ts", parameters),
  start: (node, parameters) =>
    runScript(node, "packages/cli/bin/callosum.js", ["up", ...parameters]),
  test: (node, parameters) => (parameters.length > 0 ? testSome : testAll)(node, parameters),
  "test:clients": testClients,
  check: async (node) => summarize("check", await runChecks(node), undefined),
  tidy: (node, parameters) => runScript(node, "scripts/tidy.ts", parameters),
  gen: (node, parameters) => runScript(node, "scripts/gen.ts", parameters),
  bench: runBenchmarks,
};

const startedMs = Date.now();
const clientTimeoutMs = 1_200_000;

// Installing

/** @param {string} path @returns {Record<string, { version?: string, optional?: boolean }>} */
function readLock(path) {
  return JSON.parse(readFileSync(join(root, path), "utf8")).packages;
}

/** Whether node_modules is what package-lock.json says, by npm's own record of what it installed. */
function isInstalled() {
  if (!existsSync(join(root, "node_modules", ".package-lock.json"))) return false;
  const installed = readLock("node_modules/.package-lock.json");
  return Object.entries(readLock("package-lock.json")).every(([path, { version, optional }]) => {
    if (!path.includes("node_modules/")) return true;
    // Optional packages of other platforms are not there.
    return path in installed ? installed[path]?.version === version : optional === true;
  });
}

async function install() {
  console.log("Installing what package-lock.json lists into node_modules (once; about a minute) …");
  const atMs = Date.now();
  const heartbeat = setInterval(() => console.log(`  … ${seconds(atMs)} s`), 10_000);
  const options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  // npm tells its scripts where it is; without it, whichever is on the PATH.
  const npm = process.env.npm_execpath;
  const isNpm = npm !== undefined && /npm-cli\.[cm]?js$/.test(npm);
  const code = await (isNpm
    ? runOnTerminal(process.execPath, [npm, ...options], { cwd: root })
    : runOnTerminal("npm", options, { cwd: root })
  )
    .catch((/** @type {Error} */ error) => {
      throw new Complaint(`npm cannot be started: ${error.message}`);
    })
    .finally(() => clearInterval(heartbeat));
  if (code !== 0) {
    throw new Complaint(
      [
        `Installing failed: 'npm ci' ended with code ${code}; its own message is above.`,
        "Offline? The packages come from the npm registry: connect this machine, or name a mirror",
        "with 'npm config set registry <address>', and run the same command again.",
      ].join("\n"),
    );
  }
  console.log(`Installed in ${seconds(atMs)} s.`);
}

// Running one script

/** @param {string} node @param {string} script @param {readonly string[]} parameters */
async function runScript(node, script, parameters) {
  if (!existsSync(join(root, script))) {
    throw new Complaint(`${script} is not in this tree yet, so there is nothing to run.`);
  }
  return await runOnTerminal(node, [join(root, script), ...parameters]);
}

/**
 * `npm run bench -- sql http --seconds 5`: those benchmarks, each with the options. Without names
 * all of them: each file in bench/ is one, what they share is in folders below.
 *
 * @param {string} node
 * @param {readonly string[]} parameters
 */
async function runBenchmarks(node, parameters) {
  const known = existsSync(join(root, "bench"))
    ? readdirSync(join(root, "bench"))
        .filter((name) => name.endsWith(".ts") && !/\.(test|gen|d)\.ts$/.test(name))
        .map((name) => basename(name, ".ts"))
        .sort()
    : [];
  const firstOption = parameters.findIndex((parameter) => parameter.startsWith("-"));
  const optionsAt = firstOption < 0 ? parameters.length : firstOption;
  const names = parameters.slice(0, optionsAt);
  const unknown = names.filter((name) => !known.includes(name));
  if (known.length === 0) throw new Complaint("There are no benchmarks in bench/ yet.");
  if (unknown.length > 0) {
    throw new Complaint(`No benchmark '${unknown.join("', '")}'. There are: ${known.join(", ")}.`);
  }
  let worst = 0;
  for (const name of names.length > 0 ? names : known) {
    console.log(`\n— bench/${name}.ts`);
    const code = await runScript(node, `bench/${name}.ts`, parameters.slice(optionsAt));
    worst = Math.max(worst, code);
  }
  return worst;
}

// Checking and testing

/** @typedef {{ name: string, outcome: "passed" | "failed" | "absent" }} CheckResult */

/** @type {readonly { name: string, script: string, parameters: readonly string[] }[]} */
const checks = [
  { name: "lint", script: "node_modules/@biomejs/biome/bin/biome", parameters: ["check"] },
  { name: "types", script: "node_modules/typescript/bin/tsc", parameters: ["-p", "."] },
  {
    name: "studio types",
    script: "node_modules/typescript/bin/tsc",
    parameters: ["-p", "packages/studio"],
  },
  { name: "tidy", script: "scripts/tidy.ts", parameters: [] },
  { name: "gen", script: "scripts/gen.ts", parameters: ["--check"] },
];

/** @param {string} node @returns {Promise<CheckResult[]>} */
async function runChecks(node) {
  /** @type {CheckResult[]} */
  const results = [];
  for (const { name, script, parameters } of checks) {
    if (!existsSync(join(root, script))) {
      console.log(`– ${name}: not run, ${script} is not in this tree yet`);
      results.push({ name, outcome: "absent" });
      continue;
    }
    const atMs = Date.now();
    const { code, output } = await runCaptured(node, [script, ...parameters]);
    const isPassed = code === 0;
    console.log(`${isPassed ? "✔" : "✖"} ${name} (${seconds(atMs)} s)`);
    if (!isPassed) console.log(output.trimEnd());
    results.push({ name, outcome: isPassed ? "passed" : "failed" });
  }
  return results;
}

/** @param {string} node @param {readonly string[]} parameters */
function runCaptured(node, parameters) {
  const child = spawn(node, parameters, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  return new Promise((done, reject) => {
    child.once("error", reject);
    child.once("close", (code) => done({ code: code ?? 1, output }));
  });
}

/** @param {string} node */
async function testAll(node) {
  const results = await runChecks(node);
  const files = findTests("packages").concat(
    findTests("tests").filter((path) => !path.startsWith(join("tests", "clients"))),
  );
  return summarize("test", results, await runTests(node, files, []));
}

/**
 * `npm test -- packages/cli --test-name-pattern=exec`: only those files (a folder stands for all in
 * it), with node --test's own options; nothing but the tests.
 *
 * @param {string} node
 * @param {readonly string[]} parameters
 */
async function testSome(node, parameters) {
  const options = parameters.filter((parameter) => parameter.startsWith("-"));
  const paths = parameters.filter((parameter) => !parameter.startsWith("-"));
  const files = (paths.length > 0 ? paths : ["packages", "tests"]).flatMap((given) => {
    const path = relative(root, resolve(process.env.INIT_CWD ?? root, given)) || ".";
    const known = existsSync(join(root, path)) ? path : given;
    if (!existsSync(join(root, known))) throw new Complaint(`There is no ${given}.`);
    return statSync(join(root, known)).isDirectory() ? findTests(known) : [known];
  });
  return summarize("test", [], await runTests(node, files, options));
}

/** @param {string} node @param {string[]} parameters */
async function testClients(node, parameters) {
  const folder = join("tests", "clients");
  const files = existsSync(join(root, folder)) ? findTests(folder) : [];
  if (files.length === 0) throw new Complaint(`There are no tests in ${folder} yet.`);
  // Installing a client into an empty cache counts as part of its test file.
  const options = [`--test-timeout=${clientTimeoutMs}`, ...parameters];
  return summarize("test:clients", [], await runTests(node, files, options));
}

/** @param {string} folder relative to the root @returns {string[]} relative paths, sorted */
function findTests(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === "node_modules" ? [] : findTests(path);
      return entry.name.endsWith(".test.ts") ? [path] : [];
    })
    .sort();
}

/** @typedef {{ isPassed: boolean, pass: number, fail: number, skips: string[] }} TestResult */

/**
 * @param {string} node
 * @param {readonly string[]} files
 * @param {readonly string[]} options
 * @returns {Promise<TestResult>}
 */
async function runTests(node, files, options) {
  if (files.length === 0) throw new Complaint("There are no tests there.");
  console.log(`\n${files.length} test files`);
  const directory = mkdtempSync(join(tmpdir(), "callosum-test-"));
  const record = join(directory, "tap");
  try {
    const code = await runOnTerminal(node, [
      "--test",
      // Files start servers and engines of their own: more at once than this only queue up.
      `--test-concurrency=${Math.min(4, Math.max(2, availableParallelism()))}`,
      "--test-timeout=600000",
      `--test-reporter=${files.length > 30 ? "dot" : "spec"}`,
      "--test-reporter-destination=stdout",
      "--test-reporter=tap",
      `--test-reporter-destination=${record}`,
      ...options,
      ...files,
    ]);
    const totals = existsSync(record) ? readFileSync(record, "utf8") : "";
    const count = (/** @type {string} */ name) =>
      Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(totals)?.[1] ?? 0);
    const fail = count("fail") + count("cancelled");
    const skips = [...totals.matchAll(/^ *ok \d+ - (.*) # SKIP ?(.*)$/gm)].map(
      ([, name, reason]) => `${name}: ${reason || "no reason given"}`,
    );
    return { isPassed: code === 0, pass: count("pass"), fail, skips };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * Prints the last line, which a CI can read, and gives the exit code.
 *
 * @param {string} task
 * @param {readonly CheckResult[]} results
 * @param {TestResult | undefined} tests
 */
function summarize(task, results, tests) {
  const failed = results.filter(({ outcome }) => outcome === "failed").map(({ name }) => name);
  const absent = results.filter(({ outcome }) => outcome === "absent").map(({ name }) => name);
  if (tests && !tests.isPassed) failed.push("tests");
  const parts = [failed.length === 0 ? "passed" : `FAILED (${failed.join(", ")})`];
  for (const skip of tests?.skips ?? []) console.log(`!!! skipped: ${skip} !!!`);
  if (tests) {
    parts.push(`${tests.pass} passed`, `${tests.fail} failed`, `${tests.skips.length} skipped`);
  }
  if (absent.length > 0) parts.push(`not there yet: ${absent.join(", ")}`);
  console.log(`\nnpm ${task}: ${parts.join(" · ")} · ${seconds(startedMs)} s`);
  return failed.length === 0 ? 0 : 1;
}

/** @param {number} sinceMs @returns {string} */
function seconds(sinceMs) {
  return ((Date.now() - sinceMs) / 1_000).toFixed(1);
}

try {
  const [name = "", ...parameters] = process.argv.slice(2);
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (!task) {
    throw new Complaint(`Unknown task '${name}'. Known: ${Object.keys(tasks).join(", ")}.`);
  }
  if (!isInstalled()) await install();
  const node = findNode();
  if (!node) throw new Complaint(noNodeMessage);
  process.chdir(root);
  process.env.NODE_COMPILE_CACHE ??= join(root, "node_modules", ".cache", "node");
  process.exitCode = await task(node, parameters);
} catch (error) {
  if (!(error instanceof Complaint)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
