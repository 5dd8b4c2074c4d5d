// Deleted vaults: a vault is gone at once with its secrets, so none is listed or found, and purging one
// has nothing left to do. azurerm purges every vault that it destroys.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Answer, Call, Route } from "../../../http/route.ts";
import { requireVersionOf } from "../../request.ts";
import type { ArmServices } from "../../services.ts";
import { vaultVersions } from "./vault.ts";

const namespace = "Microsoft.KeyVault";
const root = `/subscriptions/:subscriptionId/providers/${namespace}`;
const one = `${root}/locations/:location/deletedVaults/:name`;
const source = "public documentation of vaults: Vaults_ListDeleted, _GetDeleted, _PurgeDeleted";

/** Routes of the resource manager plane; joined in arm/routes/index.ts. */
export function keyVaultRoutes(services: ArmServices): Route[] {
  const route = (options: {
    method: "GET" | "POST";
    path: string;
    action: string;
    summary: string;
    answer(call: Call): Answer;
  }): Route => ({
    plane: "arm",
    method: options.method,
    path: options.path,
    source,
    summary: options.summary,
    access: { action: options.action },
    async handle(call) {
      const principal = await call.principal();
      requireVersionOf(call, vaultVersions);
      const { subscriptionId = "" } = call.params;
      const scope = `/subscriptions/${subscriptionId}`;
      await services.authorizer.require(principal, { action: options.action, scope });
      if (!(await services.store.read.document(scope.toLowerCase())))
        throw fail.SubscriptionNotFound({ subscriptionId });
      return options.answer(call);
    },
  });
  return [
    route({
      method: "GET",
      path: `${root}/deletedVaults`,
      action: `${namespace}/deletedVaults/read`,
      summary: "Deleted vaults: none",
      answer: () => ({ status: 200, body: { value: [] } }),
    }),
    route({
      method: "GET",
      path: one,
      action: `${namespace}/locations/deletedVaults/read`,
      summary: "A deleted vault: there is none",
      answer({ params }) {
        throw fail.ResourceNotFound({
          type: `${namespace}/locations/deletedVaults`,
          name: params.name ?? "",
          resourceGroup: undefined,
        });
      },
    }),
    route({
      method: "POST",
      path: `${one}/purge`,
      action: `${namespace}/locations/deletedVaults/purge/action`,
      summary: "Purging a deleted vault, of which nothing is left",
      answer(call) {
        const { subscriptionId = "", location = "", name = "" } = call.params;
        const result = `/subscriptions/${subscriptionId}/providers/${namespace}/locations/${location}/operationResults/${name}`;
        const query = `?api-version=${call.query.get("api-version")}`;
        const headers = { Location: `${call.origin.base("arm")}${result}${query}` };
        return { status: 202, headers: { ...headers, "Retry-After": "1" } };
      },
    }),
    route({
      method: "GET",
      path: `${root}/locations/:location/operationResults/:name`,
      action: `${namespace}/locations/operationResults/read`,
      summary: "A purge, which is done",
      answer: () => ({ status: 200 }),
    }),
  ];
}
