// Holds still whatever this process has started, while it is busy itself: nobody of the instance writes
// then. Synchronous, because the event loop must not turn meanwhile.

import { readdirSync, readFileSync } from "node:fs";

/** Runs `work` while all processes below this one stand still; they go on afterwards in any case. */
export function whileFrozen<Result>(work: () => Result): Result {
  const stopped: number[] = [];
  try {
    // A process that is stopped starts no more: the second look finds what the first was too early for.
    for (let round = descendants(stopped); round.length > 0; round = descendants(stopped)) {
      for (const pid of round) {
        signal(pid, "SIGSTOP");
        stopped.push(pid);
        waitUntilStopped(pid);
      }
    }
    return work();
  } finally {
    for (const pid of stopped) signal(pid, "SIGCONT");
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** All below this process that are not known; none where the system does not say (no /proc). */
function descendants(known: readonly number[]): number[] {
  const parents = new Map(
    processIds().flatMap((pid) => {
      const stat = readStat(pid);
      return stat ? [[pid, stat[1]] as const] : [];
    }),
  );
  const found = [process.pid];
  for (const pid of found) {
    for (const [child, parent] of parents) if (parent === pid) found.push(child);
  }
  return found.slice(1).filter((pid) => !known.includes(pid));
}

function processIds(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

const stopPollMs = 1;
const stopPollsMax = 2_000;

/** The signal is on its way when it is sent: the process stands still when the system says so. */
function waitUntilStopped(pid: number): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let polls = 0; polls < stopPollsMax; polls += 1) {
    const [state] = readStat(pid) ?? [];
    if (state === undefined || /^[TtZX]$/.test(state)) return;
    Atomics.wait(pause, 0, 0, stopPollMs);
  }
  throw new Error(`Process ${pid} does not stand still.`);
}

/** State and parent of a process; undefined where there is none. */
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
