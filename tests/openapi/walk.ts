// Calls every operation of the documents on one instance and judges the answers: status, body and the
// headers of long-running operations.

import type { Reply } from "../fixture/server.ts";
import type { Operation } from "./document.ts";
import { requestOf } from "./request.ts";
import { faultsOf } from "./schema.ts";
import { createSubject, type Request, type Subject } from "./subject.ts";

export interface Finding {
  /** Where in the body with `*` for indices, or the status. */
  readonly at: string;
  readonly what: string;
}

export interface Outcome {
  readonly operation: Operation;
  readonly request: Request;
  readonly status: number;
  /** The error's own words when the operation is refused by name. */
  readonly refusal: string | undefined;
  readonly findings: readonly Finding[];
}

const ranks: Readonly<Record<string, number>> = { PUT: 0, GET: 1, HEAD: 1, PATCH: 2, POST: 3 };

/** Reads after writes, removals last and from the leaves on. */
function inOrder(subject: Subject, operations: readonly Operation[]): Operation[] {
  const rank = ({ method }: Operation) => ranks[method] ?? 4;
  const depth = (operation: Operation) => {
    if (operation.method !== "DELETE") return 0;
    // What lies at a workspace's endpoint lies below everything of the resource manager.
    const isEndpoint = operation.document.includes("/data-plane/");
    return -requestOf(subject, operation).path.split("/").length - (isEndpoint ? 100 : 0);
  };
  return [...operations].sort((a, b) => rank(a) - rank(b) || depth(a) - depth(b));
}

export async function walk(
  subject: Subject,
  operations: readonly Operation[],
): Promise<readonly Outcome[]> {
  const requests = await createSubject(subject);
  const created = new Map(requests.map((request) => [resourceOf(request), request]));
  const polled = new Map<string, string>();
  const outcomes: Outcome[] = [];
  for (const operation of inOrder(subject, operations)) {
    const request = withPolled(requestOf(subject, operation), polled);
    const again = created.get(resourceOf(request));
    if (operation.method === "DELETE" && again) await subject.send(again);
    const reply = await subject.send(request);
    // What the next document asks for has its name again.
    if (operation.id.includes("_Rename") && again) await subject.send(again);
    rememberPolling(reply, polled);
    outcomes.push(judge(operation, request, reply));
  }
  return outcomes;
}

function resourceOf({ path }: Request): string {
  return (path.split("?")[0] ?? "").replace(/\/rename$/, "").toLowerCase();
}

const pollingPath = /\/(?:operationResults|operationStatuses|notebookOperationResults)\/([^/?]+)/i;

function rememberPolling({ headers }: Reply, polled: Map<string, string>): void {
  for (const header of [headers.location, headers["azure-asyncoperation"]]) {
    const found = pollingPath.exec(String(header ?? ""));
    if (!found?.[0] || !found[1]) continue;
    const url = new URL(String(header));
    const collection = collectionOf(url.pathname);
    polled.set(collection, found[1]);
    polled.set(collection.replace("operationresults", "operationstatuses"), found[1]);
  }
}

/** What is above an operation's id: the same for every operation of a workspace. */
function collectionOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")).toLowerCase();
}

/** Results and states are asked of operations that an earlier answer named. */
function withPolled(request: Request, polled: ReadonlyMap<string, string>): Request {
  const [path = "", query = ""] = request.path.split("?");
  const id = polled.get(collectionOf(path));
  return id && pollingPath.test(path)
    ? { ...request, path: `${path.slice(0, path.lastIndexOf("/"))}/${id}?${query}` }
    : request;
}

function judge(operation: Operation, request: Request, reply: Reply): Outcome {
  const { document, responses } = operation;
  const refusal = refusalOf(reply);
  const common = { operation, request, status: reply.status, refusal };
  if (refusal !== undefined) return { ...common, findings: [] };
  const documented = responses[reply.status];
  if (!documented) {
    const what = `not among ${Object.keys(responses).join(", ")}: ${reply.text.slice(0, 300)}`;
    return { ...common, findings: [{ at: String(reply.status), what }] };
  }
  // An accepted operation may show its result only when it has one.
  const isEmptyAccept = reply.status === 202 && reply.text === "";
  const faults =
    documented.schema && !isEmptyAccept
      ? faultsOf({ document, node: documented.schema }, reply.body)
      : [];
  const bodyFindings = faults
    // Actions exist to show secrets (`listKeys`); nothing else may.
    .filter(({ rule }) => !(rule === "neverSent" && operation.method === "POST"))
    .map(({ at, what }) => ({ at: at.replace(/\/\d+(?=\/|$)/g, "/*"), what }));
  return { ...common, findings: [...bodyFindings, ...headerFindings(operation, reply)] };
}

function headerFindings({ isLongRunning }: Operation, { status, headers }: Reply): Finding[] {
  if (status !== 202 || !isLongRunning) return [];
  const isPolled = headers.location !== undefined || headers["azure-asyncoperation"] !== undefined;
  return isPolled ? [] : [{ at: "202", what: "says nowhere where to poll" }];
}

function refusalOf({ status, body }: Reply): string | undefined {
  if (status !== 501) return undefined;
  const error = body?.error ?? body;
  return error?.code === "NotSupportedHere" ? String(error.message) : undefined;
}
