// The lake's port for engines: the endpoints' own operations, called from inside. Rights, leases and
// conditions are theirs; only the wire is missing.

import { timingSafeEqual } from "node:crypto";
import { Readable } from "node:stream";
import { fail } from "@callosum/contract/error-catalogue.ts";
import type { LakeAccess, LakeEntry, LakePort, StagedFile } from "@callosum/contract/lake.ts";
import type { Call, Method } from "../../http/route.ts";
import type { AclQuestion } from "../authorize/acl-question.ts";
import { type Caller, requireRight } from "../authorize/caller.ts";
import { actions, type Need } from "../authorize/need.ts";
import { verifySas } from "../authorize/sas.ts";
import { accountKeys } from "../authorize/shared-key.ts";
import { putBlockBlob } from "../blob/write.ts";
import { deletePath } from "../dfs/delete.ts";
import { refuse } from "../error-catalogue.ts";
import type { LakeRequest } from "../operation.ts";
import { lowerCaseNames } from "../wire/query.ts";
import { pathOf } from "./address.ts";
import { type Account, type Container, findAccount, requireContainer } from "./container.ts";
import { openContent } from "./content.ts";
import { findNode, hasChildren, rootNode, type StoredNode } from "./find-node.ts";
import { fileIdOf, type LakeHost } from "./host.ts";
import { listNodes } from "./list.ts";
import { isInline } from "./node.ts";
import { matchesPattern, patternRoot } from "./pattern.ts";
import { checkName } from "./tree.ts";

interface Place {
  readonly account: Account;
  readonly container: string;
  readonly path: string;
}

const pageSize = 1000;
const readNeed: Need = { action: actions.read, sas: "r" };
const listNeed: Need = { action: actions.read, sas: "l" };

export function createLakePort(host: LakeHost): LakePort {
  return { ...readingPort(host), ...writingPort(host) };
}

/** The place that a URL names, once the caller may do there what it wants. */
async function enter(
  host: LakeHost,
  url: string,
  access: LakeAccess,
  options: { need: Need; right: AclQuestion["right"] },
): Promise<{ place: Place; container: Container; caller: Caller }> {
  const place = await placeOf(host, url);
  const { account, container: name, path } = place;
  const target = { service: "dfs" as const, container: name, path };
  const caller = await callerOf(host, place, access);
  await requireRight(host, {
    account,
    caller,
    target,
    need: options.need,
    acl: [{ path, right: options.right }],
  });
  const container = await requireContainer(host.store.read, { account, name, service: "dfs" });
  return { place, container, caller };
}

function readingPort(
  host: LakeHost,
): Pick<LakePort, "stat" | "list" | "read" | "stage" | "stageAll"> {
  const port: ReturnType<typeof readingPort> = {
    async stat(url, access) {
      const { place, container } = await enter(host, url, access, {
        need: readNeed,
        right: "traverse",
      });
      const stored = await look(host, container, place.path);
      return stored && entryOf(place, stored);
    },
    async *list(url, access, { recursive }) {
      const { place, container } = await enter(host, url, access, {
        need: listNeed,
        right: "list",
      });
      yield* listBelow(host, { place, container, recursive });
    },
    async read(url, access, range) {
      const { place, container } = await enter(host, url, access, {
        need: readNeed,
        right: "read",
      });
      const { node } = await requireFile(host, container, place.path);
      const from = Math.min(range?.from ?? 0, node.length);
      const length = Math.min(range?.length ?? node.length, node.length - from);
      return openContent(host, { place: container, content: node.content, from, length });
    },
    async stage(url, access, directory) {
      const { place, container } = await enter(host, url, access, {
        need: readNeed,
        right: "read",
      });
      const stored = await requireFile(host, container, place.path);
      return stageNode(host, { url, container, stored, directory });
    },
    async *stageAll(url, access, directory) {
      for (const file of await filesNamed(port, url, access)) {
        const staged = await port.stage(file, access, directory);
        try {
          yield staged;
        } finally {
          await staged.release();
        }
      }
    },
  };
  return port;
}

function writingPort(host: LakeHost): Pick<LakePort, "write" | "remove"> {
  return {
    async write(url, access, content, options = {}) {
      const place = await placeOf(host, url);
      const caller = await callerOf(host, place, access);
      const { account, container, path } = place;
      if (path === "") throw refuse.InvalidUri({});
      checkName(path, account.isHierarchical);
      await requireRight(host, {
        account,
        caller,
        target: { service: "dfs", container, path },
        need: { action: actions.write, sas: "w", whenNew: { action: actions.add, sas: "c" } },
        acl: [{ path, right: "write" }],
      });
      const call = insideCall(host, {
        method: "PUT",
        stream: Readable.from(content, { objectMode: false }),
        headers: {
          "transfer-encoding": "chunked",
          ...(options.contentType === undefined ? {} : { "content-type": options.contentType }),
        },
      });
      await putBlockBlob({ host, call, service: "blob", ...place, caller });
      const found = await requireContainer(host.store.read, {
        account,
        name: container,
        service: "dfs",
      });
      return entryOf(place, await requireFile(host, found, path));
    },
    async remove(url, access) {
      const need = { action: actions.remove, sas: "d" };
      const { place, container, caller } = await enter(host, url, access, {
        need,
        right: "remove",
      });
      if (place.path === "") throw refuse.InvalidUri({});
      if (!(await look(host, container, place.path))) return false;
      const call = insideCall(host, { method: "DELETE", headers: {}, stream: Readable.from([]) });
      call.query.set("recursive", "true");
      const request: LakeRequest = { host, call, service: "dfs", ...place, caller };
      for (let next: string | undefined = ""; next !== undefined; ) {
        const { headers } = await deletePath(request);
        next = headers?.["x-ms-continuation"];
        if (next !== undefined) call.query.set("continuation", next);
      }
      return true;
    },
  };
}

async function placeOf(host: LakeHost, url: string): Promise<Place> {
  const address = pathOf(url);
  if (!address) throw refuse.InvalidUri({ why: url });
  const account = await findAccount(host, address.account);
  return { account, container: address.container, path: address.path };
}

/** Engines bring tokens' principals, or what a credential of theirs says. */
async function callerOf(host: LakeHost, place: Place, access: LakeAccess): Promise<Caller> {
  const { account } = place;
  switch (access.kind) {
    case "principal":
      return { kind: "token", principal: access.principal };
    case "server":
      return { kind: "key", keyName: "server" };
    case "key": {
      if (account.properties.allowSharedKeyAccess === false)
        throw refuse.KeyBasedAuthenticationNotPermitted({});
      const given = Buffer.from(access.accountKey, "base64");
      const keys = await accountKeys(host, account);
      const isSame = (key: Buffer) => key.length === given.length && timingSafeEqual(key, given);
      const found = keys.find(({ key }) => isSame(key.export()));
      if (!found)
        throw refuse.AuthenticationFailed({ why: "The account key is not the account's." });
      return { kind: "key", keyName: found.name };
    }
    case "signature": {
      const query = lowerCaseNames(new URLSearchParams(access.query.replace(/^\?/, "")));
      const call = insideCall(host, { method: "GET", headers: {}, stream: Readable.from([]) });
      const target = { service: "dfs" as const, container: place.container, path: place.path };
      return { kind: "sas", claims: await verifySas(host, { account, call, query, target }) };
    }
    default:
      throw access satisfies never;
  }
}

/** A request that nobody sent: what operations look at, from inside. */
function insideCall(
  host: LakeHost,
  options: { method: Method; headers: Record<string, string>; stream: Readable },
): Call {
  const id = host.random.guid();
  return {
    ...options,
    path: "/",
    params: {},
    query: new URLSearchParams(),
    body: undefined,
    requestId: id,
    correlationId: id,
    origin: { form: "host", own: "", base: () => "" },
    remoteAddress: "",
    signal: new AbortController().signal,
    principal: () => Promise.reject(fail.AuthenticationFailed({})),
    principalIfAny: () => Promise.resolve(undefined),
  };
}

async function look(
  host: LakeHost,
  container: Container,
  path: string,
): Promise<StoredNode | undefined> {
  const { read } = host.store;
  if (path === "") return rootNode(read, container);
  const stored = await findNode(read, container, path);
  if (stored || !(await hasChildren(read, container, path))) return stored;
  // In a flat namespace a directory is there because something is below it.
  const { createdMs, lastModifiedMs } = container.state;
  const node = { kind: "directory" as const, length: 0, createdMs, modifiedMs: lastModifiedMs };
  return { name: path, etag: container.etag, node };
}

async function requireFile(
  host: LakeHost,
  container: Container,
  path: string,
): Promise<StoredNode> {
  const stored = await look(host, container, path);
  if (!stored) throw refuse.PathNotFound({});
  if (stored.node.kind === "directory") throw refuse.PathConflict({});
  return stored;
}

function urlOf(place: Pick<Place, "account" | "container">, path: string): string {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return `https://${place.account.name}.dfs.core.windows.net/${place.container}/${encoded}`;
}

function entryOf(place: Place, stored: StoredNode): LakeEntry {
  const { name, etag, node } = stored;
  return {
    url: urlOf(place, name),
    container: place.container,
    path: name,
    isDirectory: node.kind === "directory",
    length: node.length,
    etag,
    modifiedMs: node.modifiedMs,
  };
}

async function* listBelow(
  host: LakeHost,
  options: { place: Place; container: Container; recursive: boolean },
): AsyncGenerator<LakeEntry, void, void> {
  const { place, container, recursive } = options;
  let after: string | undefined;
  do {
    const page = await listNodes(host.store.read, {
      container,
      prefix: place.path === "" ? "" : `${place.path}/`,
      delimiter: recursive ? undefined : "/",
      after,
      limit: pageSize,
    });
    for (const item of page.items) {
      const stored = item.kind === "node" ? item.stored : item.directory;
      if (stored) {
        yield entryOf(place, stored);
      } else if (item.kind === "prefix") {
        const found = await look(host, container, item.prefix.replace(/\/$/, ""));
        if (found) yield entryOf(place, found);
      }
    }
    after = page.next;
  } while (after !== undefined);
}

/** One piece on disk is linked, anything else written out. */
async function stageNode(
  host: LakeHost,
  options: { url: string; container: Container; stored: StoredNode; directory: string },
): Promise<StagedFile> {
  const { url, container, stored, directory } = options;
  const { content, length, kind } = stored.node;
  const { files } = host;
  const single =
    content && "piece" in content && !isInline(content.piece) ? content.piece : undefined;
  const path =
    single && kind === "block"
      ? await files.expose({ folder: container.storageId, fileId: fileIdOf(single), directory })
      : await files.exportTo(
          directory,
          await openContent(host, { place: container, content, from: 0, length }),
        );
  return { path, url, release: () => files.removeExport(path) };
}

/** URLs of the files that a URL names: itself, what is in it, or what a pattern matches. */
async function filesNamed(
  port: Pick<LakePort, "stat" | "list">,
  url: string,
  access: LakeAccess,
): Promise<string[]> {
  const root = patternRoot(url);
  if (root === url) {
    const entry = await port.stat(url, access);
    if (!entry) throw refuse.PathNotFound({});
    if (!entry.isDirectory) return [url];
  }
  const found: string[] = [];
  for await (const entry of port.list(root, access, { recursive: true })) {
    if (entry.isDirectory || isHidden(entry.path)) continue;
    if (root === url || matchesPattern(url, entry.path)) found.push(entry.url);
  }
  return found;
}

/** Names that start with `_` or `.` are never data (learn.microsoft.com: COPY INTO). */
function isHidden(path: string): boolean {
  return /(?:^|\/)[_.]/.test(path);
}
