// References between objects: owners of applications, service principals and groups, members of
// groups. `…/$ref` adds and removes them.

import type { Reader } from "@callosum/contract/ports.ts";
import {
  type Application,
  applicationType,
  type DirectoryType,
  type Group,
  groupType,
  objectKey,
  type ServicePrincipal,
  servicePrincipalType,
} from "../object.ts";
import { bad, readObject } from "./body.ts";
import { describeObjects } from "./describe.ts";
import { writeDirectory } from "./directory-write.ts";
import { graphFail } from "./error-catalogue.ts";
import { findAny, findObject } from "./find.ts";
import type { GraphCall, GraphOperation } from "./operation.ts";
import { requireWriter } from "./permission.ts";
import { answerList } from "./query.ts";

interface Relation {
  readonly set: string;
  readonly type: typeof applicationType | typeof servicePrincipalType | typeof groupType;
  readonly property: "owners" | "members";
}

const relations: readonly Relation[] = [
  { set: "applications", type: applicationType, property: "owners" },
  { set: "servicePrincipals", type: servicePrincipalType, property: "owners" },
  { set: "groups", type: groupType, property: "owners" },
  { set: "groups", type: groupType, property: "members" },
];

export const referenceOperations: GraphOperation[] = relations.flatMap((relation) => {
  const { set, property } = relation;
  return [
    {
      method: "GET",
      set,
      path: `/:key/${property}`,
      summary: `Lists the ${property} of one of ${set}`,
      handle: (graph) => list(graph, relation),
    },
    {
      method: "POST",
      set,
      path: `/:key/${property}/$ref`,
      summary: `Adds to the ${property} of one of ${set}`,
      handle: (graph) => add(graph, relation),
    },
    {
      method: "DELETE",
      set,
      path: `/:key/${property}/:other/$ref`,
      summary: `Removes from the ${property} of one of ${set}`,
      handle: (graph) => remove(graph, relation),
    },
  ] satisfies GraphOperation[];
});

async function list(graph: GraphCall, { type, property }: Relation) {
  const body = await findObject(graph.services.store.read, type, graph.key);
  const entities = await describeObjects(graph, referencesOf(body, property));
  return answerList(graph, { set: "directoryObjects", entities });
}

async function add(graph: GraphCall, relation: Relation) {
  const sent = readObject(graph.call.body)["@odata.id"];
  return change(graph, relation, async (reader, references) => {
    const [id = ""] = await bindReferences(reader, [sent]);
    if (references.includes(id)) {
      throw bad(
        `One or more added object references already exist for the following modified properties: '${relation.property}'.`,
      );
    }
    return [...references, id];
  });
}

async function remove(graph: GraphCall, relation: Relation) {
  const { other = "" } = graph.params;
  return change(graph, relation, async (_reader, references) => {
    const rest = references.filter((id) => id !== other.toLowerCase());
    if (rest.length === references.length) {
      throw graphFail.Request_ResourceNotFound({ id: other });
    }
    return rest;
  });
}

async function change(
  graph: GraphCall,
  { set, type, property }: Relation,
  work: (reader: Reader, references: readonly string[]) => Promise<string[]>,
) {
  const { id } = await findObject(graph.services.store.read, type, graph.key);
  const key = objectKey(type, id);
  const action = `${set}/${property}/update`;
  await writeDirectory(graph, { action, key }, async (writer) => {
    const body: Application | ServicePrincipal | Group = await findObject(writer, type, id);
    const part = type === groupType ? "groups" : "applications";
    await requireWriter(graph, { part, owners: body.owners });
    const changed = { ...body, [property]: await work(writer, referencesOf(body, property)) };
    await writer.put({ id: key, type, parent: "/directory", body: changed });
  });
  return { status: 204 };
}

function referencesOf(
  body: Application | ServicePrincipal | Group,
  property: Relation["property"],
): readonly string[] {
  return (body as { owners?: readonly string[]; members?: readonly string[] })[property] ?? [];
}

const referable: readonly DirectoryType[] = [
  "Directory/users",
  "Directory/groups",
  "Directory/servicePrincipals",
];

/** Ids of `…/directoryObjects/{id}` addresses, each of an object that exists. */
export async function bindReferences(reader: Reader, addresses: unknown): Promise<string[]> {
  const ids: string[] = [];
  for (const address of (addresses ?? []) as readonly unknown[]) {
    const id = /\/([0-9a-f-]{36})'?\)?$/i.exec(String(address))?.[1]?.toLowerCase();
    if (id === undefined) throw bad(`Invalid URL format specified in @odata.id for reference.`);
    const found = await findAny(reader, id);
    if (!found) throw graphFail.Request_ResourceNotFound({ id });
    if (!referable.includes(found.type)) throw bad(`An object of this type can't be referred to.`);
    ids.push(id);
  }
  return [...new Set(ids)];
}
