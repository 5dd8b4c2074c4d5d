// Whether a name that must be unique in the whole world is free: key vaults and container registries, in
// their documents' shape. Workspaces and storage accounts answer in shapes of their own
// (resources/synapse/routes.ts, resources/storage/routes.ts).

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ResourceDefinition } from "@callosum/contract/resource.ts";
import type { Call, Route } from "../../http/route.ts";
import { requireVersionOf } from "../request.ts";
import { registry } from "../resources/container-registry/registry.ts";
import { vault } from "../resources/key-vault/vault.ts";
import type { ArmServices } from "../services.ts";

interface Checked {
  readonly definition: Pick<ResourceDefinition, "type" | "apiVersions" | "name" | "endpoint">;
  readonly source: string;
  /** What the service calls a name that breaks its rule. */
  readonly invalid: string;
}

const checked: readonly Checked[] = [
  {
    definition: vault,
    source: "public documentation of vaults: Vaults_CheckNameAvailability",
    invalid: "AccountNameInvalid",
  },
  {
    definition: registry,
    source: "public documentation of container registries: Registries_CheckNameAvailability",
    invalid: "Invalid",
  },
];

/** Routes of the resource manager plane; joined in arm/routes/index.ts. */
export function nameAvailabilityRoutes(services: ArmServices): Route[] {
  return checked.map((row) => {
    const [namespace = ""] = row.definition.type.split("/");
    const action = `${namespace}/checkNameAvailability/read`;
    return {
      plane: "arm",
      method: "POST",
      path: `/subscriptions/:subscriptionId/providers/${namespace}/checkNameAvailability`,
      source: row.source,
      summary: "Whether a name is free",
      access: { action },
      async handle(call) {
        const principal = await call.principal();
        requireVersionOf(call, row.definition.apiVersions);
        const { subscriptionId = "" } = call.params;
        const scope = `/subscriptions/${subscriptionId}`;
        await services.authorizer.require(principal, { action, scope });
        if (!(await services.store.read.document(scope.toLowerCase())))
          throw fail.SubscriptionNotFound({ subscriptionId });
        return { status: 200, body: await check(services, call, row) };
      },
    };
  });
}

async function check(services: ArmServices, call: Call, { definition, invalid }: Checked) {
  const { name, type } = (call.body ?? {}) as { name?: unknown; type?: unknown };
  if (typeof name !== "string" || String(type).toLowerCase() !== definition.type.toLowerCase()) {
    const reason = `a name and the type '${definition.type}' are required`;
    throw fail.InvalidParameter({ parameter: "type", reason, target: "type" });
  }
  const { pattern, rule } = definition.name;
  if (!pattern.test(name)) return { nameAvailable: false, reason: invalid, message: rule };
  const holder = await services.store.read.alias(`endpoint-${definition.endpoint}`, name);
  if (holder === undefined) return { nameAvailable: true };
  const message = `The name '${name}' is already in use.`;
  return { nameAvailable: false, reason: "AlreadyExists", message };
}
