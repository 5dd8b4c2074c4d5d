// A deployment and its operations as they lie in the store, and as they are answered
// (protocols.md 3, OpenAPI resources 2022-09-01).

import { createHash } from "node:crypto";
import type { ErrorDetail } from "@callosum/contract/error.ts";
import type { Origin } from "../http/plane.ts";
import type { LinkedFrom } from "./content-link.ts";
import { isObject, type Json, type JsonObject } from "./template/json.ts";
import type { Plan } from "./template/plan.ts";
import { deploymentType, type PlannedResource } from "./template/resource.ts";
import type { TargetScope } from "./template/resource-function.ts";
import { readType } from "./template/type-check.ts";

export const operationType = `${deploymentType}/operations`;
/** Marks a deployment that is under way, so that a start finds it without reading the history. */
export const markerType = "Callosum/runningDeployments";
/** Sealed beside the deployment while it runs: template and parameter values. */
export const sealedName = "deployment";

export type DeploymentState = "Running" | "Succeeded" | "Failed" | "Canceled";

export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
  readonly details?: readonly ErrorDetail[];
}

/** What was left out (OpenAPI resources 2024-11-01, DeploymentDiagnosticsDefinition). */
export interface Warning {
  readonly level: "Warning";
  readonly code: string;
  readonly message: string;
  readonly target: string;
}

export interface DeploymentRecord {
  readonly id: string;
  readonly name: string;
  readonly location?: string;
  readonly tags?: JsonObject;
  readonly state: DeploymentState;
  readonly startedMs: number;
  readonly changedMs: number;
  readonly correlationId: string;
  /** The operation that clients poll. */
  readonly operationId: string;
  readonly principalId: string;
  readonly originForm: Origin["form"];
  readonly remoteAddress: string;
  readonly isNested: boolean;
  readonly templateHash: string;
  readonly parameters: JsonObject;
  readonly providers: Json;
  readonly dependencies: Json;
  /** Without its query, which may be a signature. */
  readonly templateLink?: LinkedFrom;
  readonly warnings?: readonly Warning[];
  readonly outputs?: JsonObject;
  readonly outputResources?: readonly { readonly id: string }[];
  readonly error?: WireError;
}

export interface OperationRecord {
  readonly operationId: string;
  readonly resourceId: string;
  readonly resourceType: string;
  readonly resourceName: string;
  readonly state: "Running" | "Succeeded" | "Failed";
  readonly startedMs: number;
  readonly changedMs: number;
  readonly requestId: string;
  readonly statusCode: string;
  readonly error?: WireError;
}

export function keyOf(id: string): string {
  return id.toLowerCase();
}

export function deploymentId(target: TargetScope, name: string): string {
  return `${target.id}/providers/${deploymentType}/${name}`;
}

export function markerKey(id: string): string {
  return `${keyOf(id)}/running`;
}

export function operationKey(id: string, operationId: string): string {
  return `${keyOf(id)}/operations/${operationId.toLowerCase()}`;
}

/** The same for the same resource, so that resumed work replaces its own record. */
export function operationIdOf(resourceId: string): string {
  const digest = createHash("sha256").update(resourceId.toLowerCase()).digest("hex");
  return digest.slice(0, 16).toUpperCase();
}

/** The decimal number that answers call the template's hash. Ours: two equal templates have one. */
export function templateHashOf(template: Json): string {
  const digest = createHash("sha256").update(JSON.stringify(template)).digest();
  return digest.readBigUInt64BE(0).toString();
}

/** Parameters as shown: a secure one has its type only. */
export function shownParameters(plan: Plan): JsonObject {
  const { definitions, parameters } = plan.template;
  const shown = [...parameters].map(([name, declared]): [string, Json] => {
    const type = readType(declared, definitions, `parameters.${name}`);
    const value = plan.context.parameterValues.get(name) ?? null;
    return [name, type.isSecure ? { type: type.name } : { type: type.name, value }];
  });
  return Object.fromEntries(shown);
}

/** The resources that are really deployed. */
export function deployedResources(plan: Plan): PlannedResource[] {
  return plan.index.resources.filter(({ condition, isExisting }) => condition && !isExisting);
}

export function providersOf(plan: Plan): Json {
  const namespaces = new Map<string, Map<string, Set<string | null>>>();
  for (const { type, json } of deployedResources(plan)) {
    const [namespace = "", ...rest] = type.split("/");
    const types = namespaces.get(namespace) ?? new Map<string, Set<string | null>>();
    const places = types.get(rest.join("/")) ?? new Set();
    const { location } = json;
    places.add(typeof location === "string" && !location.startsWith("[") ? location : null);
    namespaces.set(namespace, types.set(rest.join("/"), places));
  }
  return [...namespaces].map(([namespace, types]) => ({
    namespace,
    resourceTypes: [...types].map(([resourceType, locations]) => ({
      resourceType,
      locations: [...locations],
    })),
  }));
}

export function dependenciesOf(plan: Plan): Json {
  const summary = ({ id, type, name }: PlannedResource) => ({
    id,
    resourceType: type,
    resourceName: name,
  });
  const { resources } = plan.index;
  return deployedResources(plan)
    .map((resource) => ({
      dependsOn: [...(plan.dependencies[resource.index] ?? [])]
        .flatMap((at) => resources[at] ?? [])
        .filter(({ condition, isExisting }) => condition && !isExisting)
        .map(summary),
      ...summary(resource),
    }))
    .filter(({ dependsOn }) => dependsOn.length > 0);
}

/** ISO 8601, as answers write it: `PT1.234S`. */
export function durationText(durationMs: number): string {
  const seconds = durationMs / 1000;
  const minutes = Math.floor(seconds / 60);
  const rest = Number((seconds - minutes * 60).toFixed(7));
  return `PT${minutes > 0 ? `${minutes}M` : ""}${rest}S`;
}

export function showDeployment(record: DeploymentRecord): Record<string, unknown> {
  const { id, name, location, tags, startedMs, changedMs } = record;
  return {
    id,
    name,
    type: deploymentType,
    ...(location === undefined ? {} : { location }),
    ...(tags === undefined ? {} : { tags }),
    properties: {
      templateHash: record.templateHash,
      ...(record.templateLink === undefined ? {} : { templateLink: record.templateLink }),
      parameters: record.parameters,
      mode: "Incremental",
      provisioningState: record.state,
      timestamp: new Date(changedMs).toISOString(),
      duration: durationText(changedMs - startedMs),
      correlationId: record.correlationId,
      providers: record.providers,
      dependencies: record.dependencies,
      ...(record.warnings === undefined ? {} : { diagnostics: record.warnings }),
      ...(record.outputs === undefined ? {} : { outputs: record.outputs }),
      ...(record.outputResources === undefined ? {} : { outputResources: record.outputResources }),
      ...(record.error === undefined ? {} : { error: record.error }),
    },
  };
}

export function showOperation(deployment: string, record: OperationRecord) {
  const { operationId, resourceId, resourceType, resourceName, error } = record;
  return {
    id: `${deployment}/operations/${operationId}`,
    operationId,
    properties: {
      provisioningOperation: "Create",
      provisioningState: record.state,
      timestamp: new Date(record.changedMs).toISOString(),
      duration: durationText(record.changedMs - record.startedMs),
      serviceRequestId: record.requestId,
      statusCode: record.statusCode,
      ...(error === undefined ? {} : { statusMessage: { status: "Failed", error } }),
      targetResource: { id: resourceId, resourceType, resourceName },
    },
  };
}

/** The work's own input, kept sealed while it runs. */
export interface SealedInput {
  readonly template: Json;
  /** Settled, defaults included. */
  readonly parameters: JsonObject;
  readonly linkedFrom?: LinkedFrom | undefined;
  readonly skipsUnsupported?: boolean;
}

export function readSealed(text: string): SealedInput {
  const value = JSON.parse(text) as SealedInput;
  if (!isObject(value.parameters)) throw new Error("A deployment's sealed input is damaged.");
  return value;
}
