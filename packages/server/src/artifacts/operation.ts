// Long-running operations of the endpoint: PUT, DELETE and rename answer 202 with a record, the result
// waits at the Location. A refused definition shows there as 200 with a Failed body (protocols.md 4.2).

import type { ArtifactDefinition } from "@callosum/contract/artifact.ts";
import type { ServiceError } from "@callosum/contract/error.ts";
import type { Writer } from "@callosum/contract/ports.ts";
import type { Answer } from "../http/route.ts";
import { findArtifact, kindOfCollection, presentArtifact } from "./artifact-document.ts";
import { errorFields } from "./dialect.ts";
import { failSynapse } from "./error-catalogue.ts";
import { allowsAction, requireAction, type WorkspaceCall } from "./workspace.ts";

const ticketKind = "synapseOperation";
const keptMs = 7 * 24 * 3600 * 1000;

export type RecordState = "Creating" | "Updating" | "Deleting";

interface Operation {
  readonly workspaceKey: string;
  readonly collection: string;
  readonly name: string;
  /** What the caller was allowed when it began; polling needs it again. */
  readonly action: string;
  readonly startedMs: number;
  readonly readyMs: number;
  /** The answer is the artifact as it is then, or nothing. */
  readonly gives: "artifact" | "nothing";
  readonly error?: Record<string, unknown>;
}

/** Where a record's facts come from; a deletion has none (recordings/artifacts.json). */
interface RecordFacts {
  readonly recordId: number;
  readonly created: string;
  readonly changed: string;
  readonly artifactId?: string;
}

export const noRecord: RecordFacts = {
  recordId: 0,
  created: "0001-01-01T00:00:00",
  changed: "0001-01-01T00:00:00",
};

/** Records an operation in the write's transaction and gives its 202. */
export async function acceptOperation(
  writer: Writer,
  options: {
    opened: WorkspaceCall;
    definition: ArtifactDefinition;
    name: string;
    action: string;
    state: RecordState;
    facts: RecordFacts;
    gives: "artifact" | "nothing";
    error?: ServiceError | undefined;
  },
): Promise<Answer> {
  const { opened, definition, name, action, state, facts, gives, error } = options;
  const { services, workspace, call, apiVersion, key } = opened;
  const nowMs = services.clock.now().getTime();
  const id = services.random.guid();
  const body: Operation = {
    workspaceKey: key,
    collection: definition.collection,
    name,
    action,
    startedMs: nowMs,
    readyMs: nowMs + services.operationDelayMs,
    gives,
    ...(error ? { error: errorFields(error) } : {}),
  };
  await writer.putTicket({ kind: ticketKind, id, expiresMs: nowMs + keptMs, body });
  const results =
    definition.backend === "notebook" ? "notebookOperationResults" : "operationResults";
  const base = call.origin.base("synapse", call.params.workspace ?? "");
  return {
    status: 202,
    headers: {
      Location: `${base}/${results}/${id}?api-version=${apiVersion}`,
      "Access-Control-Allow-Headers": "Location, Retry-After",
      "Access-Control-Expose-Headers": "Location, Retry-After",
    },
    body: {
      id: `${workspace.id}/${definition.collection}/${name}`,
      recordId: facts.recordId,
      state,
      ...(definition.backend === "notebook"
        ? {}
        : { created: facts.created, changed: facts.changed }),
      type: definition.kind,
      name,
      operationId: id,
      ...(facts.artifactId === undefined ? {} : { artifactId: facts.artifactId }),
    },
  };
}

async function findOperation(opened: WorkspaceCall): Promise<Operation> {
  const { services, call, key } = opened;
  const id = (call.params.operationId ?? "").toLowerCase();
  await requireAction(opened, "read");
  const ticket = await services.store.read.ticket<Operation>(ticketKind, id);
  if (!ticket || ticket.body.workspaceKey !== key) throw failSynapse.OperationNotFound({ id });
  // The result holds the artifact's definition: whoever may write or read it may poll.
  if (!(await allowsAction(opened, ticket.body.action)))
    await requireAction(opened, "artifacts/read");
  return ticket.body;
}

/** `GET /operationResults/{id}` and `/notebookOperationResults/{id}`. */
export async function answerResult(opened: WorkspaceCall): Promise<Answer> {
  const operation = await findOperation(opened);
  const { services, workspace, call, apiVersion } = opened;
  if (services.clock.now().getTime() < operation.readyMs) {
    const base = call.origin.base("synapse", call.params.workspace ?? "");
    const path = call.path.split("/").slice(2).join("/");
    return {
      status: 202,
      headers: { Location: `${base}/${path}?api-version=${apiVersion}`, "Retry-After": "1" },
    };
  }
  if (operation.error) return { status: 200, body: { status: "Failed", error: operation.error } };
  const definition = kindOfCollection(operation.collection);
  if (operation.gives === "nothing" || !definition) return { status: 200 };
  const { name } = operation;
  const found = await findArtifact(services.store.read, { workspace, definition, name });
  return found ? { status: 200, body: presentArtifact(workspace, found) } : { status: 200 };
}

/** `GET /operationStatuses/{id}`. */
export async function answerStatus(opened: WorkspaceCall): Promise<Answer> {
  const operation = await findOperation(opened);
  const isDone = opened.services.clock.now().getTime() >= operation.readyMs;
  const status = !isDone ? "InProgress" : operation.error ? "Failed" : "Succeeded";
  return {
    status: 200,
    body: {
      id: opened.call.path.split("/").slice(2).join("/"),
      name: opened.call.params.operationId,
      status,
      startTime: new Date(operation.startedMs).toISOString(),
      ...(isDone ? { endTime: new Date(operation.readyMs).toISOString() } : {}),
      ...(isDone && operation.error ? { error: operation.error } : {}),
    },
  };
}
