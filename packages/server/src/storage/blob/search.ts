// Find Blobs by Tags, in the account or in one container. There is no index of tags: blobs are read in the
// order of their names, so many at a request, and the answer says where the next one goes on.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Answer } from "../../http/route.ts";
import { actions } from "../authorize/need.ts";
import { refuse } from "../error-catalogue.ts";
import { type Container, findContainer, listContainers } from "../lake/container.ts";
import { toStoredNode } from "../lake/find-node.ts";
import { type Node, nodeKey, nodesRoot, nodeType } from "../lake/node.ts";
import { parseTagQuery, type TagQuery, TagQueryInvalid } from "../lake/tag-query.ts";
import {
  type LakeRequest,
  type Operation,
  refuseOperation,
  restSource as source,
} from "../operation.ts";
import { limitQuery, theContainer } from "../request.ts";
import { element, escapeXml, xmlHeader } from "../wire/xml.ts";

const pageSize = 5000;
const readCountMax = 1000;
/** So many blobs are looked at for one answer, which may find none and still not be the last. */
const seenCountMax = 50_000;

export const searchOperations: readonly Operation[] = [
  ...(["account", "container"] as const).map(
    (level): Operation => ({
      name: level === "account" ? "Find Blobs by Tags" : "Find Blobs by Tags in Container",
      service: "blob",
      level,
      method: "GET",
      query: level === "account" ? { comp: "blobs" } : { restype: "container", comp: "blobs" },
      source,
      needs: { action: actions.filter, sas: "f" },
      run: findByTags,
    }),
  ),
  refuseOperation({
    name: "Get Blob Service Stats",
    service: "blob",
    level: "account",
    method: "GET",
    query: { restype: "service", comp: "stats" },
    reason: "there is no secondary region.",
  }),
];

interface Found {
  readonly container: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

async function findByTags(request: LakeRequest): Promise<Answer> {
  const { account, call } = request;
  if (account.isHierarchical) {
    throw fail.NotSupportedHere({
      what: "A search by tags in a hierarchical namespace",
      reason: "the service has none there either.",
    });
  }
  const where = call.query.get("where");
  if (where === null) throw refuse.MissingRequiredQueryParameter({ name: "where" });
  const query = readQuery(where);
  const limit = limitQuery(request, "maxresults", { most: pageSize, refuseMore: false });
  const { found, next } = await search(request, { query, limit });
  const endpoint = `${call.origin.base("storage", `${account.name}/blob`)}/`;
  const blobs = found.map((item) => foundXml(item, query));
  const body = `${xmlHeader}<EnumerationResults ServiceEndpoint="${escapeXml(endpoint)}">${element("Where", where)}<Blobs>${blobs.join("")}</Blobs>${element("NextMarker", next ?? "")}</EnumerationResults>`;
  return { status: 200, headers: { "content-type": "application/xml" }, body };
}

function readQuery(where: string): TagQuery {
  try {
    return parseTagQuery(where, "search");
  } catch (error) {
    if (!(error instanceof TagQueryInvalid)) throw error;
    throw refuse.InvalidQueryParameterValue({ name: "where", value: where, why: error.message });
  }
}

/** Only the tags that were asked about are answered (Find Blobs by Tags, Response Body). */
function foundXml({ container, name, tags }: Found, query: TagQuery): string {
  const set = Object.entries(tags)
    .filter(([key]) => query.names.has(key))
    .map(([key, value]) => `<Tag>${element("Key", key)}${element("Value", value)}</Tag>`);
  return `<Blob>${element("Name", name)}${element("ContainerName", container)}<Tags><TagSet>${set.join("")}</TagSet></Tags></Blob>`;
}

async function search(
  request: LakeRequest,
  options: { query: TagQuery; limit: number },
): Promise<{ found: Found[]; next: string | undefined }> {
  const { query, limit } = options;
  const begin = readMarker(request.call.query.get("marker") ?? "");
  const found: Found[] = [];
  let seen = 0;
  for (const container of await containersOf(request, query)) {
    if (container.name < begin.container) continue;
    let after = container.name === begin.container ? begin.name : "";
    for (;;) {
      const page = await readNodes(request, container, after);
      for (const { name, tags } of page) {
        const isFound = query.matches({ container: container.name, tags });
        if ((isFound && found.length === limit) || seen === seenCountMax)
          return { found, next: writeMarker(container.name, after) };
        seen += 1;
        after = name;
        if (isFound) found.push({ container: container.name, name, tags });
      }
      if (page.length < readCountMax) break;
    }
  }
  return { found, next: undefined };
}

async function containersOf(request: LakeRequest, query: TagQuery): Promise<Container[]> {
  const { host, account } = request;
  const { read } = host.store;
  if (request.container !== "") {
    const container = await theContainer(request, read);
    return query.container === undefined || query.container === container.name ? [container] : [];
  }
  if (query.container === undefined)
    return listContainers(read, { account, after: "", limit: 1_000_000 });
  const container = await findContainer(read, account, query.container);
  return container ? [container] : [];
}

async function readNodes(
  { host }: LakeRequest,
  container: Container,
  after: string,
): Promise<{ name: string; tags: Readonly<Record<string, string>> }[]> {
  const documents = await host.store.read.documents<Node>({
    type: nodeType,
    under: nodesRoot(container.key),
    ...(after === "" ? {} : { after: nodeKey(container.key, after) }),
    limit: readCountMax,
  });
  return documents.map((document) => {
    const { name, node } = toStoredNode(container, document);
    return { name, tags: node.tags ?? {} };
  });
}

function writeMarker(container: string, name: string): string {
  return Buffer.from(JSON.stringify([container, name]), "utf8").toString("base64url");
}

function readMarker(marker: string): { container: string; name: string } {
  if (marker === "") return { container: "", name: "" };
  try {
    const [container, name] = JSON.parse(Buffer.from(marker, "base64url").toString("utf8"));
    if (typeof container === "string" && typeof name === "string") return { container, name };
  } catch {
    // Not one of ours: said below.
  }
  throw refuse.InvalidQueryParameterValue({ name: "marker", value: marker });
}
