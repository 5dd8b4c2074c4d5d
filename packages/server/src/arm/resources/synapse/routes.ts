// Endpoints of the Synapse provider that belong to a subscription or to nobody: names, operations.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Call, Route } from "../../../http/route.ts";
import { operationsOf } from "../../provider-operation.ts";
import { requireVersionOf } from "../../request.ts";
import type { ArmServices } from "../../services.ts";
import { synapseVersions } from "./api-version.ts";
import { synapseWorkspace } from "./workspace.ts";

const namespace = "Microsoft.Synapse";
const checkAction = `${namespace}/checkNameAvailability/action`;

/** Routes of the resource manager plane; joined in arm/routes/index.ts. */
export function synapseRoutes(services: ArmServices): Route[] {
  return [
    {
      plane: "arm",
      method: "POST",
      path: `/subscriptions/:subscriptionId/providers/${namespace}/checkNameAvailability`,
      source: "OpenAPI synapse 2021-06-01, checkNameAvailability",
      summary: "Whether a workspace's name is free",
      access: { action: checkAction },
      async handle(call) {
        const principal = await call.principal();
        requireVersionOf(call, synapseVersions);
        const subscriptionId = call.params.subscriptionId ?? "";
        const scope = `/subscriptions/${subscriptionId}`;
        await services.authorizer.require(principal, { action: checkAction, scope });
        if (!(await services.store.read.document(scope.toLowerCase()))) {
          throw fail.SubscriptionNotFound({ subscriptionId });
        }
        return { status: 200, body: await checkName(services, call) };
      },
    },
    {
      plane: "arm",
      method: "GET",
      path: `/providers/${namespace}/operations`,
      source: "OpenAPI synapse 2021-06-01, Operations_List",
      summary: "What the provider can do",
      access: "principal",
      async handle(call) {
        await call.principal();
        // The client asks without api-version and the list is bare (OpenAPI operations.json).
        if (call.query.has("api-version")) requireVersionOf(call, synapseVersions);
        // This provider says it as text (OpenAPI operations.json; its client's model).
        const body = operationsOf(services.registry, namespace).map((operation) => ({
          ...operation,
          isDataAction: String(operation.isDataAction),
        }));
        return { status: 200, body };
      },
    },
  ];
}

/** What the type was called before the service had its name; published requests still ask for it. */
const firstType = "Microsoft.ProjectArcadia/workspaces";

async function checkName(services: ArmServices, call: Call) {
  const { name, type } = (call.body ?? {}) as { name?: unknown; type?: unknown };
  if (typeof name !== "string" || name === "") {
    throw fail.InvalidParameter({ parameter: "name", reason: "it is required", target: "name" });
  }
  const known = [synapseWorkspace.type, firstType].map((one) => one.toLowerCase());
  if (!known.includes(String(type).toLowerCase())) {
    const reason = `it must be '${synapseWorkspace.type}'`;
    throw fail.InvalidParameter({ parameter: "type", reason, target: "type" });
  }
  const { pattern, rule } = synapseWorkspace.name;
  if (!pattern.test(name)) return { name, available: false, reason: "Invalid", message: rule };
  const holder = await services.store.read.alias("endpoint-synapse", name);
  if (holder === undefined) return { name, available: true };
  const message = `The workspace name '${name}' is already taken.`;
  return { name, available: false, reason: "AlreadyExists", message };
}
