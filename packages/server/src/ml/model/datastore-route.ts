// Datastores as SDK v1 reads them: those of the resource manager and the default, which is the
// workspace's own storage account (OpenAPI datastore 2019-09-30). Secrets are not given out here.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import type { Answer, Route } from "../../http/route.ts";
import { type Datastore, defaultDatastore, findDatastore, ownDatastore } from "./datastore.ts";
import { failModel } from "./error-catalogue.ts";
import { type RegionalCall, type RegistryServices, regionalRoute } from "./workspace-call.ts";

const source = "OpenAPI machinelearningservices data-plane 2019-09-30, datastore";
const datastoreType = "Microsoft.MachineLearningServices/workspaces/datastores";

export function datastoreRoutes(services: RegistryServices): Route[] {
  const route = (
    path: string,
    summary: string,
    handle: (opened: RegionalCall) => Promise<Answer>,
  ) =>
    regionalRoute(services, {
      method: "GET",
      service: "datastore/v1.0",
      path,
      source,
      summary,
      action: "datastores/read",
      handle,
    });
  return [
    route("/datastores", "List datastores", list),
    route("/datastores/:name", "A datastore", async (opened) => {
      const { name = "" } = opened.call.params;
      const found = await findDatastore(opened.services.resources, opened.workspace, name);
      if (!found) throw failModel.DatastoreNotFound({ name });
      return { status: 200, body: present(opened, found) };
    }),
    route("/default", "The default datastore", async (opened) => {
      const own = ownDatastore(opened.workspace);
      if (!own) throw failModel.DatastoreNotFound({ name: defaultDatastore });
      return { status: 200, body: present(opened, own) };
    }),
    ...["/datastores", "/datastores/:name", "/default/:name"].flatMap((path) =>
      (path === "/datastores" ? (["POST"] as const) : (["PUT", "DELETE"] as const)).map((method) =>
        regionalRoute(services, {
          method,
          service: "datastore/v1.0",
          path,
          source,
          summary: "Refused: writing datastores on the regional endpoint",
          action: "datastores/write",
          async handle() {
            throw fail.NotSupportedHere({
              what: "Writing datastores on the regional endpoint",
              reason:
                "the resource manager keeps them: PUT …/workspaces/{workspace}/datastores/{name}",
            });
          },
        }),
      ),
    ),
  ];
}

async function list(opened: RegionalCall): Promise<Answer> {
  const { services, workspace, key } = opened;
  const documents = await services.store.read.documents<ArmResource>({
    type: datastoreType,
    parent: key,
  });
  const names = documents.map(({ body }) => body.name);
  const all = names.some((name) => name.toLowerCase() === defaultDatastore)
    ? names
    : [defaultDatastore, ...names];
  const found = await Promise.all(
    all.map((name) => findDatastore(services.resources, workspace, name)),
  );
  return {
    status: 200,
    body: { value: found.flatMap((datastore) => (datastore ? [present(opened, datastore)] : [])) },
  };
}

function present(
  { call }: RegionalCall,
  { name, account, container }: Datastore,
): Record<string, unknown> {
  return {
    name,
    dataStoreType: "AzureBlob",
    hasBeenValidated: true,
    tags: {},
    azureStorageSection: {
      accountName: account,
      containerName: container,
      endpoint: "core.windows.net",
      protocol: "https",
      credentialType: "None",
      credential: null,
      subscriptionId: call.params.subscriptionId,
      resourceGroup: call.params.resourceGroup,
    },
  };
}
