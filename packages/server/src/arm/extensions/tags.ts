// Tags as a resource of their own: `{scope}/providers/Microsoft.Resources/tags/default`.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Writer } from "@callosum/contract/ports.ts";
import type { ResourceId } from "@callosum/contract/resource-id.ts";
import type { Answer } from "../../http/route.ts";
import { recordActivity } from "../activity.ts";
import type { ResourceBody } from "../document.ts";
import { defineExtension, type ExtensionRequest } from "../extension.ts";
import { requireScope } from "../scope.ts";

type Tags = Record<string, string>;

const writeAction = "Microsoft.Resources/tags/write";
const tagCountMax = 50;

export const tags = defineExtension({
  type: "Microsoft.Resources/tags",
  source: "OpenAPI resources 2022-09-01, Tags_*AtScope",
  apiVersions: [
    "2019-10-01",
    "2020-06-01",
    "2020-10-01",
    "2021-04-01",
    "2022-09-01",
    "2023-07-01",
    "2024-03-01",
    "2024-11-01",
  ],
  operations: [
    { method: "GET", named: true, action: "Microsoft.Resources/tags/read", run: get },
    {
      method: "PUT",
      named: true,
      action: writeAction,
      run: (request) => change(request, (_, sent) => sent),
    },
    { method: "PATCH", named: true, action: writeAction, run: patch },
    {
      method: "DELETE",
      named: true,
      action: "Microsoft.Resources/tags/delete",
      run: (request) => change(request, () => ({})),
    },
  ],
});

function answer(scope: ResourceId, current: Tags): Answer {
  const id = `${scope.text}/providers/Microsoft.Resources/tags/default`;
  return {
    status: 200,
    body: { id, name: "default", type: "Microsoft.Resources/tags", properties: { tags: current } },
  };
}

async function get(request: ExtensionRequest): Promise<Answer> {
  const { services, scope } = request;
  requireDefault(request);
  await requireScope(services.store.read, services, scope);
  const document = await services.store.read.document<ResourceBody>(scope.key);
  return answer(scope, document?.body.tags ?? {});
}

function requireDefault({ name, call }: ExtensionRequest): void {
  if (name?.toLowerCase() !== "default") throw fail.NotFound({ path: call.path });
}

async function patch(request: ExtensionRequest): Promise<Answer> {
  const { operation } = (request.call.body ?? {}) as { operation?: string };
  switch (operation?.toLowerCase()) {
    case "replace":
      return change(request, (_, sent) => sent);
    case "merge":
      return change(request, (current, sent) => ({ ...current, ...sent }));
    case "delete":
      return change(request, (current, sent) =>
        Object.fromEntries(Object.entries(current).filter(([name]) => !(name in sent))),
      );
    default:
      throw fail.InvalidParameter({
        parameter: "operation",
        reason: "it must be one of Merge, Replace, Delete",
        target: "operation",
      });
  }
}

function readTags({ call }: ExtensionRequest): Tags {
  const { properties } = (call.body ?? {}) as { properties?: { tags?: unknown } };
  const sent = properties?.tags ?? {};
  const entries = typeof sent === "object" && sent !== null ? Object.entries(sent) : [];
  const isValid =
    typeof sent === "object" &&
    !Array.isArray(sent) &&
    entries.length <= tagCountMax &&
    entries.every(
      ([name, value]) => name.length <= 512 && typeof value === "string" && value.length <= 256,
    );
  if (isValid) return sent as Tags;
  throw fail.InvalidParameter({
    parameter: "properties.tags",
    reason: `it must be an object of at most ${tagCountMax} texts of at most 256 characters`,
    target: "properties.tags",
  });
}

async function change(
  request: ExtensionRequest,
  next: (current: Tags, sent: Tags) => Tags,
): Promise<Answer> {
  const { services, scope } = request;
  requireDefault(request);
  const sent = readTags(request);
  return services.store.transaction(async (writer) => {
    await requireScope(writer, services, scope);
    const document = await writer.document<ResourceBody>(scope.key);
    if (!document)
      throw fail.MethodNotAllowed({
        method: request.call.method,
        type: "Microsoft.Resources/tags",
      });
    const changed = next(document.body.tags ?? {}, sent);
    await writer.put({ ...document, etag: undefined, body: { ...document.body, tags: changed } });
    await record(writer, request);
    return answer(scope, changed);
  });
}

function record(writer: Writer, request: ExtensionRequest): Promise<void> {
  const { services, call, principal, scope } = request;
  return recordActivity(writer, {
    random: services.random,
    now: services.clock.now(),
    principal,
    action: writeAction,
    resourceId: scope.text,
    status: "Succeeded",
    httpStatus: 200,
    correlationId: call.correlationId,
    remoteAddress: call.remoteAddress,
  });
}
