// `callosum snapshot`: a whole instance as one file, and back. For tests in CI that start from a state.

import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  CommandError,
  type CommandRequest,
  defineCommand,
  type Outcome,
  usageError,
} from "../command.ts";
import { findInstance } from "../instance.ts";

export const snapshot = defineCommand({
  name: "snapshot",
  summary: "Save a whole instance as one file, or restore it",
  description:
    "A save takes the instance at one moment, whether it runs or not; a running one stands still while its files are copied. The file holds everything that the directory holds: sealed secrets, the sign-ins of the first start, private keys of the certificates, and the key that opens the secrets unless --without-key leaves it out. Its mode is 0600; whoever reads it owns the instance. A restore checks every byte before it touches the directory.",
  arguments: [
    { name: "action", summary: "What to do", choices: ["save", "restore"], isRequired: true },
    { name: "FILE", summary: "The snapshot", isRequired: true },
  ],
  options: {
    "without-key": {
      kind: "flag",
      summary: "Save without the key; restoring then needs it from elsewhere",
    },
    key: {
      kind: "text",
      value: "FILE",
      summary: "Restore with the key in this file",
      otherwise: "$CALLOSUM_KEY",
    },
    force: { kind: "flag", summary: "Replace what is there: the instance, or the file" },
  },
  examples: [
    { command: "callosum snapshot save pair.snapshot", summary: "While it runs" },
    {
      command: "callosum snapshot restore pair.snapshot --data ./instance --force",
      summary: "In CI, before each test",
    },
  ],
  async run(request): Promise<Outcome> {
    const { options } = request;
    const file = resolve(request.arguments.FILE ?? "");
    if (request.arguments.action === "save") {
      if (options.key !== undefined) throw usageError("--key is for restore.");
      return save(request, { file, isForced: options.force, includesKey: !options["without-key"] });
    }
    if (options["without-key"]) throw usageError("--without-key is for save.");
    return restore(request, { file, isForced: options.force, keyFile: options.key });
  },
});

async function save(
  { dataDirectory, environment }: CommandRequest,
  wanted: { file: string; isForced: boolean; includesKey: boolean },
): Promise<Outcome> {
  const { file, isForced, includesKey } = wanted;
  if (existsSync(file) && !isForced) {
    throw new CommandError({
      code: "FileExists",
      message: `${file} is there already.`,
      hint: "--force replaces it.",
    });
  }
  if (file.startsWith(`${dataDirectory}/`)) {
    throw usageError("A snapshot lies outside the directory that it is of.");
  }
  const contract = await findInstance(dataDirectory);
  const { saveSnapshot } = await import("../snapshot/save.ts");
  const startedMs = performance.now();
  const saved = await saveSnapshot({ dataDirectory, contract, target: file, includesKey });
  const elapsedMs = Math.round(performance.now() - startedMs);
  const { about, files, length, archiveLength, frozenMs } = saved;
  const key = keySentence(about.includesKey, { environment, includesKey });
  return {
    json: { file, ...about, files, length, archiveLength, frozenMs, elapsedMs },
    text: [
      `${file}: ${files} files, ${sizeOf(length)} in ${sizeOf(archiveLength)} (${elapsedMs} ms${contract ? `, ${frozenMs} ms of them standing still` : ""}).`,
      `It holds sealed secrets, sign-ins and private keys, ${key}. Its mode is 0600: keep it as you keep those.`,
    ],
  };
}

function keySentence(
  isIncluded: boolean,
  { environment, includesKey }: { environment: NodeJS.ProcessEnv; includesKey: boolean },
): string {
  if (isIncluded) return "and the key that opens the secrets";
  const why =
    includesKey && environment.CALLOSUM_KEY !== undefined ? ", which is in CALLOSUM_KEY" : "";
  return `but not the key that opens the secrets${why}`;
}

function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const isSmall = bytes < 1024 * 1024;
  return isSmall ? `${(bytes / 1024).toFixed(0)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

async function restore(
  { dataDirectory, environment }: CommandRequest,
  wanted: { file: string; isForced: boolean; keyFile: string | undefined },
): Promise<Outcome> {
  const { file, isForced, keyFile } = wanted;
  if (!existsSync(file)) throw usageError(`There is no file ${file}.`);
  const key = keyFile === undefined ? undefined : readKey(keyFile);
  const { restoreSnapshot } = await import("../snapshot/restore.ts");
  const startedMs = performance.now();
  const hasKeyInEnvironment = environment.CALLOSUM_KEY !== undefined;
  const about = await restoreSnapshot({ file, dataDirectory, isForced, key, hasKeyInEnvironment });
  const elapsedMs = Math.round(performance.now() - startedMs);
  const isElsewhere = !about.includesKey && key === undefined;
  return {
    json: { dataDir: dataDirectory, ...about, elapsedMs },
    text: [
      `Restored ${dataDirectory} as it was at ${about.savedAt} (${elapsedMs} ms).`,
      ...(isElsewhere ? ["Start it with the CALLOSUM_KEY that it had."] : []),
    ],
  };
}

function readKey(file: string): string {
  const text = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  if (Buffer.from(text, "base64").length === 32) return text;
  throw usageError(`${file} is no key: 32 bytes in base64.`);
}
