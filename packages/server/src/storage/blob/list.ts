// List Blobs.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Answer } from "../../http/route.ts";
import { actions } from "../authorize/need.ts";
import { refuse } from "../error-catalogue.ts";
import { formatPermissions, parseAcl } from "../lake/acl.ts";
import type { StoredNode } from "../lake/find-node.ts";
import { isLocked, leaseStatus } from "../lake/lease.ts";
import { type ListItem, listNodes } from "../lake/list.ts";
import { metadataOf } from "../lake/node.ts";
import { type LakeRequest, type Operation, restSource as source } from "../operation.ts";
import { limitQuery, nowMs, theContainer } from "../request.ts";
import { httpDate } from "../wire/header.ts";
import { element, escapeXml, xmlHeader } from "../wire/xml.ts";
import { blobTypes, tierOf } from "./answer.ts";

const pageSize = 5000;

export const listOperations: readonly Operation[] = [
  {
    name: "List Blobs",
    service: "blob",
    level: "container",
    method: "GET",
    query: { restype: "container", comp: "list" },
    source,
    needs: { action: actions.read, sas: "l" },
    acl: ({ call }) => [{ path: directoryOf(call.query.get("prefix") ?? ""), right: "list" }],
    run: listBlobs,
  },
];

function directoryOf(prefix: string): string {
  const at = prefix.lastIndexOf("/");
  return at === -1 ? "" : prefix.slice(0, at);
}

const includes = new Set([
  "",
  "copy",
  "deleted",
  "deletedwithversions",
  "metadata",
  "permissions",
  "snapshots",
  "tags",
  "versions",
  "immutabilitypolicy",
  "legalhold",
]);

async function listBlobs(request: LakeRequest): Promise<Answer> {
  const { host, account, call } = request;
  const { query } = call;
  const included = new Set((query.get("include") ?? "").toLowerCase().split(","));
  for (const item of included) {
    if (item === "uncommittedblobs") {
      throw fail.NotSupportedHere({
        what: "include=uncommittedblobs",
        reason: "blobs are listed once their blocks are committed.",
      });
    }
    if (!includes.has(item))
      throw refuse.InvalidQueryParameterValue({ name: "include", value: item });
  }
  const container = await theContainer(request, host.store.read);
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") || undefined;
  const marker = query.get("marker") || undefined;
  const limit = limitQuery(request, "maxresults", { most: pageSize, refuseMore: false });
  const page = await listNodes(host.store.read, {
    container,
    prefix,
    delimiter,
    after: marker,
    limit,
  });
  const items = page.items.map((item) => itemXml(request, item, included));
  const endpoint = `${call.origin.base("storage", `${account.name}/blob`)}/`;
  const body = `${xmlHeader}<EnumerationResults ServiceEndpoint="${escapeXml(endpoint)}" ContainerName="${escapeXml(container.name)}">${element("Prefix", prefix)}${element("Marker", marker)}${element("MaxResults", query.get("maxresults") ?? undefined)}${element("Delimiter", delimiter)}<Blobs>${items.join("")}</Blobs>${element("NextMarker", page.next ?? "")}</EnumerationResults>`;
  return { status: 200, headers: { "content-type": "application/xml" }, body };
}

function itemXml(request: LakeRequest, item: ListItem, included: ReadonlySet<string>): string {
  if (item.kind === "node") return blobXml(request, item.stored, included);
  const properties = item.directory ? propertiesXml(request, item.directory, included) : "";
  return `<BlobPrefix>${element("Name", item.prefix)}${properties}</BlobPrefix>`;
}

function blobXml(request: LakeRequest, stored: StoredNode, included: ReadonlySet<string>): string {
  const { node, name } = stored;
  const metadata = Object.entries(metadataOf(node)).map(([key, value]) => element(key, value));
  const tags = Object.entries(node.tags ?? {}).map(
    ([key, value]) => `<Tag>${element("Key", key)}${element("Value", value)}</Tag>`,
  );
  const tagsXml = tags.length > 0 ? `<Tags><TagSet>${tags.join("")}</TagSet></Tags>` : "";
  return `<Blob>${element("Name", name)}${propertiesXml(request, stored, included)}${
    included.has("metadata") ? `<Metadata>${metadata.join("")}</Metadata>` : ""
  }${included.has("tags") ? tagsXml : ""}<OrMetadata /></Blob>`;
}

function propertiesXml(
  request: LakeRequest,
  stored: StoredNode,
  included: ReadonlySet<string>,
): string {
  const { node, etag } = stored;
  const { account } = request;
  const atMs = nowMs(request);
  const status = leaseStatus(node.lease, atMs);
  const tier = tierOf(account, node);
  const tagCount = Object.keys(node.tags ?? {}).length;
  return `<Properties>${element("Creation-Time", httpDate(node.createdMs))}${element("Last-Modified", httpDate(node.modifiedMs))}${element("Etag", etag)}${
    account.isHierarchical
      ? element("ResourceType", node.kind === "directory" ? "directory" : "file")
      : ""
  }${included.has("permissions") ? permissionsXml(stored) : ""}${element("Content-Length", node.length)}${element("Content-Type", node.contentType ?? (node.kind === "directory" ? "" : "application/octet-stream"))}${element("Content-Encoding", node.contentEncoding ?? "")}${element("Content-Language", node.contentLanguage ?? "")}<Content-CRC64 />${element("Content-MD5", node.md5 ?? "")}${element("Cache-Control", node.cacheControl ?? "")}${element("Content-Disposition", node.contentDisposition ?? "")}${element("BlobType", blobTypes[node.kind])}${
    tier
      ? element("AccessTier", tier.name) +
        (tier.isInferred ? element("AccessTierInferred", true) : "")
      : ""
  }${element("LeaseStatus", isLocked(node.lease, atMs) ? "locked" : "unlocked")}${element("LeaseState", status)}${
    status === "leased"
      ? element("LeaseDuration", node.lease?.durationMs === undefined ? "infinite" : "fixed")
      : ""
  }${included.has("copy") && node.copy ? copyXml(node.copy, node.length) : ""}${tagCount > 0 ? element("TagCount", tagCount) : ""}</Properties>`;
}

function permissionsXml({ node }: StoredNode): string {
  if (node.acl === undefined) return "";
  const permissions = formatPermissions(parseAcl(node.acl));
  return `${element("Owner", node.owner)}${element("Group", node.group)}${element("Permissions", permissions)}${element("Acl", node.acl)}`;
}

function copyXml(
  copy: { id: string; source: string; completedMs: number },
  length: number,
): string {
  return `${element("CopyId", copy.id)}${element("CopyStatus", "success")}${element("CopySource", copy.source)}${element("CopyProgress", `${length}/${length}`)}${element("CopyCompletionTime", httpDate(copy.completedMs))}`;
}
