// The endpoints of template deployments, at a resource group and at a subscription (protocols.md 3).
// Operations are listed below a path without a provider as well.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type { Answer, Call, Method, Route } from "../http/route.ts";
import { recordDeploymentActivity } from "./activity.ts";
import { refuse } from "./error-catalogue.ts";
import type { DeploymentHost } from "./host.ts";
import {
  type DeploymentRecord,
  dependenciesOf,
  deployedResources,
  deploymentId,
  keyOf,
  providersOf,
  showDeployment,
  shownParameters,
  showOperation,
  templateHashOf,
} from "./record.ts";
import { refusedScopeRoutes } from "./refused-scope.ts";
import type { Json } from "./template/json.ts";
import { deploymentType } from "./template/resource.ts";
import { type TargetScope, targetScope } from "./template/resource-function.ts";
import { deploymentVersions } from "./version.ts";
import { foresee } from "./what-if.ts";
import { readRequest, readText, withPlaces } from "./wire.ts";

const source = "protocols.md 3; OpenAPI resources 2022-09-01, Deployments";

interface Opened {
  readonly host: DeploymentHost;
  readonly call: Call;
  readonly principal: Principal;
  readonly target: TargetScope;
  readonly name: string;
  readonly id: string;
  readonly apiVersion: string;
}

interface Endpoint {
  readonly method: Method;
  /** Below `…/providers/Microsoft.Resources/deployments`. */
  readonly path: string;
  /** The right that it needs at the deployment. */
  readonly right: string;
  readonly summary: string;
  readonly hasBody?: true;
  handle(opened: Opened): Promise<Answer>;
}

const endpoints: readonly Endpoint[] = [
  { method: "GET", path: "", right: "read", summary: "Deployments of a scope", handle: list },
  {
    method: "PUT",
    path: "/:name",
    right: "write",
    summary: "Deploy a template",
    hasBody: true,
    handle: put,
  },
  { method: "GET", path: "/:name", right: "read", summary: "A deployment", handle: get },
  { method: "HEAD", path: "/:name", right: "read", summary: "Whether there is one", handle: head },
  {
    method: "DELETE",
    path: "/:name",
    right: "delete",
    summary: "Forget a deployment",
    handle: remove,
  },
  {
    method: "POST",
    path: "/:name/cancel",
    right: "cancel/action",
    summary: "Start nothing more",
    handle: cancel,
  },
  {
    method: "POST",
    path: "/:name/validate",
    right: "validate/action",
    summary: "Check a template",
    hasBody: true,
    handle: validate,
  },
  {
    method: "POST",
    path: "/:name/whatIf",
    right: "whatIf/action",
    summary: "What it would change",
    hasBody: true,
    handle: whatIf,
  },
  {
    method: "POST",
    path: "/:name/exportTemplate",
    right: "exportTemplate/action",
    summary: "Refused by name",
    handle: refuseExport,
  },
  {
    method: "GET",
    path: "/:name/operationStatuses/:operation",
    right: "read",
    summary: "How far it is",
    handle: status,
  },
  {
    method: "GET",
    path: "/:name/operations",
    right: "read",
    summary: "What it did",
    handle: listOperations,
  },
  {
    method: "GET",
    path: "/:name/operations/:operation",
    right: "read",
    summary: "One thing it did",
    handle: getOperation,
  },
];

const scopes = [
  "/subscriptions/:subscription",
  "/subscriptions/:subscription/resourcegroups/:group",
];

export function deploymentRoutes(host: DeploymentHost): Route[] {
  const routes = scopes.flatMap((scope) =>
    endpoints.flatMap((endpoint) => {
      const below = endpoint.path.startsWith("/:name/operations") && scope.includes(":group");
      const paths = [`${scope}/providers/${deploymentType}${endpoint.path}`];
      if (below && !endpoint.path.includes("operationStatuses"))
        paths.push(`${scope}/deployments${endpoint.path}`);
      return paths.map((path) => routeOf(host, endpoint, path));
    }),
  );
  return [...routes, templateHashRoute, ...refusedScopeRoutes()];
}

/** Of any JSON; needs no right, as nothing of the instance is in it. */
const templateHashRoute: Route = {
  plane: "arm",
  method: "POST",
  path: "/providers/Microsoft.Resources/calculateTemplateHash",
  source: "OpenAPI resources 2022-09-01, Deployments_CalculateTemplateHash",
  summary: "The hash by which deployments call a template",
  access: "principal",
  body: "bytes",
  async handle(call) {
    await call.principal();
    requireVersion(call);
    const template = readText(call).body as Json;
    const minifiedTemplate = JSON.stringify(template);
    return { status: 200, body: { minifiedTemplate, templateHash: templateHashOf(template) } };
  },
};

function routeOf(host: DeploymentHost, endpoint: Endpoint, path: string): Route {
  const { method, summary, right, hasBody } = endpoint;
  return {
    plane: "arm",
    method,
    path,
    source,
    summary,
    access: { action: `${deploymentType}/${right}` },
    body: hasBody ? "bytes" : "json",
    async handle(call) {
      const principal = await call.principal();
      const apiVersion = requireVersion(call);
      const { subscription = "", group, name = "" } = call.params;
      const target = targetScope({ subscriptionId: subscription, resourceGroup: group });
      const id = deploymentId(target, name);
      const scope = name === "" ? target.id : id;
      await host.ports.authorizer.require(principal, {
        action: `${deploymentType}/${right}`,
        scope,
      });
      await requireScope(host, target);
      return endpoint.handle({ host, call, principal, target, name, id, apiVersion });
    },
  };
}

function requireVersion(call: Call): string {
  const given = call.query.get("api-version");
  if (given === null || given === "") throw fail.MissingApiVersionParameter({});
  if (deploymentVersions.includes(given.toLowerCase())) return given;
  throw fail.InvalidApiVersionParameter({ given, supported: deploymentVersions.join(",") });
}

async function requireScope(host: DeploymentHost, target: TargetScope): Promise<void> {
  const { subscriptionId, resourceGroup } = target;
  const { read } = host.ports.store;
  if (!(await read.document(`/subscriptions/${subscriptionId.toLowerCase()}`)))
    throw fail.SubscriptionNotFound({ subscriptionId });
  if (resourceGroup !== undefined && !(await read.document(target.id.toLowerCase())))
    throw fail.ResourceGroupNotFound({ name: resourceGroup });
}

async function requireRecord({ host, id, name }: Opened): Promise<DeploymentRecord> {
  const record = await host.find(id);
  if (record) return record;
  throw refuse.DeploymentNotFound({ name });
}

async function list({ host, call, target }: Opened): Promise<Answer> {
  const documents = await host.ports.store.read.documents<DeploymentRecord>({
    type: deploymentType,
    parent: target.id.toLowerCase(),
  });
  const filter = call.query.get("$filter");
  const state = filter === null ? undefined : readFilter(filter);
  const top = Number(call.query.get("$top") ?? documents.length);
  const value = documents
    .map(({ body }) => body)
    .filter((record) => state === undefined || record.state.toLowerCase() === state)
    .sort((one, other) => other.startedMs - one.startedMs)
    .slice(0, Number.isInteger(top) && top > 0 ? top : documents.length)
    .map(showDeployment);
  return { status: 200, body: { value } };
}

function readFilter(filter: string): string {
  const state = /^\s*provisioningState\s+eq\s+'(\w+)'\s*$/i.exec(filter)?.[1];
  if (state !== undefined) return state.toLowerCase();
  throw fail.InvalidParameter({
    parameter: "$filter",
    reason: "it has the form provisioningState eq '{state}'",
    target: "$filter",
  });
}

const namePattern = /^[-\w.()]{1,64}$/;

async function put(opened: Opened): Promise<Answer> {
  const { host, call, target, name, id, apiVersion } = opened;
  requireName(name);
  const sent = readText(call);
  return withPlaces(sent, async () => {
    const requested = await readRequest(call, { target, name, sent });
    requireLocation(target, requested.input.location);
    const { record, isNew } = await host.start(requested);
    const base = `${call.origin.base("arm")}${id}`;
    const url = `${base}/operationStatuses/${record.operationId}?api-version=${encodeURIComponent(apiVersion)}`;
    const shown = showDeployment(record) as { properties: object };
    return {
      status: isNew ? 201 : 200,
      headers: { "Azure-AsyncOperation": url, "Retry-After": "0" },
      body: { ...shown, properties: { ...shown.properties, provisioningState: "Accepted" } },
    };
  });
}

function requireName(name: string): void {
  if (namePattern.test(name)) return;
  throw fail.InvalidResourceName({
    type: deploymentType,
    name,
    rule: "A deployment's name has 1 to 64 letters, digits, '-', '_', '.', '(' and ')'.",
    target: "name",
  });
}

function requireLocation(target: TargetScope, location: string | undefined): void {
  if (target.kind === "subscription" && !location) {
    throw fail.LocationRequired({ target: "location" });
  }
}

async function get(opened: Opened): Promise<Answer> {
  return { status: 200, body: showDeployment(await requireRecord(opened)) };
}

async function head({ host, id }: Opened): Promise<Answer> {
  return { status: (await host.find(id)) ? 204 : 404 };
}

async function remove(opened: Opened): Promise<Answer> {
  const { host, principal, id } = opened;
  const record = await host.find(id);
  if (!record) return { status: 204 };
  const { ports } = host;
  await ports.store.transaction(async (writer) => {
    const current = (await writer.document<DeploymentRecord>(keyOf(id)))?.body;
    if (current?.state === "Running") {
      const startedAt = new Date(current.startedMs).toISOString();
      throw refuse.DeploymentActive({ name: current.name, startedAt });
    }
    await writer.removeTree(keyOf(id));
    await recordDeploymentActivity(writer, {
      ports,
      record,
      principal,
      httpStatus: 204,
      action: "delete",
    });
  });
  return { status: 204 };
}

async function cancel(opened: Opened): Promise<Answer> {
  const { host, principal } = opened;
  const { ports } = host;
  const record = await requireRecord(opened);
  host.cancel(record);
  await ports.store.transaction((writer) =>
    recordDeploymentActivity(writer, {
      ports,
      record,
      principal,
      httpStatus: 204,
      action: "cancel/action",
    }),
  );
  return { status: 204 };
}

async function validate(opened: Opened): Promise<Answer> {
  const { host, call, target, name, id } = opened;
  requireName(name);
  const sent = readText(call);
  return withPlaces(sent, async () => {
    const requested = await readRequest(call, { target, name, sent });
    requireLocation(target, requested.input.location);
    const { plan, warnings, requested: read } = await host.plan(requested);
    const properties = {
      templateHash: templateHashOf(read.input.template ?? {}),
      ...(warnings.length === 0 ? {} : { diagnostics: warnings }),
      parameters: shownParameters(plan),
      mode: "Incremental",
      provisioningState: "Succeeded",
      timestamp: host.ports.clock.now().toISOString(),
      duration: "PT0S",
      correlationId: call.correlationId,
      providers: providersOf(plan),
      dependencies: dependenciesOf(plan),
      validatedResources: deployedResources(plan).map((resource) => ({ id: resource.id })),
    };
    return { status: 200, body: { id, name, type: deploymentType, properties } };
  });
}

async function whatIf(opened: Opened): Promise<Answer> {
  const { host, call, target, name } = opened;
  requireName(name);
  const sent = readText(call);
  return withPlaces(sent, async () => {
    const requested = await readRequest(call, { target, name, sent });
    requireLocation(target, requested.input.location);
    const { changes, warnings } = await foresee(host, requested);
    const diagnostics = warnings.length === 0 ? {} : { diagnostics: warnings };
    const properties = { correlationId: call.correlationId, changes, ...diagnostics };
    return { status: 200, body: { status: "Succeeded", properties } };
  });
}

async function refuseExport(): Promise<Answer> {
  throw fail.NotSupportedHere({
    what: "Exporting a deployment's template",
    reason: "templates are not kept when a deployment has ended",
  });
}

async function status(opened: Opened): Promise<Answer> {
  const { call } = opened;
  const record = await requireRecord(opened);
  if (record.operationId !== call.params.operation?.toLowerCase()) {
    throw refuse.DeploymentOperationNotFound({ operationId: call.params.operation ?? "" });
  }
  const error = record.error ?? (record.state === "Canceled" ? canceled : undefined);
  const body = { status: record.state, ...(error ? { error } : {}) };
  // Python's and Go's clients wait half a minute where nothing, or 0, is said.
  return record.state === "Running"
    ? { status: 200, headers: { "Retry-After": "1" }, body }
    : { status: 200, body };
}

const canceled = { code: "DeploymentCanceled", message: "The deployment was canceled." };

async function listOperations(opened: Opened): Promise<Answer> {
  const { host, id } = opened;
  const record = await requireRecord(opened);
  const operations = await host.operations(id);
  return { status: 200, body: { value: operations.map((each) => showOperation(record.id, each)) } };
}

async function getOperation(opened: Opened): Promise<Answer> {
  const { host, id, call } = opened;
  const record = await requireRecord(opened);
  const operationId = call.params.operation ?? "";
  const found = (await host.operations(id)).find(
    (operation) => operation.operationId.toLowerCase() === operationId.toLowerCase(),
  );
  if (!found) throw refuse.DeploymentOperationNotFound({ operationId });
  return { status: 200, body: showOperation(record.id, found) };
}
