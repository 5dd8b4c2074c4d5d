// Holds a running instance still, with every process that it started, while its directory is copied: the
// copy is then what a power failure at that moment would leave, and each start repairs that.

import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Runs `work` while the processes stand still. They go on whatever happens to this process. */
export async function whileFrozen<Result>(
  pid: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const stopped: number[] = [];
  const guard = await startGuard();
  try {
    // The parent first: it starts no more children from then on.
    for (let round = descendantsOf(pid, stopped); round.length > 0; ) {
      for (const each of round) {
        guard.tell(each);
        signal(each, "SIGSTOP");
        await untilStopped(each);
        stopped.push(each);
      }
      round = descendantsOf(pid, stopped);
    }
    return await work();
  } finally {
    for (const each of stopped) signal(each, "SIGCONT");
    guard.release();
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

const stopPollMs = 2;
const stopPollsMax = 1_000;

/** The signal is on its way when it is sent: the process stands still when the system says so. */
async function untilStopped(pid: number): Promise<void> {
  for (let polls = 0; polls < stopPollsMax; polls += 1) {
    const [state] = readStat(pid) ?? [];
    // Gone, or a system that does not say: the pause is all there is.
    if (state === undefined && polls > 0) return;
    if (state !== undefined && /^[TtZX]$/.test(state)) return;
    await sleep(stopPollMs);
  }
  throw new Error(`Process ${pid} does not stand still.`);
}

/** State and parent of a process; undefined where there is none or the system does not say. */
function readStat(pid: number): [state: string, parent: number] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // `pid (name) state ppid …`; the name may hold anything.
    const [state = "", parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return [state, Number(parent)];
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

/** The process and all below it, without those that are known. */
function descendantsOf(root: number, known: readonly number[]): number[] {
  const parents = readParents();
  const found = [root];
  for (const pid of found)
    for (const [child, parent] of parents) if (parent === pid) found.push(child);
  return found.filter((pid) => !known.includes(pid));
}

/** Parent of each process by its id; empty where the system does not say (no /proc). */
function readParents(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const name of processNames()) {
    const stat = readStat(Number(name));
    if (stat) parents.set(Number(name), stat[1]);
  }
  return parents;
}

function processNames(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

interface Guard {
  tell(pid: number): void;
  release(): void;
}

const guardProgram = `
let text = "";
const wake = () => {
  for (const pid of text.split("\\n").filter(Boolean)) try { process.kill(Number(pid), "SIGCONT"); } catch {}
  process.exit();
};
process.on("SIGINT", () => {}); process.on("SIGTERM", () => {});
process.stdin.setEncoding("utf8").on("data", (part) => { text += part; }).on("end", wake).on("error", wake);
process.stdout.write("ready");
`;

/** A process that wakes the others when this one ends, even by kill -9: its input ends with us. */
async function startGuard(): Promise<Guard> {
  const child: ChildProcess = spawn(process.execPath, ["-e", guardProgram], {
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
    env: {},
  });
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.stdout?.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`The guard ended with ${code}.`)));
  });
  child.unref();
  return {
    tell: (pid) => void child.stdin?.write(`${pid}\n`),
    release: () => void child.stdin?.end(),
  };
}
