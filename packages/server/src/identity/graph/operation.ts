// One operation of Graph is one value. Each answers below /v1.0 and /beta, and those on one object
// also by alternate key: `/applications(appId='…')/addPassword`.

import type { Principal } from "@callosum/contract/principal.ts";
import type { Answer, Call, Method, Route } from "../../http/route.ts";
import type { IdentityServices } from "../services.ts";
import { graphFail } from "./error-catalogue.ts";

export interface GraphCall {
  readonly services: IdentityServices;
  readonly call: Call;
  readonly principal: Principal;
  /** `v1.0` or `beta`. */
  readonly version: string;
  /** The key of the object in the path, `{id}`: an object id, or `appId='…'`. */
  readonly key: string;
  readonly params: Readonly<Record<string, string>>;
  /** Where `@odata.context` and next links start: `https://graph.microsoft.com/v1.0`. */
  readonly base: string;
}

export interface GraphOperation {
  readonly method: Method;
  /** The collection, `applications`. */
  readonly set: string;
  /** Below the set: "", `/:key`, `/:key/addPassword`, `/$count`. */
  readonly path: string;
  readonly summary: string;
  readonly source?: string;
  handle(graph: GraphCall): Promise<Answer>;
}

const versions = ["v1.0", "beta"];
const bodyBytesMax = 256 * 1024;
const keyedSegment = /^([a-z]+)\((?:([a-z]+)=)?'?([^']*)'?\)$/i;

/** The routes of all operations. */
export function graphRoutes(
  services: IdentityServices,
  operations: readonly GraphOperation[],
): Route[] {
  return versions.flatMap((version) => [
    ...operations.map((operation) =>
      routeOf(operation, `/${version}/${operation.set}${operation.path}`, async (call) =>
        operation.handle(await openCall(services, call, { version, key: call.params.key ?? "" })),
      ),
    ),
    ...keyedRoutes(services, operations, version),
  ]);
}

/** One route for each shape `/{set(key)}/rest`, which looks up the operation of the set. */
function keyedRoutes(
  services: IdentityServices,
  operations: readonly GraphOperation[],
  version: string,
): Route[] {
  const byShape = Map.groupBy(
    operations.filter(({ path }) => path.startsWith("/:key")),
    ({ method, path }) => `${method} ${path}`,
  );
  return [...byShape.values()].map((alike) => {
    const [first] = alike as [GraphOperation, ...GraphOperation[]];
    const rest = first.path.slice("/:key".length);
    return routeOf(first, `/${version}/:keyed${rest}`, async (call) => {
      const segment = call.params.keyed ?? "";
      const [, set, property, value = ""] = keyedSegment.exec(segment) ?? [];
      const operation = alike.find((each) => each.set.toLowerCase() === set?.toLowerCase());
      const key = property === undefined ? value : `${property.toLowerCase()}='${value}'`;
      const graph = await openCall(services, call, { version, key });
      if (!operation) throw unknownSegment(segment);
      return operation.handle(graph);
    });
  });
}

function routeOf(
  { method, summary, source }: GraphOperation,
  path: string,
  handle: (call: Call) => Promise<Answer>,
): Route {
  return {
    plane: "graph",
    method,
    path,
    source: source ?? "protocols.md 5.6",
    summary,
    access: "principal",
    bodyBytesMax,
    handle,
  };
}

async function openCall(
  services: IdentityServices,
  call: Call,
  { version, key }: { version: string; key: string },
): Promise<GraphCall> {
  const principal = await call.principal();
  const base = `${call.origin.base("graph")}/${version}`;
  return { services, call, principal, version, key, params: call.params, base };
}

function unknownSegment(segment: string) {
  return graphFail.BadRequest({ reason: `Resource not found for the segment '${segment}'.` });
}
