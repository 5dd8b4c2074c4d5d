// What tokens can be for: the services that Callosum has planes for, and applications of the tenant
// that name themselves by an identifier URI. Anything else is AADSTS500011.

import type { DirectoryServices } from "./directory-services.ts";
import { aadsts } from "./error-catalogue.ts";
import type { Application } from "./object.ts";
import { aliasKind } from "./object.ts";

export interface TokenResource {
  /** `aud` as requested; the verifier strips a slash at its end. */
  readonly audience: string;
  /** Of the resource's service principal. */
  readonly appId: string;
  /** Claims of v1 (`appid`, `upn`) or v2 (`azp`, `preferred_username`) tokens. */
  readonly version: "1.0" | "2.0";
}

interface Service {
  readonly appId: string;
  /** Without a slash at the end; the first is the audience when the resource is asked for by id. */
  readonly uris: readonly [string, ...string[]];
  /** Addresses that name one of the service's own places, such as a storage account. */
  readonly places?: RegExp;
}

const armAppId = "797f4846-ba00-4fd7-ba43-dac1f8f63013";
export const graphAppId = "00000003-0000-0000-c000-000000000000";
const graphUri = "https://graph.microsoft.com";

const services: readonly Service[] = [
  {
    appId: armAppId,
    uris: ["https://management.azure.com", "https://management.core.windows.net"],
  },
  { appId: graphAppId, uris: [graphUri] },
  { appId: "cfa8b339-82a2-471a-a3c9-0fc0be7a4093", uris: ["https://vault.azure.net"] },
  {
    appId: "e406a681-f3d4-42a8-90b6-c2b029497af1",
    uris: ["https://storage.azure.com"],
    places: /^https:\/\/[a-z0-9]{3,24}\.(?:blob|dfs)\.core\.windows\.net$/,
  },
  { appId: "022907d3-0f1b-48f7-badc-1ba6abab6d66", uris: ["https://database.windows.net"] },
  {
    appId: "1ac05c7e-12d2-4605-bf9d-549d7041c6b3",
    uris: ["https://dev.azuresynapse.net", "https://sql.azuresynapse.net"],
  },
  { appId: "0736f41a-0425-4b46-bdb5-1563eff02385", uris: ["https://ml.azure.com"] },
];

/**
 * The resource that `resource=` or the part of a scope before its last slash names. `own` is our
 * origin: as an audience it means the resource manager, `{own}/graph` means Graph (design.md §1).
 */
export async function findResource(
  directory: DirectoryServices,
  options: { requested: string; own: string },
): Promise<TokenResource> {
  const { requested, own } = options;
  const name = (requested.endsWith("/") ? requested.slice(0, -1) : requested).toLowerCase();
  if (name === own) return { audience: requested, appId: armAppId, version: "1.0" };
  if (name === `${own}/graph`) return { audience: graphUri, appId: graphAppId, version: "1.0" };
  const service = services.find(
    ({ appId, uris, places }) => appId === name || uris.includes(name) || places?.test(name),
  );
  if (service) {
    const audience = service.appId === name ? service.uris[0] : requested;
    return { audience, appId: service.appId, version: "1.0" };
  }
  const application = await findApplication(directory, name);
  if (application) return resourceOf(application, requested);
  throw aadsts.AADSTS500011({ resource: requested, tenant: directory.tenantId });
}

/** An application of the tenant by id or identifier URI. */
async function findApplication(
  { store: { read } }: DirectoryServices,
  name: string,
): Promise<Application | undefined> {
  const key =
    (await read.alias(aliasKind.applicationByAppId, name)) ??
    (await read.alias(aliasKind.applicationByUri, name));
  return key === undefined ? undefined : (await read.document<Application>(key))?.body;
}

/** v2 tokens name the application's id, v1 tokens what was asked for. */
function resourceOf({ appId, settings }: Application, requested: string): TokenResource {
  const api = settings.api as { requestedAccessTokenVersion?: number | null } | undefined;
  return api?.requestedAccessTokenVersion === 2
    ? { audience: appId, appId, version: "2.0" }
    : { audience: requested, appId, version: "1.0" };
}
