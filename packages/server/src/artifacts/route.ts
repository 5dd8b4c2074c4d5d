// The endpoint's routes, made from the definitions: one set for each kind of artifact, one refusal for
// each operation that is known and not run.

import type { ArtifactDefinition, RefusedArtifact } from "@callosum/contract/artifact.ts";
import { fail } from "@callosum/contract/error-catalogue.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { Answer, Call, Route } from "../http/route.ts";
import { findArtifact } from "./artifact-document.ts";
import { artifactNotFound } from "./error-catalogue.ts";
import { artifactKinds, refusedArtifactKinds } from "./kinds/index.gen.ts";
import { answerResult, answerStatus } from "./operation.ts";
import { getArtifact, getArtifacts } from "./read.ts";
import {
  artifactApiVersions,
  openWorkspace,
  requireAction,
  type WorkspaceCall,
} from "./workspace.ts";
import { putArtifact, removeArtifact, renameArtifact } from "./write.ts";

export type Handler = (opened: WorkspaceCall) => Promise<Answer>;

/** A route below a workspace; `action` is below `Microsoft.Synapse/workspaces/`. */
export function workspaceRoute(
  services: PlaneServices,
  route: {
    method: Route["method"];
    path: string;
    source: string;
    summary: string;
    action: string;
    apiVersions: readonly string[];
    handle: Handler;
  },
): Route {
  const { method, path, source, summary, action, apiVersions, handle } = route;
  return {
    plane: "synapse",
    method,
    path: `/:workspace${path}`,
    source,
    summary,
    access: { action: `Microsoft.Synapse/workspaces/${action}` },
    handle: async (call: Call) => handle(await openWorkspace(services, { call, apiVersions })),
  };
}

export function artifactRoutes(services: PlaneServices): Route[] {
  return [
    ...artifactKinds.flatMap((definition) => kindRoutes(services, definition)),
    ...refusedArtifactKinds.flatMap((refusal) => refusedRoutes(services, refusal)),
    ...operationRoutes(services),
  ];
}

function kindRoutes(services: PlaneServices, definition: ArtifactDefinition): Route[] {
  const { source, summary, apiVersions, collection } = definition;
  const list = `/${collection.toLowerCase()}`;
  const one = `${list}/:name`;
  const add = (
    method: Route["method"],
    path: string,
    options: { verb: string; action: string; handle: Handler },
  ) =>
    workspaceRoute(services, {
      method,
      path,
      source,
      summary: `${options.verb}: ${summary}`,
      action: options.action,
      apiVersions,
      handle: options.handle,
    });
  const write = `${collection}/write`;
  const routes = [
    add("GET", list, {
      verb: "List",
      action: "read",
      handle: (opened) => getArtifacts(opened, { definition, isSummary: false }),
    }),
    add("GET", one, {
      verb: "Get",
      action: "artifacts/read",
      handle: (opened) => getArtifact(opened, definition),
    }),
    add("PUT", one, {
      verb: "Create or update",
      action: write,
      handle: (opened) => putArtifact(opened, definition),
    }),
    add("DELETE", one, {
      verb: "Delete",
      action: `${collection}/delete`,
      handle: (opened) => removeArtifact(opened, definition),
    }),
  ];
  if (definition.rename) {
    const handle: Handler = (opened) => renameArtifact(opened, definition);
    routes.push(add("POST", `${one}/rename`, { verb: "Rename", action: write, handle }));
  }
  if (definition.summaryList) {
    const handle: Handler = (opened) => getArtifacts(opened, { definition, isSummary: true });
    const path = `/${definition.summaryList.path}`;
    routes.push(add("GET", path, { verb: "List without contents", action: "read", handle }));
  }
  for (const name of definition.idleActions ?? []) {
    const handle: Handler = (opened) => idle(opened, definition);
    routes.push(add("POST", `${one}/${name}`, { verb: name, action: write, handle }));
  }
  for (const [name, reason] of Object.entries(definition.refusedActions ?? {})) {
    const what = `'${name}' of a ${definition.kind}`;
    const handle: Handler = (opened) => refuse(opened, { what, reason, action: write });
    routes.push(add("POST", `${one}/${name}`, { verb: `Refused: ${name}`, action: write, handle }));
  }
  return routes;
}

async function idle(opened: WorkspaceCall, definition: ArtifactDefinition): Promise<Answer> {
  await requireAction(opened, `${definition.collection}/write`);
  const { services, workspace, call } = opened;
  const name = call.params.name ?? "";
  const found = await findArtifact(services.store.read, { workspace, definition, name });
  if (!found) throw artifactNotFound({ ...definition, name, workspace });
  return { status: 200 };
}

async function refuse(
  opened: WorkspaceCall,
  refusal: { what: string; reason: string; action: string },
): Promise<never> {
  await requireAction(opened, refusal.action);
  throw fail.NotSupportedHere({ what: refusal.what, reason: refusal.reason });
}

function refusedRoutes(services: PlaneServices, refusal: RefusedArtifact): Route[] {
  const { name, source, reason, apiVersions } = refusal;
  return refusal.routes.map(({ method, path }) =>
    workspaceRoute(services, {
      method,
      path,
      source,
      summary: `Refused: ${name}`,
      action: "read",
      apiVersions,
      handle: (opened) => refuse(opened, { what: name, reason, action: "read" }),
    }),
  );
}

function operationRoutes(services: PlaneServices): Route[] {
  const apiVersions = [...new Set(artifactKinds.flatMap((kind) => [...kind.apiVersions]))];
  const source = "protocols.md 4.2; OpenAPI operations.json";
  const add = (path: string, summary: string, handle: Handler) =>
    workspaceRoute(services, {
      method: "GET",
      path,
      source,
      summary,
      action: "read",
      apiVersions: [...apiVersions, ...artifactApiVersions],
      handle,
    });
  return [
    add("/operationResults/:operationId", "Result of an operation", answerResult),
    add("/notebookOperationResults/:operationId", "Result of a notebook's operation", answerResult),
    add("/operationStatuses/:operationId", "Status of an operation", answerStatus),
  ];
}
