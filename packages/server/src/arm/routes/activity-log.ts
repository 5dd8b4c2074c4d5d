// The activity log of a subscription: who did what, when, with which outcome (features.md J-06).

import type { ActivityEvent } from "@callosum/contract/activity.ts";
import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Answer, Call, Route } from "../../http/route.ts";
import { requireVersionOf } from "../request.ts";
import type { ArmServices } from "../services.ts";

const path =
  "/subscriptions/:subscription/providers/Microsoft.Insights/eventtypes/management/values";
const versions = ["2014-04-01", "2015-04-01", "2017-03-01-preview"];
const readAction = "Microsoft.Insights/eventtypes/values/read";
const pageSize = 200;
const dayMs = 24 * 3600 * 1000;

export function activityLogRoute(services: ArmServices): Route {
  return {
    plane: "arm",
    method: "GET",
    path,
    source: "features.md J-06; shape of the public activity log documentation",
    summary: "Events of the activity log",
    access: { action: readAction },
    handle: (call) => list(services, call),
  };
}

interface Filter {
  readonly fromMs: number;
  readonly toMs: number;
  readonly scope: string;
  readonly correlationId: string | undefined;
}

async function list(services: ArmServices, call: Call): Promise<Answer> {
  const principal = await call.principal();
  requireVersionOf(call, versions);
  const filter = readFilter(services, call);
  await services.authorizer.require(principal, { action: readAction, scope: filter.scope });
  const before = call.query.get("$skiptoken");
  const records = await services.store.read.activity({
    scope: filter.scope,
    fromMs: filter.fromMs,
    toMs: filter.toMs,
    limit: pageSize,
    ...(before === null ? {} : { before: Number(before) }),
  });
  const value = records
    .map((record) => present(call, { ...record, event: record.body as ActivityEvent }))
    .filter(
      (event) => filter.correlationId === undefined || event.correlationId === filter.correlationId,
    );
  const last = records.at(-1);
  if (records.length < pageSize || !last) return { status: 200, body: { value } };
  const query = new URLSearchParams(call.query);
  query.set("$skiptoken", String(last.sequence));
  return {
    status: 200,
    body: { value, nextLink: `${call.origin.base("arm")}${call.path}?${query}` },
  };
}

const timeCondition = /^eventTimestamp (ge|le) '([^']+)'$/i;
const textCondition = /^(resourceGroupName|resourceUri|resourceId|correlationId) eq '([^']*)'$/i;

function readFilter(services: ArmServices, call: Call): Filter {
  const nowMs = services.clock.now().getTime();
  const subscription = `/subscriptions/${call.params.subscription}`.toLowerCase();
  let filter: Filter = {
    fromMs: nowMs - 90 * dayMs,
    toMs: nowMs + dayMs,
    scope: subscription,
    correlationId: undefined,
  };
  const text = call.query.get("$filter") ?? "";
  for (const condition of text
    .split(/ and /i)
    .map((part) => part.trim())
    .filter(Boolean)) {
    filter = applyCondition(filter, { condition, subscription });
  }
  return filter;
}

function applyCondition(
  filter: Filter,
  options: { condition: string; subscription: string },
): Filter {
  const { condition, subscription } = options;
  const time = timeCondition.exec(condition);
  const timeMs = Date.parse(time?.[2] ?? "");
  if (time && !Number.isNaN(timeMs)) {
    return time[1]?.toLowerCase() === "ge"
      ? { ...filter, fromMs: timeMs }
      : { ...filter, toMs: timeMs };
  }
  const [, name, value = ""] = textCondition.exec(condition) ?? [];
  switch (name?.toLowerCase()) {
    case "resourcegroupname":
      return { ...filter, scope: `${subscription}/resourcegroups/${value}`.toLowerCase() };
    case "resourceuri":
    case "resourceid":
      if (!value.toLowerCase().startsWith(`${subscription}/`)) throw unknownCondition(condition);
      return { ...filter, scope: value.toLowerCase() };
    case "correlationid":
      return { ...filter, correlationId: value };
    default:
      throw unknownCondition(condition);
  }
}

function unknownCondition(condition: string) {
  return fail.InvalidParameter({
    parameter: "$filter",
    reason: `'${condition}' is none of eventTimestamp ge|le '…', resourceGroupName eq '…', resourceUri eq '…' in this subscription, correlationId eq '…'`,
    target: "$filter",
  });
}

function present(call: Call, record: { sequence: number; timeMs: number; event: ActivityEvent }) {
  const { sequence, timeMs, event } = record;
  const localized = (value: string) => ({ value, localizedValue: value });
  const timestamp = new Date(timeMs).toISOString();
  return {
    authorization: { action: event.action, scope: event.resourceId },
    caller: event.caller,
    channels: "Operation",
    claims: { oid: event.callerObjectId },
    correlationId: event.correlationId,
    eventDataId: event.eventDataId,
    eventName: localized("EndRequest"),
    category: localized("Administrative"),
    id: `${event.resourceId}/events/${event.eventDataId}/ticks/${sequence}`,
    level: event.status === "Failed" ? "Error" : "Informational",
    operationId: event.correlationId,
    operationName: localized(event.action),
    resourceId: event.resourceId,
    resourceGroupName: /\/resourceGroups\/([^/]+)/i.exec(event.resourceId)?.[1] ?? "",
    resourceProviderName: localized(event.action.split("/")[0] ?? ""),
    resourceType: localized(event.action.split("/").slice(0, -1).join("/")),
    status: localized(event.status),
    subStatus: localized(event.subStatus),
    httpRequest: { clientIpAddress: event.clientIpAddress },
    eventTimestamp: timestamp,
    submissionTimestamp: timestamp,
    subscriptionId: call.params.subscription,
    properties:
      event.code === undefined ? {} : { statusCode: event.code, statusMessage: event.message },
  };
}
