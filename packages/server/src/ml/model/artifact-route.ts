// Artifacts on the regional endpoint: upload, list, describe and download files by origin, container and
// path (OpenAPI artifact 2019-09-30). What is uploaded here can be registered as a model at
// `azureml://datastores/workspaceartifactstore/paths/{origin}/{container}/{path}`.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { clientName } from "@callosum/contract/principal.ts";
import type { Answer, Route } from "../../http/route.ts";
import {
  type ArtifactBody,
  type ArtifactName,
  findArtifact,
  idOf,
  listArtifacts,
  presentArtifact,
} from "./artifact-document.ts";
import { keepArtifact, recordArtifact } from "./artifact-upload.ts";
import { contentLink, contentLinkRoutes, uploadLink } from "./content-link.ts";
import { failModel } from "./error-catalogue.ts";
import {
  type RegionalCall,
  type RegistryServices,
  recordOf,
  regionalRoute,
  requireQuery,
} from "./workspace-call.ts";

const source = "OpenAPI machinelearningservices data-plane 2019-09-30, artifact";
const service = "artifact/v2.0";
const pathCountMax = 2000;
const origins = ["ExperimentRun", "LocalUpload", "WebUpload"];
const readAction = "artifacts/read";
const writeAction = "artifacts/write";

export function artifactRoutes(services: RegistryServices): Route[] {
  const one = "/artifacts/:origin/:container";
  const route = (
    method: "GET" | "POST" | "DELETE",
    path: string,
    options: {
      summary: string;
      body?: Route["body"];
      handle(opened: RegionalCall): Promise<Answer>;
    },
  ) =>
    regionalRoute(services, {
      method,
      service,
      path,
      source,
      action: method === "GET" ? readAction : writeAction,
      ...options,
    });
  return [
    route("POST", `${one}/content`, {
      summary: "Upload an artifact",
      body: "stream",
      handle: upload,
    }),
    ...[`${one}/batch/metadata`, "/artifacts/batch/metadata/:origin/:container"].map((path) =>
      route("POST", path, { summary: "Links to upload artifacts to", handle: createEmpty }),
    ),
    route("GET", `${one}/content`, { summary: "Download an artifact", handle: download }),
    route("GET", `${one}/metadata`, { summary: "Describe an artifact", handle: describe }),
    route("DELETE", `${one}/metadata`, { summary: "Delete an artifact", handle: remove }),
    // SDK v1 writes names at the end and the path as part of them.
    ...[`${one}/contentinfo`, "/artifacts/contentinfo/:origin/:container/*"].map((path) =>
      route("GET", path, { summary: "Where an artifact is downloaded", handle: contentInfo }),
    ),
    ...[`${one}/prefix/contentinfo`, "/artifacts/prefix/contentinfo/:origin/:container/*"].map(
      (path) =>
        route("GET", path, {
          summary: "Where the artifacts below a path are downloaded",
          handle: contentInfos,
        }),
    ),
    route("GET", one, { summary: "List the artifacts of a container", handle: list }),
    ...contentLinkRoutes(services),
    ...refusals(services),
  ];
}

/** What hands out signatures of storage accounts: nothing of an artifact lies in one. */
function refusals(services: RegistryServices): Route[] {
  const rows: readonly ["GET" | "POST", string, string][] = [
    ["POST", "/artifacts/metadata", "Creating an artifact's metadata alone"],
    ["POST", "/artifacts/register", "Registering data of a datastore as an artifact"],
    ["GET", "/artifacts/:origin/:container/write", "A signature to write with"],
    ["POST", "/artifacts/:origin/:container/batch/ingest/containersas", "Ingesting a container"],
  ];
  return rows.map(([method, path, what]) =>
    regionalRoute(services, {
      method,
      service,
      path,
      source,
      summary: `Refused: ${what}`,
      action: writeAction,
      async handle() {
        throw fail.NotSupportedHere({
          what,
          reason: "artifacts are kept by the registry: send their bytes to …/content?path=",
        });
      },
    }),
  );
}

function nameOf({ call }: RegionalCall, path: string): ArtifactName {
  const { origin: given = "", container = "" } = call.params;
  const origin = origins.find((known) => known.toLowerCase() === given.toLowerCase());
  if (origin === undefined) {
    const reason = `'${given}' is none of ${origins.join(", ")}`;
    throw fail.InvalidParameter({ parameter: "origin", reason, target: "origin" });
  }
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.includes("..") || path.length > 1024) {
    const reason = "it must lead to a file of the container";
    throw fail.InvalidParameter({ parameter: "path", reason, target: "path" });
  }
  return { origin, container, path: segments.join("/") };
}

async function requireArtifact(opened: RegionalCall) {
  const name = nameOf(opened, opened.call.params["*"] ?? requireQuery(opened.call, "path"));
  const found = await findArtifact(opened.services.store.read, opened.key, name);
  if (found) return found;
  throw failModel.ArtifactNotFound({ id: idOf(name) });
}

async function upload(opened: RegionalCall): Promise<Answer> {
  const { services, call, key, principal, workspace } = opened;
  const name = nameOf(opened, requireQuery(call, "path"));
  for (const parameter of ["index", "append"]) {
    const value = call.query.get(parameter);
    if (value === null || ["0", "false", ""].includes(value.toLowerCase())) continue;
    throw fail.NotSupportedHere({
      what: `'${parameter}=${value}'`,
      reason: "an artifact is sent whole",
    });
  }
  const { etag, body } = await keepArtifact(services, {
    call,
    key,
    name,
    workspaceId: workspace.id,
    caller: clientName(principal),
    objectId: principal.objectId,
    allowOverwrite: call.query.get("allowoverwrite")?.toLowerCase() === "true",
  });
  return { status: 200, body: presentArtifact(body, etag) };
}

/** SDK v1 asks where to put files before it has them; the links take them without a token. */
async function createEmpty(opened: RegionalCall): Promise<Answer> {
  const { services, call, key, principal, workspace } = opened;
  const { paths } = recordOf(call.body);
  if (!Array.isArray(paths) || paths.length === 0 || paths.length > pathCountMax) {
    const reason = `it must be a list of 1 to ${pathCountMax} paths`;
    throw fail.InvalidParameter({ parameter: "paths", reason, target: "paths" });
  }
  const createdTime = services.clock.now().toISOString();
  const names = paths.map((item) => nameOf(opened, String(recordOf(item).path ?? "")));
  const links = names.map((name) => ({
    ...name,
    contentUri: uploadLink(opened, {
      key,
      name,
      workspaceId: workspace.id,
      caller: clientName(principal),
      objectId: principal.objectId,
    }),
  }));
  const described = names.map((name) => ({
    artifactId: idOf(name),
    ...name,
    etag: "",
    createdTime,
  }));
  return {
    status: 200,
    body: {
      artifacts: Object.fromEntries(described.map((item) => [item.path, item])),
      artifactContentInformation: Object.fromEntries(links.map((item) => [item.path, item])),
      errors: {},
    },
  };
}

async function download(opened: RegionalCall): Promise<Answer> {
  const { body } = await requireArtifact(opened);
  return {
    status: 200,
    headers: {
      "content-type": "application/octet-stream",
      "content-length": String(body.file.length),
      "x-content-type-options": "nosniff",
    },
    body: opened.services.content.stream(body.file),
  };
}

async function describe(opened: RegionalCall): Promise<Answer> {
  const { body, etag } = await requireArtifact(opened);
  return { status: 200, body: presentArtifact(body, etag) };
}

async function remove(opened: RegionalCall): Promise<Answer> {
  const { id, body } = await requireArtifact(opened);
  const { services, call, principal, workspace } = opened;
  await services.store.transaction(async (writer) => {
    await writer.remove(id);
    await recordArtifact(services, writer, {
      call,
      action: "artifacts/delete",
      name: body,
      workspaceId: workspace.id,
      caller: clientName(principal),
      objectId: principal.objectId,
    });
  });
  return { status: 200 };
}

function infoOf(opened: RegionalCall, body: ArtifactBody): Record<string, unknown> {
  const { origin, container, path, file } = body;
  return { contentUri: contentLink(opened, { ...file, path }), origin, container, path };
}

async function contentInfo(opened: RegionalCall): Promise<Answer> {
  const { body } = await requireArtifact(opened);
  return { status: 200, body: infoOf(opened, body) };
}

async function below(opened: RegionalCall): Promise<ArtifactBody[]> {
  const { call } = opened;
  const name = nameOf(opened, call.params["*"] ?? call.query.get("path") ?? "");
  const found = await listArtifacts(opened.services.store.read, opened.key, name);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function contentInfos(opened: RegionalCall): Promise<Answer> {
  const found = await below(opened);
  return { status: 200, body: { value: found.map((body) => infoOf(opened, body)) } };
}

async function list(opened: RegionalCall): Promise<Answer> {
  const found = await below(opened);
  const value = found.map((body) => ({ ...presentArtifact(body, ""), etag: undefined }));
  return { status: 200, body: { value } };
}
