// The instance of a data directory as the command finds it: `up` writes contract.json when it serves
// and removes it when it stops; a live process that answers with this directory's certificate counts.

import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Contract } from "@callosum/server/main.ts";
import { CommandError, exitCodes } from "./command.ts";

const contractName = "contract.json";
const answerTimeoutMs = 5_000;

export function writeContract(dataDirectory: string, contract: Contract): void {
  const file = join(dataDirectory, contractName);
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(contract)}\n`, { mode: 0o600 });
  renameSync(temporary, file);
}

/** Only our own: a successor may have written its contract already. */
export function removeContract(dataDirectory: string): void {
  if (readContract(dataDirectory)?.pid === process.pid) {
    rmSync(join(dataDirectory, contractName), { force: true });
  }
}

/** The contract as written, whether or not its process still lives. */
export function readContract(dataDirectory: string): Contract | undefined {
  const file = join(dataDirectory, contractName);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Contract;
  } catch (error) {
    // The file went away in between, or is not ours: nothing runs by it.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

export interface Application {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The Owner application of the first start. */
export function adminOf({ admin }: Contract): Application {
  return {
    clientId: admin.clientId,
    clientSecret: readFileSync(admin.secretFile, "utf8").trim(),
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * The running instance of a directory. Undefined when there is none; a live process that does not
 * answer within 5 s throws.
 */
export async function findInstance(dataDirectory: string): Promise<Contract | undefined> {
  const contract = readContract(dataDirectory);
  if (!contract || !isAlive(contract.pid)) return undefined;
  const answer = await ask(contract);
  if (answer === "answered") return contract;
  // A crash leaves the contract, and its pid may be another program's by now.
  if (answer === "nobody" || !isAlive(contract.pid)) return undefined;
  throw new CommandError({
    code: "NotAnswering",
    message: `Process ${contract.pid} of ${dataDirectory} does not answer at ${contract.origin}.`,
    hint: "Its log says why; 'callosum down' stops it.",
  });
}

/** The running instance, or the error that says how to start one. */
export async function requireInstance(dataDirectory: string): Promise<Contract> {
  const contract = await findInstance(dataDirectory);
  if (contract) return contract;
  throw new CommandError({
    code: "NotRunning",
    message: `No instance runs on ${dataDirectory}.`,
    exitCode: exitCodes.notRunning,
    hint: "Start one with 'callosum up' (or 'callosum up --detach'), or name another with --data.",
  });
}

/** Any answer under this directory's own certificate authority proves who it is. */
async function ask(contract: Contract): Promise<"answered" | "nobody" | "silent"> {
  if (!existsSync(contract.caFile)) return "nobody";
  const { request, Agent } = await import("node:https");
  const agent = new Agent({ ca: readFileSync(contract.caFile) });
  return new Promise((resolve) => {
    const probe = request(
      `${contract.origin}/`,
      { method: "HEAD", agent, timeout: answerTimeoutMs },
      (response) => {
        response.resume();
        resolve("answered");
      },
    );
    probe.once("timeout", () => {
      resolve("silent");
      probe.destroy();
    });
    probe.once("error", () => resolve("nobody"));
    probe.end();
  });
}
