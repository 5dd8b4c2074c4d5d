// What a pool's sessions do and did: behind sys.dm_pdw_exec_requests and KILL, and the queue of
// statements that wait while as many run as the pool's size allows.
// Source: "sys.dm_pdw_exec_requests", "Memory and concurrency limits for dedicated SQL pool".
import { SqlError, type SqlMessage } from "../../session.ts";
import { resourceClasses } from "../catalogue/store.ts";
import { someNode } from "../emit/walk.ts";
import type { Statement } from "../statement.ts";
import { type Activity, type ExecutedRequest, frameOf, type Session } from "./state.ts";

/** "Up to 10,000 rows are kept"; commands longer than this are cut. */
const requestsMax = 10_000;
const commandLengthMax = 4_000;

const concurrency: readonly (readonly [units: number, queries: number])[] = [
  [6000, 128],
  [3000, 64],
  [2000, 48],
  [1000, 32],
  [500, 20],
  [400, 16],
  [300, 12],
  [200, 8],
];

/** Statements that a pool of a size runs at a time, `DW100c` four of them. */
function concurrencyOf(serviceObjective: string): number {
  const units = Number(/^DW(\d+)c?$/i.exec(serviceObjective)?.[1] ?? Number.NaN);
  if (Number.isNaN(units)) return 32;
  return concurrency.find(([from]) => units >= from)?.[1] ?? 4;
}

export function createActivity(serviceObjective: string): Activity {
  return {
    sessions: new Map(),
    requests: [],
    nextId: 1,
    runningCount: 0,
    runningCountMax: concurrencyOf(serviceObjective),
    waiting: new Set(),
  };
}

/** Control of flow is no request; what it runs is. */
const recorded = new Set<Statement["kind"]>([
  "query",
  "insert",
  "update",
  "delete",
  "merge",
  "copy",
  "createTable",
  "createTableAs",
  "createExternalTable",
  "createExternalTableAs",
  "alterTable",
  "truncate",
  "renameObject",
  "drop",
  "createView",
  "createProcedure",
  "createFunction",
  "createStatistics",
  "updateStatistics",
  "execute",
  "executeText",
]);

/** Take a place among the pool's running statements where they name a table of it. */
const heavy = new Set<Statement["kind"]>([
  "query",
  "insert",
  "update",
  "delete",
  "merge",
  "copy",
  "createTableAs",
  "createExternalTableAs",
]);

/** Queries of system views run at once, or nobody could look at a full pool. */
function isTable(node: object): boolean {
  const { kind, name } = node as { kind?: string; name?: { parts?: readonly string[] } };
  if (kind !== "table") return false;
  const schema = name?.parts?.at(-2)?.toLowerCase();
  return schema !== "sys" && schema !== "information_schema";
}

/** Of statements that come again. */
const known = new WeakMap<Statement, boolean>();

function readsTable(statement: Statement): boolean {
  const isKnown = known.get(statement) ?? someNode(statement, isTable);
  known.set(statement, isKnown);
  return isKnown;
}

const noTrace = { started: async () => {}, ended() {} };

export interface Trace {
  /** Waits for a place to run. */
  started(signal: AbortSignal): Promise<void>;
  ended(outcome: { error?: SqlMessage; cancelled?: boolean }): void;
}

/** Notes a statement; every trace must be ended. */
export function traceStatement(session: Session, statement: Statement): Trace {
  if (!recorded.has(statement.kind)) return noTrace;
  const { activity } = session.database;
  const { clock } = session.ports;
  const command = commandOf(session, statement);
  const request: ExecutedRequest = {
    id: activity.nextId,
    sessionId: session.id,
    login: session.principal.name,
    command,
    resourceClass: resourceClassOf(session),
    label: /\bLABEL\s*=\s*N?'((?:[^']|'')*)'/i.exec(command)?.[1]?.replaceAll("''", "'") ?? null,
    submitted: clock.now(),
    status: "Suspended",
    started: null,
    ended: null,
    error: undefined,
    rowCount: -1,
  };
  activity.nextId += 1;
  activity.requests.push(request);
  if (activity.requests.length > requestsMax) activity.requests.shift();
  let release = (): void => {};
  return {
    async started(signal) {
      if (heavy.has(statement.kind) && readsTable(statement))
        release = await takePlace(session, signal);
      request.status = "Running";
      request.started = clock.now();
    },
    ended({ error, cancelled }) {
      release();
      request.ended = clock.now();
      request.error = error;
      request.rowCount = Number(session.rowCount);
      request.status = cancelled ? "Cancelled" : error === undefined ? "Completed" : "Failed";
    },
  };
}

/** The largest class that the user is in; membership of the role is all there is to it. */
function resourceClassOf({ actor }: Session): string {
  return resourceClasses.findLast((name) => actor.grantees.has(name)) ?? "smallrc";
}

/** SECRET = '…' and PASSWORD = '…', inside a text of EXEC too, where each quote is two. */
const secret = /\b((?:SECRET|PASSWORD)\s*=\s*N?)('+)(?:(?!\2).|\2\2)*\2/gis;

function commandOf(session: Session, { at, end }: Statement): string {
  const { text } = frameOf(session);
  const command = text.slice(at.offset, end ?? text.length).replace(secret, "$1$2***$2");
  return command.slice(0, commandLengthMax).trim();
}

/** A statement inside one that runs (INSERT … EXEC) shares its place. */
async function takePlace(session: Session, signal: AbortSignal): Promise<() => void> {
  if (session.hasPlace) return () => {};
  const { activity } = session.database;
  while (activity.runningCount >= activity.runningCountMax) {
    const { promise, resolve } = Promise.withResolvers<void>();
    activity.waiting.add(resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    activity.waiting.delete(resolve);
    if (signal.aborted) throw signal.reason;
  }
  activity.runningCount += 1;
  session.hasPlace = true;
  return () => {
    activity.runningCount -= 1;
    session.hasPlace = false;
    const [next] = activity.waiting;
    next?.();
  };
}

/** KILL: the session's statement is cancelled and its connection ends. */
export function killSession(victim: Session): void {
  const message = "Cannot continue the execution because the session is in the kill state.";
  victim.killed.abort(new SqlError({ number: 596, severity: 21, state: 1, line: 1, message }));
}
