// Operations on the account at the blob endpoint.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Answer } from "../../http/route.ts";
import { principalOf } from "../authorize/caller.ts";
import { actions } from "../authorize/need.ts";
import { userDelegationKey } from "../authorize/sas.ts";
import { refuse } from "../error-catalogue.ts";
import { listContainers } from "../lake/container.ts";
import { isLocked, leaseStatus } from "../lake/lease.ts";
import { type LakeRequest, type Operation, restSource as source } from "../operation.ts";
import { limitQuery, nowMs, readSmall } from "../request.ts";
import { httpDate } from "../wire/header.ts";
import { childText, element, escapeXml, parseXml, xmlHeader } from "../wire/xml.ts";

const xmlType = { "content-type": "application/xml" };
const delegationMsMax = 7 * 24 * 3600 * 1000;

export const serviceOperations: readonly Operation[] = [
  {
    name: "List Containers",
    service: "blob",
    level: "account",
    method: "GET",
    query: { comp: "list" },
    source,
    needs: { action: actions.containerRead, sas: "l" },
    run: listContainersAnswer,
  },
  {
    name: "Get Blob Service Properties",
    service: "blob",
    level: "account",
    method: "GET",
    query: { restype: "service", comp: "properties" },
    source,
    needs: { action: actions.serviceRead, sas: "r" },
    run: serviceProperties,
  },
  {
    name: "Set Blob Service Properties",
    service: "blob",
    level: "account",
    method: "PUT",
    query: { restype: "service", comp: "properties" },
    source,
    needs: { action: actions.serviceWrite, sas: "w" },
    run: setServiceProperties,
  },
  {
    name: "Get User Delegation Key",
    service: "blob",
    level: "account",
    method: "POST",
    query: { restype: "service", comp: "userdelegationkey" },
    source,
    needs: { action: actions.delegationKey, sas: "" },
    run: delegationKeyAnswer,
  },
  ...(["account", "container", "path"] as const).map(
    (level): Operation => ({
      name: `Get Account Information (${level})`,
      service: "blob",
      level,
      method: ["GET", "HEAD"],
      query: { restype: "account", comp: "properties" },
      source,
      needs: { action: actions.accountInfo, sas: "racwdxltmeopf" },
      run: accountInformation,
    }),
  ),
];

async function listContainersAnswer(request: LakeRequest): Promise<Answer> {
  const { host, account, call } = request;
  const prefix = call.query.get("prefix") ?? "";
  const marker = call.query.get("marker") ?? "";
  const limit = limitQuery(request, "maxresults", { most: 5000, refuseMore: false });
  const withMetadata = (call.query.get("include") ?? "").split(",").includes("metadata");
  const all = await listContainers(host.store.read, { account, after: "", limit: 1_000_000 });
  const matching = all.filter(({ name }) => name.startsWith(prefix) && name > marker);
  const page = matching.slice(0, limit);
  const next = matching.length > limit ? (page.at(-1)?.name ?? "") : "";
  const items = page.map(({ name, etag, state }) => {
    const metadata = Object.entries(state.metadata)
      .map(([key, value]) => element(key, value))
      .join("");
    return `<Container>${element("Name", name)}<Properties>${element("Last-Modified", httpDate(state.lastModifiedMs))}${element("Etag", `"${etag}"`)}${element("LeaseStatus", isLocked(state.lease, nowMs(request)) ? "locked" : "unlocked")}${element("LeaseState", leaseStatus(state.lease, nowMs(request)))}${element("DefaultEncryptionScope", "$account-encryption-key")}${element("DenyEncryptionScopeOverride", false)}${element("HasImmutabilityPolicy", false)}${element("HasLegalHold", false)}${element("ImmutableStorageWithVersioningEnabled", false)}</Properties>${withMetadata ? `<Metadata>${metadata}</Metadata>` : ""}</Container>`;
  });
  const endpoint = `${call.origin.base("storage", `${account.name}/blob`)}/`;
  const body = `${xmlHeader}<EnumerationResults ServiceEndpoint="${escapeXml(endpoint)}">${element("Prefix", prefix)}${marker === "" ? "" : element("Marker", marker)}${element("MaxResults", call.query.get("maxresults") ?? undefined)}<Containers>${items.join("")}</Containers>${element("NextMarker", next)}</EnumerationResults>`;
  return { status: 200, headers: xmlType, body };
}

async function serviceProperties(): Promise<Answer> {
  const metrics = `<Version>1.0</Version><Enabled>false</Enabled><RetentionPolicy><Enabled>false</Enabled></RetentionPolicy>`;
  const body = `${xmlHeader}<StorageServiceProperties><Logging><Version>1.0</Version><Read>false</Read><Write>false</Write><Delete>false</Delete><RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></Logging><HourMetrics>${metrics}</HourMetrics><MinuteMetrics>${metrics}</MinuteMetrics><Cors /><DeleteRetentionPolicy><Enabled>false</Enabled></DeleteRetentionPolicy><StaticWebsite><Enabled>false</Enabled></StaticWebsite></StorageServiceProperties>`;
  return { status: 200, headers: xmlType, body };
}

/** Everything is off; what says so is accepted, what would turn something on is refused. */
async function setServiceProperties(request: LakeRequest): Promise<Answer> {
  const document = parseXml((await readSmall(request.call.stream)).toString("utf8"));
  for (const part of document.children) {
    const isOn = childText(part, "Enabled")?.toLowerCase() === "true";
    const isUsed = part.name === "Logging" && /true/i.test(part.children.map((c) => c.text).join());
    if (isOn || isUsed || (part.name === "Cors" && part.children.length > 0)) {
      throw fail.NotSupportedHere({
        what: `'${part.name}' of a blob service`,
        reason: "there are no logs, metrics, browser rules, deleted blobs and web sites.",
      });
    }
  }
  return { status: 202 };
}

async function delegationKeyAnswer(request: LakeRequest): Promise<Answer> {
  const { host, account, call, caller } = request;
  const principal = principalOf(caller);
  if (!principal || caller.kind !== "token") throw refuse.AuthorizationFailure({});
  const info = parseXml((await readSmall(call.stream)).toString("utf8"));
  const now = host.clock.now();
  const startMs = Date.parse(childText(info, "Start") ?? now.toISOString());
  const expiryMs = Date.parse(childText(info, "Expiry") ?? "");
  const isSound =
    info.name === "KeyInfo" && expiryMs > startMs && expiryMs - now.getTime() <= delegationMsMax;
  if (!isSound) throw refuse.InvalidXmlDocument({ why: "Start or Expiry" });
  const iso = (timeMs: number) => `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
  const version = String(call.headers["x-ms-version"] ?? "");
  const fields = {
    skoid: principal.objectId,
    sktid: principal.tenantId,
    skt: iso(startMs),
    ske: iso(expiryMs),
    sks: "b",
    skv: version,
  };
  const value = (await userDelegationKey(host, account, fields)).toString("base64");
  const body = `${xmlHeader}<UserDelegationKey>${element("SignedOid", fields.skoid)}${element("SignedTid", fields.sktid)}${element("SignedStart", fields.skt)}${element("SignedExpiry", fields.ske)}${element("SignedService", fields.sks)}${element("SignedVersion", fields.skv)}${element("Value", value)}</UserDelegationKey>`;
  return { status: 200, headers: xmlType, body };
}

async function accountInformation({ account }: LakeRequest): Promise<Answer> {
  return {
    status: 200,
    headers: {
      "x-ms-sku-name": account.skuName,
      "x-ms-account-kind": account.kind,
      "x-ms-is-hns-enabled": String(account.isHierarchical),
      "content-length": "0",
    },
  };
}
