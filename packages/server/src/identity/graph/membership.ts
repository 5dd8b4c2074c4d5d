// Which groups an object is in, and who is in a group through others.

import { type DirectoryType, groupType, servicePrincipalType, userType } from "../object.ts";
import { bad, readObject } from "./body.ts";
import { describeObjects } from "./describe.ts";
import { graphFail } from "./error-catalogue.ts";
import { allObjects, findAny, findObject } from "./find.ts";
import type { GraphCall, GraphOperation } from "./operation.ts";
import { answerList, jsonHeaders } from "./query.ts";
import { ownUserId } from "./user.ts";

/** Whose membership is asked, by the collection of the path. */
const sets: readonly { set: string; type: DirectoryType | undefined; prefix: string }[] = [
  { set: "users", type: userType, prefix: "/:key" },
  { set: "servicePrincipals", type: servicePrincipalType, prefix: "/:key" },
  { set: "groups", type: groupType, prefix: "/:key" },
  { set: "directoryObjects", type: undefined, prefix: "/:key" },
  { set: "me", type: userType, prefix: "" },
];

const idsMax = 20;

export const membershipOperations: GraphOperation[] = [
  ...sets.flatMap(({ set, type, prefix }): GraphOperation[] => {
    const asked = (graph: GraphCall) => (set === "me" ? ownUserId(graph) : idOf(graph, type));
    return [
      {
        method: "GET",
        set,
        path: `${prefix}/memberOf`,
        summary: "Lists the groups that an object is in directly",
        handle: async (graph) => memberOf(graph, await asked(graph), { isTransitive: false }),
      },
      {
        method: "GET",
        set,
        path: `${prefix}/transitiveMemberOf`,
        summary: "Lists the groups that an object is in",
        handle: async (graph) => memberOf(graph, await asked(graph), { isTransitive: true }),
      },
      ...["getMemberGroups", "getMemberObjects"].map(
        (name): GraphOperation => ({
          method: "POST",
          set,
          path: `${prefix}/${name}`,
          summary: "Gives the ids of the groups that an object is in",
          handle: async (graph) => memberGroups(graph, await asked(graph)),
        }),
      ),
      ...["checkMemberGroups", "checkMemberObjects"].map(
        (name): GraphOperation => ({
          method: "POST",
          set,
          path: `${prefix}/${name}`,
          summary: "Tells which of some groups an object is in",
          handle: async (graph) =>
            checkGroups(
              graph,
              await asked(graph),
              name === "checkMemberGroups" ? "groupIds" : "ids",
            ),
        }),
      ),
    ];
  }),
  {
    method: "GET",
    set: "groups",
    path: "/:key/transitiveMembers",
    summary: "Lists who is in a group, through others too",
    handle: transitiveMembers,
  },
];

async function idOf(graph: GraphCall, type: DirectoryType | undefined): Promise<string> {
  const { read } = graph.services.store;
  if (type !== undefined) return (await findObject(read, type, graph.key)).id;
  const found = await findAny(read, graph.key);
  if (!found) throw graphFail.Request_ResourceNotFound({ id: graph.key });
  return found.body.id;
}

async function memberOf(
  graph: GraphCall,
  objectId: string,
  { isTransitive }: { isTransitive: boolean },
) {
  const { directory, store } = graph.services;
  const ids = isTransitive
    ? directory.groups.of(objectId)
    : (await allObjects(store.read, groupType))
        .filter(({ members }) => members.includes(objectId))
        .map(({ id }) => id);
  const entities = await describeObjects(graph, ids);
  return answerList(graph, { set: "directoryObjects", entities });
}

async function memberGroups(graph: GraphCall, objectId: string) {
  const { securityEnabledOnly = false } = readObject(graph.call.body);
  if (typeof securityEnabledOnly !== "boolean") {
    throw bad("Invalid value specified for property 'securityEnabledOnly'.");
  }
  // Every group here is a security group.
  return ids(graph, graph.services.directory.groups.of(objectId));
}

async function checkGroups(graph: GraphCall, objectId: string, property: "groupIds" | "ids") {
  const asked = readObject(graph.call.body)[property];
  if (!Array.isArray(asked) || asked.length > idsMax) {
    throw bad(`'${property}' must be a collection of at most ${idsMax} ids.`);
  }
  const wanted = asked.map((id) => String(id).toLowerCase());
  const groups = graph.services.directory.groups.of(objectId);
  return ids(
    graph,
    groups.filter((id) => wanted.includes(id)),
  );
}

function ids(graph: GraphCall, value: readonly string[]) {
  const context = `${graph.base}/$metadata#Collection(Edm.String)`;
  return { status: 200, headers: jsonHeaders, body: { "@odata.context": context, value } };
}

async function transitiveMembers(graph: GraphCall) {
  const { read } = graph.services.store;
  const all = await allObjects(read, groupType);
  const membersOf = new Map(all.map(({ id, members }) => [id, members]));
  const { id } = await findObject(read, groupType, graph.key);
  const seen = new Set<string>();
  const waiting = [id];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const member of membersOf.get(next) ?? []) {
      if (seen.has(member)) continue;
      seen.add(member);
      waiting.push(member);
    }
  }
  const entities = await describeObjects(graph, [...seen]);
  return answerList(graph, { set: "directoryObjects", entities });
}
