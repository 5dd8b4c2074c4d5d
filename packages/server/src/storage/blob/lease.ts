// Lease Blob and Lease Container on the wire; the states are in lake/lease.ts.

import type { LeaseState } from "@callosum/contract/lake.ts";
import type { Answer } from "../../http/route.ts";
import { actions } from "../authorize/need.ts";
import { refuse } from "../error-catalogue.ts";
import { requireConditions, versionOf } from "../lake/condition.ts";
import { change } from "../lake/host.ts";
import { applyLease, type LeaseAction } from "../lake/lease.ts";
import { nodeKey, nodesRoot, nodeType } from "../lake/node.ts";
import { recordWrite } from "../lake/tree.ts";
import { type LakeRequest, type Operation, restSource as source } from "../operation.ts";
import { nowMs, theContainer, theNode, versionAnswer } from "../request.ts";
import { header, numberHeader, requireHeader } from "../wire/header.ts";

const guid = /^\{?([0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})\}?$/i;

export const leaseOperations: readonly Operation[] = [
  {
    name: "Lease Blob",
    service: "blob",
    level: "path",
    method: "PUT",
    query: { comp: "lease" },
    source,
    needs: { action: actions.write, sas: "w" },
    acl: ({ path }) => [{ path, right: "write" }],
    run: leaseBlob,
  },
];

export async function leaseBlob(request: LakeRequest): Promise<Answer> {
  const { host, call } = request;
  return change(host, async (tx) => {
    const container = await theContainer(request, tx.writer);
    const stored = await theNode(request, tx.writer, container);
    requireConditions(call.headers, versionOf(stored));
    const { lease, answer } = leaseOf(request, stored.node.lease);
    // A lease is no change of the blob: etag and time stay.
    await tx.writer.put({
      id: nodeKey(container.key, stored.name),
      type: nodeType,
      parent: nodesRoot(container.key),
      etag: stored.etag,
      body: { ...stored.node, lease },
    });
    await recordWrite(tx, request, actions.write);
    const version = versionAnswer(stored.etag, stored.node.modifiedMs);
    return { ...answer, headers: { ...version, ...answer.headers } };
  });
}

/** What `x-ms-lease-action` asks for, done to a lease. */
export function leaseOf(
  request: LakeRequest,
  before: LeaseState | undefined,
): { lease: LeaseState; answer: Answer } {
  const action = readAction(request);
  const atMs = nowMs(request);
  const lease = applyLease({ lease: before, action, nowMs: atMs });
  switch (action.kind) {
    case "acquire":
      return { lease, answer: { status: 201, headers: { "x-ms-lease-id": lease.id } } };
    case "renew":
    case "change":
      return { lease, answer: { status: 200, headers: { "x-ms-lease-id": lease.id } } };
    case "release":
      return { lease, answer: { status: 200 } };
    case "break": {
      const seconds = Math.max(0, Math.ceil(((lease.breaksMs ?? atMs) - atMs) / 1000));
      return { lease, answer: { status: 202, headers: { "x-ms-lease-time": String(seconds) } } };
    }
    default:
      throw action satisfies never;
  }
}

function readAction(request: LakeRequest): LeaseAction {
  const { headers } = request.call;
  const kind = requireHeader(headers, "x-ms-lease-action").toLowerCase();
  switch (kind) {
    case "acquire": {
      const proposed = readId(request, "x-ms-proposed-lease-id") ?? request.host.random.guid();
      return { kind, proposed, durationMs: readDuration(request) };
    }
    case "renew":
    case "release":
      return { kind, id: requireId(request, "x-ms-lease-id") };
    case "change":
      return {
        kind,
        id: requireId(request, "x-ms-lease-id"),
        proposed: requireId(request, "x-ms-proposed-lease-id"),
      };
    case "break": {
      const seconds = numberHeader(headers, "x-ms-lease-break-period");
      if (seconds !== undefined && seconds > 60)
        throw refuse.InvalidHeaderValue({
          name: "x-ms-lease-break-period",
          value: String(seconds),
        });
      return { kind, periodMs: seconds === undefined ? undefined : seconds * 1000 };
    }
    default:
      throw refuse.InvalidHeaderValue({ name: "x-ms-lease-action", value: kind });
  }
}

function readDuration(request: LakeRequest): number | undefined {
  const name = "x-ms-lease-duration";
  const value = requireHeader(request.call.headers, name);
  if (value === "-1") return undefined;
  const seconds = Number(value);
  if (!Number.isInteger(seconds) || seconds < 15 || seconds > 60)
    throw refuse.InvalidHeaderValue({ name, value });
  return seconds * 1000;
}

function readId(request: LakeRequest, name: string): string | undefined {
  const value = header(request.call.headers, name);
  if (value === undefined) return undefined;
  const match = guid.exec(value);
  if (!match) throw refuse.InvalidHeaderValue({ name, value });
  const hex = (match[1] ?? "").replaceAll("-", "").toLowerCase();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function requireId(request: LakeRequest, name: string): string {
  const id = readId(request, name);
  if (id === undefined) throw refuse.MissingRequiredHeader({ name });
  return id;
}
