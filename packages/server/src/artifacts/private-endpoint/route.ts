// Routes of managed private endpoints below a workspace.

import type { PlaneServices } from "@callosum/contract/services.ts";
import type { Route } from "../../http/route.ts";
import { type Handler, workspaceRoute } from "../route.ts";
import {
  deleteEndpoint,
  getEndpoint,
  listEndpoints,
  putEndpoint,
} from "./managed-private-endpoint.ts";

const apiVersions = ["2019-06-01-preview", "2020-12-01", "2021-06-01-preview"];
const list = "/managedVirtualNetworks/:network/managedPrivateEndpoints";
const one = `${list}/:name`;

const rows: readonly [Route["method"], string, string, Handler][] = [
  ["GET", list, "read", listEndpoints],
  ["GET", one, "read", getEndpoint],
  ["PUT", one, "managedPrivateEndpoints/write", putEndpoint],
  ["DELETE", one, "managedPrivateEndpoints/delete", deleteEndpoint],
];

export function privateEndpointRoutes(services: PlaneServices): Route[] {
  return rows.map(([method, path, action, handle]) =>
    workspaceRoute(services, {
      method,
      path,
      source: "protocols.md 4.7",
      summary: "Managed private endpoints",
      action,
      apiVersions,
      handle,
    }),
  );
}
