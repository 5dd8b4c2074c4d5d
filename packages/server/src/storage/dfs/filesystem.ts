// File systems at the Data Lake endpoint: containers by another name.

import type { Answer } from "../../http/route.ts";
import { actions } from "../authorize/need.ts";
import { dropContainer, makeContainer, updateContainer, versionOf } from "../blob/container.ts";
import { requireConditions } from "../lake/condition.ts";
import { type Container, listContainers } from "../lake/container.ts";
import { change } from "../lake/host.ts";
import { leaseAnswer } from "../lake/lease.ts";
import { type LakeRequest, type Operation, restSource as source } from "../operation.ts";
import { limitQuery, nowMs, requireContainerLease, theContainer } from "../request.ts";
import { httpDate } from "../wire/header.ts";
import { propertiesAnswer, propertiesHeader } from "./property.ts";

const query = { resource: "filesystem" };

export const filesystemOperations: readonly Operation[] = [
  {
    name: "Filesystem - List",
    service: "dfs",
    level: "account",
    method: "GET",
    query: { resource: "account" },
    source,
    needs: { action: actions.containerRead, sas: "l" },
    run: listFilesystems,
  },
  {
    name: "Filesystem - Create",
    service: "dfs",
    level: "container",
    method: "PUT",
    query,
    source,
    needs: { action: actions.containerWrite, sas: "cw", accountSasOnly: true },
    run: createFilesystem,
  },
  {
    name: "Filesystem - Get Properties",
    service: "dfs",
    level: "container",
    method: "HEAD",
    query,
    source,
    needs: { action: actions.containerRead, sas: "r", accountSasOnly: true },
    run: filesystemProperties,
  },
  {
    name: "Filesystem - Set Properties",
    service: "dfs",
    level: "container",
    method: "PATCH",
    query,
    source,
    needs: { action: actions.containerWrite, sas: "w", accountSasOnly: true },
    run: setFilesystemProperties,
  },
  {
    name: "Filesystem - Delete",
    service: "dfs",
    level: "container",
    method: "DELETE",
    query,
    source,
    needs: { action: actions.containerDelete, sas: "d", accountSasOnly: true },
    run: deleteFilesystem,
  },
];

async function listFilesystems(request: LakeRequest): Promise<Answer> {
  const { host, account, call } = request;
  const prefix = call.query.get("prefix") ?? "";
  const after = call.query.get("continuation") ?? "";
  const limit = limitQuery(request, "maxresults", { most: 5000, refuseMore: false });
  const all = await listContainers(host.store.read, { account, after: "", limit: 1_000_000 });
  const matching = all.filter(({ name }) => name.startsWith(prefix) && name > after);
  const page = matching.slice(0, limit);
  const filesystems = page.map(({ name, etag, state }) => ({
    name,
    eTag: `"${etag}"`,
    lastModified: httpDate(state.lastModifiedMs),
  }));
  return {
    status: 200,
    headers: matching.length > limit ? { "x-ms-continuation": page.at(-1)?.name ?? "" } : {},
    body: { filesystems },
  };
}

function namespaceAnswer({ account }: LakeRequest): Record<string, string> {
  return { "x-ms-namespace-enabled": String(account.isHierarchical) };
}

async function createFilesystem(request: LakeRequest): Promise<Answer> {
  const metadata = propertiesHeader(request);
  const made = await makeContainer(request, "FilesystemAlreadyExists", metadata);
  return { status: 201, headers: { ...versionOf(made), ...namespaceAnswer(request) } };
}

async function filesystemProperties(request: LakeRequest): Promise<Answer> {
  const container = await theContainer(request, request.host.store.read);
  return {
    status: 200,
    headers: {
      ...versionOf(container),
      ...namespaceAnswer(request),
      ...leaseAnswer(container.state.lease, nowMs(request)),
      "x-ms-properties": propertiesAnswer(container.state.metadata),
    },
  };
}

async function setFilesystemProperties(request: LakeRequest): Promise<Answer> {
  const metadata = propertiesHeader(request) ?? {};
  const updated = await change(request.host, async (tx): Promise<Container> => {
    const container = await theContainer(request, tx.writer);
    requireContainerLease(request, container, true);
    requireConditions(request.call.headers, {
      etag: container.etag,
      modifiedMs: container.state.lastModifiedMs,
    });
    return updateContainer(tx, request, {
      container,
      state: { metadata },
      action: actions.containerWrite,
      touch: true,
    });
  });
  return { status: 200, headers: versionOf(updated) };
}

async function deleteFilesystem(request: LakeRequest): Promise<Answer> {
  await dropContainer(request);
  return { status: 202 };
}
