// Operations on containers at the blob endpoint, but for listing, which is in list.ts.

import type { ContainerState, StoredAccessPolicy } from "@callosum/contract/lake.ts";
import type { Answer } from "../../http/route.ts";
import { describeCaller } from "../authorize/caller.ts";
import { actions } from "../authorize/need.ts";
import { refuse } from "../error-catalogue.ts";
import { isNotModified, requireConditions } from "../lake/condition.ts";
import {
  type Container,
  checkContainerName,
  findContainer,
  putContainer,
} from "../lake/container.ts";
import { type Change, change } from "../lake/host.ts";
import { leaseAnswer } from "../lake/lease.ts";
import { recordWrite } from "../lake/tree.ts";
import {
  type LakeRequest,
  type Operation,
  refuseOperation,
  restSource as source,
} from "../operation.ts";
import {
  nowMs,
  readSmall,
  requireContainerLease,
  theContainer,
  versionAnswer,
} from "../request.ts";
import { header, metadataAnswer, metadataHeaders } from "../wire/header.ts";
import { childText, element, parseXml, xmlHeader } from "../wire/xml.ts";
import { leaseOf } from "./lease.ts";

const containerQuery = { restype: "container" };

export const containerOperations: readonly Operation[] = [
  {
    name: "Create Container",
    service: "blob",
    level: "container",
    method: "PUT",
    query: containerQuery,
    source,
    needs: { action: actions.containerWrite, sas: "cw", accountSasOnly: true },
    run: createContainer,
  },
  {
    name: "Get Container Properties",
    service: "blob",
    level: "container",
    method: ["GET", "HEAD"],
    query: containerQuery,
    source,
    needs: { action: actions.containerRead, sas: "r", accountSasOnly: true },
    run: containerProperties,
  },
  {
    name: "Get Container Metadata",
    service: "blob",
    level: "container",
    method: ["GET", "HEAD"],
    query: { ...containerQuery, comp: "metadata" },
    source,
    needs: { action: actions.containerRead, sas: "r", accountSasOnly: true },
    run: containerProperties,
  },
  {
    name: "Set Container Metadata",
    service: "blob",
    level: "container",
    method: "PUT",
    query: { ...containerQuery, comp: "metadata" },
    source,
    needs: { action: actions.containerWrite, sas: "w", accountSasOnly: true },
    run: setContainerMetadata,
  },
  {
    name: "Delete Container",
    service: "blob",
    level: "container",
    method: "DELETE",
    query: containerQuery,
    source,
    needs: { action: actions.containerDelete, sas: "d", accountSasOnly: true },
    run: deleteContainer,
  },
  {
    name: "Get Container ACL",
    service: "blob",
    level: "container",
    method: ["GET", "HEAD"],
    query: { ...containerQuery, comp: "acl" },
    source,
    needs: { action: actions.containerGetAcl, sas: "" },
    run: containerPolicies,
  },
  {
    name: "Set Container ACL",
    service: "blob",
    level: "container",
    method: "PUT",
    query: { ...containerQuery, comp: "acl" },
    source,
    needs: { action: actions.containerSetAcl, sas: "" },
    run: setContainerPolicies,
  },
  {
    name: "Lease Container",
    service: "blob",
    level: "container",
    method: "PUT",
    query: { ...containerQuery, comp: "lease" },
    source,
    needs: { action: actions.containerWrite, sas: "wd", accountSasOnly: true },
    run: leaseContainer,
  },
  refuseOperation({
    name: "Restore Container",
    service: "blob",
    level: "container",
    method: "PUT",
    query: { ...containerQuery, comp: "undelete" },
    reason: "deleted containers are not kept.",
  }),
  refuseOperation({
    name: "Rename Container",
    service: "blob",
    level: "container",
    method: "PUT",
    query: { ...containerQuery, comp: "rename" },
    reason: "it is a preview without clients.",
  }),
];

/** Makes a container; `exists` is the endpoint's word for one that is there. */
export async function makeContainer(
  request: LakeRequest,
  exists: "ContainerAlreadyExists" | "FilesystemAlreadyExists",
  properties?: Record<string, string>,
): Promise<Container> {
  const { host, call, account, container: name, caller } = request;
  checkContainerName(name);
  const metadata = properties ?? metadataHeaders(call.headers);
  if (header(call.headers, "x-ms-blob-public-access") !== undefined) throw publicAccess();
  return change(host, async (tx) => {
    if (await findContainer(tx.writer, account, name)) throw refuse[exists]({});
    const atMs = nowMs(request);
    const made = await putContainer(tx.writer, {
      account,
      name,
      etag: host.nextEtag(),
      state: {
        storageId: host.random.guid(),
        publicAccess: "None",
        metadata,
        createdMs: atMs,
        lastModifiedMs: atMs,
      },
      by: writerOf(describeCaller(caller)),
      nowIso: new Date(atMs).toISOString(),
    });
    await recordWrite(tx, request, actions.containerWrite);
    return made;
  });
}

function writerOf({ name, kind }: { name: string; kind: string }): { id: string; kind: string } {
  return { id: name, kind };
}

function publicAccess() {
  return refuse.PublicAccessNotPermitted({});
}

/** Replaces a container's state under a new etag. */
export async function updateContainer(
  tx: Change,
  request: LakeRequest,
  options: { container: Container; state: Partial<ContainerState>; action: string; touch: boolean },
): Promise<Container> {
  const { container, state, action, touch } = options;
  const atMs = nowMs(request);
  const updated = await putContainer(tx.writer, {
    account: request.account,
    name: container.name,
    etag: touch ? request.host.nextEtag() : container.etag,
    state: { ...container.state, ...state, ...(touch ? { lastModifiedMs: atMs } : {}) },
    by: writerOf(describeCaller(request.caller)),
    nowIso: new Date(atMs).toISOString(),
  });
  await recordWrite(tx, request, action);
  return updated;
}

export function versionOf(container: Container): Record<string, string> {
  return versionAnswer(container.etag, container.state.lastModifiedMs);
}

const conditionsOn = (container: Container) => ({
  etag: container.etag,
  modifiedMs: container.state.lastModifiedMs,
});

async function createContainer(request: LakeRequest): Promise<Answer> {
  const made = await makeContainer(request, "ContainerAlreadyExists");
  return { status: 201, headers: versionOf(made) };
}

async function containerProperties(request: LakeRequest): Promise<Answer> {
  const container = await theContainer(request, request.host.store.read);
  requireContainerLease(request, container, true);
  if (isNotModified(request.call.headers, conditionsOn(container)))
    return { status: 304, headers: versionOf(container) };
  return {
    status: 200,
    headers: {
      ...versionOf(container),
      ...metadataAnswer(container.state.metadata),
      ...leaseAnswer(container.state.lease, nowMs(request)),
      "x-ms-has-immutability-policy": "false",
      "x-ms-has-legal-hold": "false",
      "x-ms-immutable-storage-with-versioning-enabled": "false",
      "x-ms-default-encryption-scope": "$account-encryption-key",
      "x-ms-deny-encryption-scope-override": "false",
    },
  };
}

async function setContainerMetadata(request: LakeRequest): Promise<Answer> {
  const metadata = metadataHeaders(request.call.headers);
  const updated = await change(request.host, async (tx) => {
    const container = await theContainer(request, tx.writer);
    requireContainerLease(request, container, true);
    requireConditions(request.call.headers, conditionsOn(container));
    return updateContainer(tx, request, {
      container,
      state: { metadata },
      action: actions.containerWrite,
      touch: true,
    });
  });
  return { status: 200, headers: versionOf(updated) };
}

/** Removes the container with all in it; its folder is removed after the commit (collect.ts). */
export async function dropContainer(request: LakeRequest): Promise<void> {
  await change(request.host, async (tx) => {
    const container = await theContainer(request, tx.writer);
    requireContainerLease(request, container);
    requireConditions(request.call.headers, conditionsOn(container));
    await tx.writer.removeTree(container.key);
    await recordWrite(tx, request, actions.containerDelete);
  });
}

async function deleteContainer(request: LakeRequest): Promise<Answer> {
  await dropContainer(request);
  return { status: 202 };
}

async function containerPolicies(request: LakeRequest): Promise<Answer> {
  const container = await theContainer(request, request.host.store.read);
  requireContainerLease(request, container, true);
  const items = (container.state.accessPolicies ?? []).map(
    ({ id, start, expiry, permission }) =>
      `<SignedIdentifier>${element("Id", id)}<AccessPolicy>${element("Start", start)}${element("Expiry", expiry)}${element("Permission", permission)}</AccessPolicy></SignedIdentifier>`,
  );
  return {
    status: 200,
    headers: { ...versionOf(container), "content-type": "application/xml" },
    body: `${xmlHeader}<SignedIdentifiers>${items.join("")}</SignedIdentifiers>`,
  };
}

const policyCountMax = 5;

async function setContainerPolicies(request: LakeRequest): Promise<Answer> {
  const { call, host } = request;
  if (header(call.headers, "x-ms-blob-public-access") !== undefined) throw publicAccess();
  const text = (await readSmall(call.stream)).toString("utf8");
  const accessPolicies = text.trim() === "" ? [] : readPolicies(text);
  const updated = await change(host, async (tx) => {
    const container = await theContainer(request, tx.writer);
    requireContainerLease(request, container, true);
    requireConditions(call.headers, conditionsOn(container));
    return updateContainer(tx, request, {
      container,
      state: { accessPolicies },
      action: actions.containerSetAcl,
      touch: true,
    });
  });
  return { status: 200, headers: versionOf(updated) };
}

function readPolicies(text: string): StoredAccessPolicy[] {
  const document = parseXml(text);
  if (document.name !== "SignedIdentifiers" || document.children.length > policyCountMax)
    throw refuse.InvalidXmlDocument({});
  return document.children.map((item) => {
    const id = childText(item, "Id") ?? "";
    if (item.name !== "SignedIdentifier" || id === "" || id.length > 64)
      throw refuse.InvalidXmlDocument({});
    const policy = item.children.find(({ name }) => name === "AccessPolicy");
    const read = (name: string) => (policy && childText(policy, name)) || undefined;
    const [start, expiry, permission] = [read("Start"), read("Expiry"), read("Permission")];
    for (const time of [start, expiry]) {
      if (time !== undefined && Number.isNaN(Date.parse(time))) throw refuse.InvalidXmlDocument({});
    }
    return {
      id,
      ...(start === undefined ? {} : { start }),
      ...(expiry === undefined ? {} : { expiry }),
      ...(permission === undefined ? {} : { permission }),
    };
  });
}

async function leaseContainer(request: LakeRequest): Promise<Answer> {
  const { host, call } = request;
  return change(host, async (tx) => {
    const container = await theContainer(request, tx.writer);
    requireConditions(call.headers, conditionsOn(container));
    const { lease, answer } = leaseOf(request, container.state.lease);
    const updated = await updateContainer(tx, request, {
      container,
      state: { lease },
      action: actions.containerWrite,
      touch: false,
    });
    return { ...answer, headers: { ...versionOf(updated), ...answer.headers } };
  });
}
