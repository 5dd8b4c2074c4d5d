// `$select`, `$top`, `$skiptoken`, `$search`, `$orderby`, `$count` and the shape of lists
// (protocols.md 5.6). `$expand` and what else OData has are refused by name.

import type { Answer } from "../../http/route.ts";
import { graphFail } from "./error-catalogue.ts";
import { parseFilter, passes } from "./filter.ts";
import type { GraphCall } from "./operation.ts";

export type Entity = Readonly<Record<string, unknown>> & { readonly id: string };

const pageSizeDefault = 100;
const pageSizeMax = 999;
const known = ["$filter", "$select", "$top", "$skiptoken", "$search", "$orderby", "$count"];

/** Answers a list of `entities` as the query wants it. `set` is what `@odata.context` names. */
export function answerList(
  graph: GraphCall,
  options: { set: string; entities: readonly Entity[]; defaults?: readonly string[] },
): Answer {
  const { query } = graph.call;
  refuseUnknown(query);
  const { set, defaults } = options;
  const found = order(
    query.get("$orderby"),
    search(query.get("$search"), filtered(options, query)),
  );
  const { page, nextToken } = cut(found, query);
  const selected = selection(query, found[0] ?? options.entities[0]);
  const body = {
    "@odata.context": context(graph, set, selected),
    ...(isTrue(query.get("$count")) ? { "@odata.count": found.length } : {}),
    ...(nextToken === undefined ? {} : { "@odata.nextLink": nextLink(graph, nextToken) }),
    value: page.map((entity) => pick(entity, selected ?? defaults)),
  };
  return { status: 200, headers: jsonHeaders, body };
}

/** Answers how many of `entities` pass the filter, as text. */
export function answerCount(graph: GraphCall, entities: readonly Entity[]): Answer {
  const { query } = graph.call;
  const found = search(query.get("$search"), filtered({ entities }, query));
  return { status: 200, headers: { "content-type": "text/plain" }, body: String(found.length) };
}

/** Answers one object. */
export function answerEntity(
  graph: GraphCall,
  options: { set: string; entity: Entity; defaults?: readonly string[]; status?: number },
): Answer {
  const { set, entity, defaults, status = 200 } = options;
  refuseUnknown(graph.call.query);
  const selected = selection(graph.call.query, entity);
  return {
    status,
    headers: jsonHeaders,
    body: {
      "@odata.context": `${context(graph, set, selected)}/$entity`,
      ...pick(entity, selected ?? defaults),
    },
  };
}

/** Graph's content type; its clients look for the `odata.metadata` parameter. */
export const jsonHeaders = {
  "content-type":
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
};

function refuseUnknown(query: URLSearchParams): void {
  for (const name of query.keys()) {
    if (!name.startsWith("$") || known.includes(name)) continue;
    throw graphFail.Request_UnsupportedQuery({
      reason: `Unsupported Query. The query option '${name}' is not supported by Callosum.`,
    });
  }
}

function filtered(options: { entities: readonly Entity[] }, query: URLSearchParams) {
  const text = query.get("$filter");
  if (text === null) return options.entities;
  const filter = parseFilter(text);
  return options.entities.filter((entity) => passes(filter, entity));
}

/** `"displayName:text"`, words matched by their beginnings. */
function search(text: string | null, entities: readonly Entity[]): readonly Entity[] {
  if (text === null) return entities;
  const clause = /^"(\w+):(.*)"$/.exec(text.trim());
  if (clause?.[1]?.toLowerCase() !== "displayname") {
    throw graphFail.Request_UnsupportedQuery({
      reason: `Unsupported Query. Only $search="displayName:…" is supported by Callosum.`,
    });
  }
  const wanted = (clause[2] ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  return entities.filter((entity) => {
    const words = String(entity.displayName ?? "").toLowerCase();
    return wanted.every((word) => words.includes(word));
  });
}

function order(text: string | null, entities: readonly Entity[]): readonly Entity[] {
  if (text === null) return entities;
  const [, name = "", direction = "asc"] = /^(\w+)(?:\s+(asc|desc))?$/i.exec(text.trim()) ?? [];
  if (!["displayname", "userprincipalname", "createddatetime"].includes(name.toLowerCase())) {
    throw graphFail.Request_UnsupportedQuery({
      reason: `Unsupported Query. $orderby=${text} is not supported by Callosum.`,
    });
  }
  const sign = direction.toLowerCase() === "desc" ? -1 : 1;
  const value = (entity: Entity) =>
    String(Object.entries(entity).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]);
  return [...entities].sort((a, b) => sign * value(a).localeCompare(value(b), "en"));
}

/** A page and the token of the next: the place in the list, as the order may be of any kind. */
function cut(entities: readonly Entity[], query: URLSearchParams) {
  const size = pageSize(query.get("$top"));
  const start = readToken(query.get("$skiptoken"));
  const page = entities.slice(start, start + size);
  const isLast = start + size >= entities.length;
  return { page, nextToken: isLast ? undefined : tokenAt(start + size) };
}

function pageSize(text: string | null): number {
  if (text === null) return pageSizeDefault;
  const size = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (size >= 1 && size <= pageSizeMax) return size;
  throw graphFail.Request_BadRequest({
    reason: `Invalid page size specified: '${text}'. Must be between 1 and ${pageSizeMax} inclusive.`,
  });
}

function tokenAt(place: number): string {
  return Buffer.from(`place:${place}`).toString("base64url");
}

function readToken(token: string | null): number {
  if (token === null) return 0;
  const place = /^place:(\d{1,9})$/.exec(Buffer.from(token, "base64url").toString())?.[1];
  if (place !== undefined) return Number(place);
  throw graphFail.Request_BadRequest({ reason: "The skip token is not valid." });
}

function nextLink(graph: GraphCall, token: string): string {
  const query = new URLSearchParams(graph.call.query);
  query.set("$skiptoken", token);
  const text = query.toString().replaceAll("%24", "$");
  return `${graph.call.origin.base("graph")}${graph.call.path}?${text}`;
}

function selection(query: URLSearchParams, sample: Entity | undefined): string[] | undefined {
  const text = query.get("$select");
  if (text === null || text.trim() === "*") return undefined;
  const names = text.split(",").map((name) => name.trim());
  if (!sample) return names;
  const canonical = new Map(Object.keys(sample).map((name) => [name.toLowerCase(), name]));
  return names.map((name) => {
    const found = canonical.get(name.toLowerCase());
    if (found !== undefined) return found;
    throw graphFail.BadRequest({
      reason: `Parsing OData Select and Expand failed: Could not find a property named '${name}'.`,
    });
  });
}

/** The selected properties; annotations stay. */
function pick(entity: Entity, names: readonly string[] | undefined): Record<string, unknown> {
  if (names === undefined) return { ...entity };
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(entity)) {
    if (name.startsWith("@") || names.includes(name)) result[name] = value;
  }
  return result;
}

function context(graph: GraphCall, set: string, selected: readonly string[] | undefined): string {
  const columns = selected === undefined ? "" : `(${selected.join(",")})`;
  return `${graph.base}/$metadata#${set}${columns}`;
}

function isTrue(text: string | null): boolean {
  return text?.toLowerCase() === "true";
}
