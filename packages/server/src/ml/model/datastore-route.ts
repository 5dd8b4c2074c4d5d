// Datastores as SDK v1 reads them: those of the resource manager and the default, which is the
// workspace's own storage account (OpenAPI datastore 2019-09-30). Secrets go to those who may list them.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import type { Answer, Route } from "../../http/route.ts";
import { defaultDatastore, findDatastore, ownDatastore } from "./datastore.ts";
import { type DatastoreSecret, datastoreSecret, noSecret } from "./datastore-secret.ts";
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
      const found = await findShown(opened, name);
      if (!found) throw failModel.DatastoreNotFound({ name });
      return { status: 200, body: present(opened, found) };
    }),
    route("/default", "The default datastore", async (opened) => {
      const found = await findShown(opened, defaultDatastore);
      if (!found) throw failModel.DatastoreNotFound({ name: defaultDatastore });
      return { status: 200, body: present(opened, found) };
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

/** A place of blobs or of files; other kinds SDK v1 is not told of. */
interface Shown {
  readonly name: string;
  readonly kind: "AzureBlob" | "AzureFile";
  readonly account: string;
  readonly container: string;
  readonly secret: DatastoreSecret;
}

async function findShown(opened: RegionalCall, name: string): Promise<Shown | undefined> {
  const { services, workspace } = opened;
  const stored = await services.resources.find(`${workspace.id}/datastores/${name}`);
  if (stored) return shownOf(opened, stored);
  const blobs = await findDatastore(services.resources, workspace, name);
  return blobs && { ...blobs, kind: "AzureBlob", secret: noSecret };
}

async function shownOf(opened: RegionalCall, resource: ArmResource): Promise<Shown | undefined> {
  const { name, properties } = resource;
  const { accountName, containerName, filesystem, fileShareName } = properties;
  const container = containerName ?? filesystem ?? fileShareName;
  if (typeof accountName !== "string" || typeof container !== "string") return undefined;
  const kind = fileShareName === undefined ? "AzureBlob" : "AzureFile";
  const secret = await datastoreSecret(opened, resource);
  return { name, kind, account: accountName, container, secret };
}

async function list(opened: RegionalCall): Promise<Answer> {
  const { services, workspace, key } = opened;
  const documents = await services.store.read.documents<ArmResource>({
    type: datastoreType,
    parent: key,
  });
  const described = await Promise.all(documents.map(({ body }) => shownOf(opened, body)));
  const shown = described.filter((each) => each !== undefined);
  const own = ownDatastore(workspace);
  const isListed = documents.some(({ body }) => body.name.toLowerCase() === defaultDatastore);
  if (own && !isListed) shown.unshift({ ...own, kind: "AzureBlob", secret: noSecret });
  return { status: 200, body: { value: shown.map((each) => present(opened, each)) } };
}

function present(
  { call }: RegionalCall,
  { name, kind, account, container, secret }: Shown,
): Record<string, unknown> {
  return {
    name,
    dataStoreType: kind,
    hasBeenValidated: true,
    tags: {},
    azureStorageSection: {
      accountName: account,
      containerName: container,
      endpoint: "core.windows.net",
      protocol: "https",
      ...secret,
      // Deprecated, and what SDK v1 reads.
      isSas: secret.credentialType === "Sas",
      accountKey: secret.credentialType === "AccountKey" ? secret.credential : null,
      sasToken: secret.credentialType === "Sas" ? secret.credential : null,
      subscriptionId: call.params.subscriptionId,
      resourceGroup: call.params.resourceGroup,
    },
  };
}
