// resourceId and its family (template function pages: resource functions), and how a relative id is
// read below a scope.

import { ExpressionError } from "@callosum/expression/template.ts";
import type { Json } from "./json.ts";

/** Where a deployment deploys to. */
export interface TargetScope {
  readonly kind: "resourceGroup" | "subscription";
  /** `/subscriptions/{s}[/resourceGroups/{g}]`. */
  readonly id: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string | undefined;
}

export function targetScope(place: {
  subscriptionId: string;
  resourceGroup?: string | undefined;
}): TargetScope {
  const { subscriptionId, resourceGroup } = place;
  const subscription = `/subscriptions/${subscriptionId}`;
  return resourceGroup === undefined
    ? { kind: "subscription", id: subscription, subscriptionId, resourceGroup }
    : {
        kind: "resourceGroup",
        id: `${subscription}/resourceGroups/${resourceGroup}`,
        subscriptionId,
        resourceGroup,
      };
}

/** The scope that an id of a subscription or a group names. */
export function targetOf(scopeId: string): TargetScope {
  const [, , subscriptionId = "", , resourceGroup] = scopeId.split("/");
  return targetScope({ subscriptionId, resourceGroup });
}

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

function texts(name: string, args: readonly Json[]): string[] {
  return args.map((arg) => {
    if (typeof arg === "string") return arg;
    throw new ExpressionError("ArgumentType", `'${name}' takes strings only.`);
  });
}

/** Splits at the argument that is a type: what comes before it, the type, the names. */
function splitArguments(name: string, args: readonly Json[], leadMax: number) {
  const all = texts(name, args);
  const at = all.findIndex((text, index) => index <= leadMax && isType(text));
  if (at === -1) {
    throw new ExpressionError(
      "ArgumentValue",
      `Unable to evaluate template language function '${name}': there is no fully qualified resource type among its arguments.`,
    );
  }
  const [type = "", ...names] = all.slice(at);
  return { lead: all.slice(0, at), path: providerPath(name, type, names) };
}

function isType(text: string): boolean {
  return /^[^/]+\.[^/]+(?:\/[^/]+)+$/.test(text);
}

function providerPath(functionName: string, type: string, names: readonly string[]): string {
  const [namespace, ...types] = type.split("/");
  if (types.length !== names.length || names.some((name) => name === "")) {
    throw new ExpressionError(
      "ArgumentCount",
      `Unable to evaluate template language function '${functionName}': the type '${type}' requires '${types.length}' resource name argument(s).`,
    );
  }
  return `/providers/${namespace}${types.map((part, index) => `/${part}/${names[index]}`).join("")}`;
}

/** `resourceId([subscription], [group], type, name, …)` and its kin. */
export function idFunctions(target: TargetScope) {
  return {
    resourceId(args: readonly Json[]): Json {
      const { lead, path } = splitArguments("resourceId", args, 2);
      return `${leadScope(target, lead)}${path}`;
    },
    subscriptionResourceId(args: readonly Json[]): Json {
      const { lead, path } = splitArguments("subscriptionResourceId", args, 1);
      return `/subscriptions/${lead[0] ?? target.subscriptionId}${path}`;
    },
    tenantResourceId(args: readonly Json[]): Json {
      return splitArguments("tenantResourceId", args, 0).path;
    },
    extensionResourceId(args: readonly Json[]): Json {
      const [scope = "", ...rest] = texts("extensionResourceId", args);
      return `${scope.replace(/\/$/, "")}${splitArguments("extensionResourceId", rest, 0).path}`;
    },
  };
}

function leadScope(target: TargetScope, lead: readonly string[]): string {
  const [first, second] = lead;
  if (first === undefined) return target.id;
  if (second !== undefined) return `/subscriptions/${first}/resourceGroups/${second}`;
  if (!guid.test(first)) return `/subscriptions/${target.subscriptionId}/resourceGroups/${first}`;
  const group = target.resourceGroup;
  return `/subscriptions/${first}${group === undefined ? "" : `/resourceGroups/${group}`}`;
}

const groupAsResource = /\/providers\/Microsoft\.Resources\/resourceGroups\//i;

/**
 * The full id that a text names below a scope: an absolute id as it is, `Ns/type/name…` relative.
 * Undefined for a bare name.
 */
export function absoluteId(text: string, target: TargetScope): string | undefined {
  // Templates also spell a resource group as if it were a resource of its subscription.
  if (text.startsWith("/")) return text.replace(groupAsResource, "/resourceGroups/");
  const segments = text.split("/");
  const isRelative =
    segments.length >= 3 && segments.length % 2 === 1 && segments[0]?.includes(".");
  return isRelative ? `${target.id}/providers/${text}` : undefined;
}
