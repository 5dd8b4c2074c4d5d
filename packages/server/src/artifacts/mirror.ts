// What the endpoint shows of the resource manager: the workspace, its runtimes and pools, with the same
// JSON (recorded for bigDataPools). Synapse RBAC decides who sees it.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { EndpointUrl } from "@callosum/contract/ports.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { PlaneName } from "../http/plane.ts";
import type { Answer, Route } from "../http/route.ts";
import { workspaceRoute } from "./route.ts";
import { artifactApiVersions, requireAction, type WorkspaceCall } from "./workspace.ts";

/** Collections with the type of their children. */
const mirrored = {
  integrationRuntimes: "Microsoft.Synapse/workspaces/integrationRuntimes",
  bigDataPools: "Microsoft.Synapse/workspaces/bigDataPools",
  sqlPools: "Microsoft.Synapse/workspaces/sqlPools",
  libraries: "Microsoft.Synapse/workspaces/libraries",
} as const;

function endpointOf({ call }: WorkspaceCall): EndpointUrl {
  return (plane, subject) => call.origin.base(plane as PlaneName, subject);
}

async function getWorkspace(opened: WorkspaceCall): Promise<Answer> {
  await requireAction(opened, "read");
  const { services, workspace } = opened;
  const body = await services.resources.show(workspace.id, endpointOf(opened));
  return { status: 200, body: body ?? workspace };
}

async function listMirrored(opened: WorkspaceCall, type: string): Promise<Answer> {
  await requireAction(opened, "read");
  const { services, workspace } = opened;
  const parent = { id: workspace.id, type };
  const value = await services.resources.showChildren(parent, endpointOf(opened));
  return { status: 200, body: { value } };
}

async function getMirrored(
  opened: WorkspaceCall,
  options: { collection: string; type: string },
): Promise<Answer> {
  await requireAction(opened, "read");
  const { services, workspace, call } = opened;
  const { collection, type } = options;
  const name = call.params.name ?? "";
  const id = `${workspace.id}/${collection}/${name}`;
  const body = await services.resources.show(id, endpointOf(opened));
  if (body) return { status: 200, body };
  const resourceGroup = workspace.id.split("/")[4];
  throw fail.ResourceNotFound({ type, name: `${workspace.name}/${name}`, resourceGroup });
}

export function mirrorRoutes(services: PlaneServices): Route[] {
  const add = (path: string, handle: (opened: WorkspaceCall) => Promise<Answer>) =>
    workspaceRoute(services, {
      method: "GET",
      path,
      source: "protocols.md 4.1; recordings/artifacts.json",
      summary: "A resource of the workspace, as the resource manager answers it",
      action: "read",
      apiVersions: artifactApiVersions,
      handle,
    });
  const children = Object.entries(mirrored).flatMap(([collection, type]) => [
    add(`/${collection}`, (opened) => listMirrored(opened, type)),
    add(`/${collection}/:name`, (opened) => getMirrored(opened, { collection, type })),
  ]);
  return [add("/workspace", getWorkspace), ...children];
}
