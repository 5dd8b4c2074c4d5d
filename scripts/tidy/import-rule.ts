// Rules on who imports whom: planes meet through ports, only the platform touches the machine, nothing
// goes round in circles.

import { isGenerated, isTest, type SourceFile } from "./source.ts";

const server = "packages/server/src";
const planes = [
  "identity",
  "arm",
  "artifacts",
  "pipelines",
  "sql",
  "spark",
  "ml",
  "storage",
  "vault",
  "studio",
];

const studio = "packages/studio/src";
/** The studios that share one shell: what two of them need is the shell's, the controls' or the API's. */
const faces = ["portal", "synapse", "machine-learning"];

/** Modules of Node that read the machine, and who may: the platform, and the listeners' own files. */
const machineModules =
  /^node:(?:fs|fs\/promises|os|child_process|net|tls|http|https|dgram|dns|sqlite|worker_threads|cluster|readline)$/;
const machineExempt = [
  `${server}/platform/`,
  `${server}/http/listener.ts`,
  `${server}/http/proxy.ts`,
  `${server}/http/certificates.ts`,
  `${server}/http/certificate-files.ts`,
  `${server}/sql/tds/listener.ts`,
  `${server}/sql/tds/`,
  `${server}/sql/engine/`,
  `${server}/main.ts`,
];
/** Imports that read nothing: types, and the functions that only look at text. */
const pureImport =
  /^\s*import type\b|^import \{ (?:(?:BlockList|isIP(?:v4|v6)?)(?:, )?)+ \} from "node:net"/;

const machineCalls: readonly [RegExp, string][] = [
  [/\bDate\.now\(\)|\bnew Date\(\)/, "the clock is a port: take it as an argument"],
  [/\bMath\.random\(\)|\brandomUUID\(\)/, "chance is a port: take it as an argument"],
  [/\bprocess\.env\b/, "the environment is read in platform/ and the CLI"],
];

export function checkImports(files: readonly SourceFile[]): string[] {
  return [
    ...files.filter(isServerCode).flatMap(checkPlane),
    ...files.filter(isServerCode).flatMap(checkMachine),
    ...files.filter(({ path }) => path.startsWith("packages/contract/")).flatMap(checkContract),
    ...files.filter(({ path }) => path.startsWith(`${studio}/`)).flatMap(checkFace),
    ...checkCircles(files),
  ];
}

function isServerCode({ path }: SourceFile): boolean {
  return (
    path.startsWith(`${server}/`) && path.endsWith(".ts") && !isTest(path) && !isGenerated(path)
  );
}

function planeOf(path: string): string | undefined {
  return planes.find((plane) => path.startsWith(`${server}/${plane}/`));
}

function checkPlane({ path, imports }: SourceFile): string[] {
  const own = planeOf(path);
  if (own === undefined) return [];
  return imports
    .filter((target) => ![undefined, own].includes(planeOf(target)))
    .map(
      (target) =>
        `${path}: import: a plane never imports another ('${target}'): meet through a port in contract`,
    );
}

function checkMachine({ path, text }: SourceFile): string[] {
  if (machineExempt.some((exempt) => path.startsWith(exempt))) return [];
  const findings: string[] = [];
  for (const line of text.split("\n")) {
    const specifier = /from "(node:[^"]+)"/.exec(line)?.[1];
    if (specifier === undefined || !machineModules.test(specifier) || pureImport.test(line))
      continue;
    findings.push(`${path}: import: only platform/ reads the machine ('${specifier}')`);
  }
  for (const [pattern, reason] of machineCalls) {
    const match = pattern.exec(text);
    if (match) findings.push(`${path}: call: '${match[0]}': ${reason}`);
  }
  return findings;
}

/** Faces don't know each other, and a browser has none of Node's modules. */
function checkFace({ path, imports }: SourceFile): string[] {
  if (isTest(path)) return [];
  const faceOf = (target: string) => faces.find((face) => target.startsWith(`${studio}/${face}/`));
  const own = faceOf(path);
  const foreign = imports.filter(
    (target) => own !== undefined && ![undefined, own].includes(faceOf(target)),
  );
  const ofNode = imports.filter((target) => /^node:|^@callosum\/server/.test(target));
  return [
    ...foreign.map(
      (target) =>
        `${path}: import: a face never imports another ('${target}'): share it in control/`,
    ),
    ...ofNode.map((target) => `${path}: import: '${target}' is not for a browser`),
  ];
}

/** The contract is pure: it imports the schema library and itself. */
function checkContract({ path, imports }: SourceFile): string[] {
  if (isTest(path)) return [];
  return imports
    .filter((target) => target !== "typebox" && !target.startsWith("packages/contract/"))
    .map(
      (target) => `${path}: import: the contract imports the schema library only, not '${target}'`,
    );
}

/** Circles of imports, types included: two files that need each other are one, or need a third. */
function checkCircles(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const state = new Map<string, "open" | "done">();
  const findings: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const known = state.get(path);
    if (known === "done") return;
    if (known === "open") {
      const circle = [...trail.slice(trail.indexOf(path)), path];
      findings.push(`${path}: circle: ${circle.join(" → ")}`);
      return;
    }
    state.set(path, "open");
    for (const target of byPath.get(path)?.imports ?? []) {
      if (byPath.has(target)) visit(target, [...trail, path]);
    }
    state.set(path, "done");
  };
  for (const { path } of files) visit(path, []);
  return findings;
}
