// Carries a plan out: round by round, those of one round side by side.

import type { Connection } from "@callosum/sdk/connection.ts";
import { sendAndWait, waitFor } from "@callosum/sdk/operation.ts";
import { deleteResource, putResource, type Resource } from "@callosum/sdk/resource.ts";
import type { ApplyPlan } from "./apply-plan.ts";
import type { ReadyItem } from "./check.ts";
import { type Kind, keyOf, titleOf } from "./source.ts";
import {
  armVersion,
  endpointPath,
  endpointVersion,
  type HeldItem,
  synapseRequest,
  type WorkspaceState,
} from "./workspace-state.ts";

const parallelMax = 8;

/** `done` is told of each thing as it is written or removed. Stops at the first that is refused. */
export async function carryOut(
  api: Connection,
  plan: ApplyPlan,
  done: (verb: "written" | "removed", title: string) => void,
): Promise<void> {
  const { state } = plan;
  for (const round of plan.rounds) {
    await eachOf(round, async (item) => {
      await write(api, item, state);
      done("written", titleOf(item));
    });
  }
  for (const round of plan.removals) {
    await eachOf(round, async (held) => {
      await remove(api, held, state.workspace);
      done("removed", titleOf(held));
    });
  }
}

async function eachOf<Item>(items: readonly Item[], work: (item: Item) => Promise<void>) {
  const queue = items.values();
  const workers = Array.from({ length: Math.min(parallelMax, items.length) }, async () => {
    for (const item of queue) await work(item);
  });
  await Promise.all(workers);
}

function pathOf(kind: Kind, name: string): string {
  const last = encodeURIComponent(name);
  return kind.how === "endpoint"
    ? `${endpointPath}/${last}`
    : `/${kind.label.toLowerCase()}/${last}`;
}

function versionOf(kind: Kind): string {
  return kind.how === "artifact" ? (kind.definition.apiVersions[0] ?? "") : endpointVersion;
}

async function write(api: Connection, item: ReadyItem, state: WorkspaceState): Promise<void> {
  const { kind, name, properties } = item;
  const { workspace } = state;
  if (kind.how === "resource") {
    const { sku, location = workspace.location } = item.envelope;
    const body = {
      ...(kind.label === "integrationRuntimes" ? {} : { location }),
      ...(sku === undefined ? {} : { sku }),
      properties,
    };
    const id = `${workspace.id}/${kind.label}/${name}`;
    await putResource(api, { id, apiVersion: armVersion, body });
    return;
  }
  const request = synapseRequest(workspace, pathOf(kind, name), versionOf(kind));
  const put = () => sendAndWait(api, { ...request, method: "PUT", body: { name, properties } });
  const held = state.items.get(keyOf(item));
  if (kind.label !== "triggers" || held?.properties.runtimeState !== "Started") {
    await put();
    return;
  }
  // A trigger that runs is changed while it stands still.
  const act = (action: string) =>
    sendAndWait(api, { ...request, path: `${request.path}/${action}`, method: "POST" });
  await act("stop");
  await put();
  await act("start");
}

async function remove(api: Connection, held: HeldItem, workspace: Resource): Promise<void> {
  const { kind, name } = held;
  if (kind.how === "resource") {
    await deleteResource(api, {
      id: `${workspace.id}/${kind.label}/${name}`,
      apiVersion: armVersion,
    });
    return;
  }
  const request = {
    ...synapseRequest(workspace, pathOf(kind, name), versionOf(kind)),
    method: "DELETE" as const,
    accept: [404],
  };
  const started = await api.send(request);
  if (started.status !== 204 && started.status !== 404) await waitFor(api, { request, started });
}
