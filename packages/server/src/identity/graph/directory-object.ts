// Objects by id alone, whatever they are: how az and Terraform name the principals of assignments.

import { applicationType, groupType, servicePrincipalType, userType } from "../object.ts";
import { bad, readObject } from "./body.ts";
import { describeObjects } from "./describe.ts";
import { graphFail } from "./error-catalogue.ts";
import type { GraphCall, GraphOperation } from "./operation.ts";
import { answerEntity, jsonHeaders } from "./query.ts";
import { typeNameOf } from "./shape.ts";

const set = "directoryObjects";
const idsMax = 1000;

export const directoryObjectOperations: GraphOperation[] = [
  { method: "GET", set, path: "/:key", summary: "Reads an object of any type", handle: read },
  {
    method: "POST",
    set,
    path: "/getByIds",
    source: "recordings/graph.json",
    summary: "Reads objects by their ids",
    handle: getByIds,
  },
];

async function read(graph: GraphCall) {
  const [entity] = await describeObjects(graph, [graph.key]);
  if (!entity) throw graphFail.Request_ResourceNotFound({ id: graph.key });
  return answerEntity(graph, { set, entity });
}

/** Ids of nothing are left out, as in Graph. */
async function getByIds(graph: GraphCall) {
  const { ids, types } = readObject(graph.call.body);
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > idsMax) {
    throw bad(`'ids' must be a collection of 1 to ${idsMax} ids.`);
  }
  const wanted = readTypes(types);
  const found = await describeObjects(graph, [...new Set(ids.map((id) => String(id)))]);
  const value = found.filter((entity) => wanted?.includes(String(entity["@odata.type"])) ?? true);
  const context = `${graph.base}/$metadata#directoryObjects`;
  return { status: 200, headers: jsonHeaders, body: { "@odata.context": context, value } };
}

/** `@odata.type` names; undefined for any. */
function readTypes(types: unknown): string[] | undefined {
  if (types === undefined || types === null) return undefined;
  if (!Array.isArray(types)) throw bad("'types' must be a collection of type names.");
  const names = types.map((type) => String(type).toLowerCase());
  if (names.length === 0 || names.includes("directoryobject")) return undefined;
  const known = [userType, groupType, servicePrincipalType, applicationType].map(typeNameOf);
  return known.filter((name) =>
    names.includes(name.replace("#microsoft.graph.", "").toLowerCase()),
  );
}
