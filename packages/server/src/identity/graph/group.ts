// Security groups. Any user may make one and then owns it; members may be users, service principals
// and groups.

import type { Writer } from "@callosum/contract/ports.ts";
import { type Group, groupType, objectKey } from "../object.ts";
import { removeObject } from "../removal.ts";
import {
  type Body,
  bad,
  type PropertyKind,
  readObject,
  readProperties,
  requiredText,
} from "./body.ts";
import { writeDirectory } from "./directory-write.ts";
import { graphFail } from "./error-catalogue.ts";
import { allObjects, findObject } from "./find.ts";
import type { GraphCall, GraphOperation } from "./operation.ts";
import { requireCreator, requireWriter } from "./permission.ts";
import { answerCount, answerEntity, answerList } from "./query.ts";
import { bindReferences } from "./reference.ts";
import { groupShape } from "./shape.ts";

const set = "groups";

const writable: Readonly<Record<string, PropertyKind>> = {
  classification: "string",
  description: "string",
  displayName: "string",
  groupTypes: "string[]",
  isAssignableToRole: "boolean",
  mailEnabled: "boolean",
  mailNickname: "string",
  "members@odata.bind": "string[]",
  "owners@odata.bind": "string[]",
  securityEnabled: "boolean",
  visibility: "string",
};

export const groupOperations: GraphOperation[] = [
  {
    method: "GET",
    set,
    path: "",
    summary: "Lists groups",
    handle: async (graph) => answerList(graph, { set, entities: await entities(graph) }),
  },
  {
    method: "GET",
    set,
    path: "/$count",
    summary: "Counts groups",
    handle: async (graph) => answerCount(graph, await entities(graph)),
  },
  { method: "POST", set, path: "", summary: "Makes a security group", handle: create },
  { method: "GET", set, path: "/:key", summary: "Reads a group", handle: read },
  { method: "PATCH", set, path: "/:key", summary: "Changes a group", handle: update },
  { method: "DELETE", set, path: "/:key", summary: "Deletes a group", handle: remove },
];

async function entities({ services }: GraphCall) {
  return (await allObjects(services.store.read, groupType)).map(groupShape);
}

async function read(graph: GraphCall) {
  const group = await findObject(graph.services.store.read, groupType, graph.key);
  return answerEntity(graph, { set, entity: groupShape(group) });
}

async function create(graph: GraphCall) {
  const { services, principal, call } = graph;
  const { random, clock } = services;
  await requireCreator(graph, "groups");
  const sent = readProperties(readObject(call.body), writable);
  requireSecurityGroup(sent);
  const displayName = requiredText(sent, "displayName", "Group");
  const mailNickname = requiredText(sent, "mailNickname", "Group");
  for (const property of ["mailEnabled", "securityEnabled"]) {
    if (typeof sent[property] !== "boolean") {
      throw bad(`A value is required for property '${property}' of resource 'Group'.`);
    }
  }
  const id = random.guid();
  const key = objectKey(groupType, id);
  const made = await writeDirectory(graph, { action: `${set}/create`, key }, async (writer) => {
    const owners = await bindReferences(writer, sent["owners@odata.bind"]);
    const group: Group = {
      id,
      displayName,
      description: (sent.description as string | null | undefined) ?? null,
      mailNickname,
      createdDateTime: clock.now().toISOString(),
      members: await bindReferences(writer, sent["members@odata.bind"]),
      owners: [...new Set([...owners, principal.objectId])],
      settings: settingsOf(sent),
    };
    return put(writer, group);
  });
  return answerEntity(graph, { set, entity: groupShape(made), status: 201 });
}

async function update(graph: GraphCall) {
  const { services, call } = graph;
  const sent = readProperties(readObject(call.body), writable);
  requireSecurityGroup(sent);
  const { id } = await findObject(services.store.read, groupType, graph.key);
  const key = objectKey(groupType, id);
  await writeDirectory(graph, { action: `${set}/update`, key }, async (writer) => {
    const existing = await findObject(writer, groupType, id);
    await requireWriter(graph, { part: "groups", owners: existing.owners });
    const more = await bindReferences(writer, sent["members@odata.bind"]);
    await put(writer, {
      ...existing,
      displayName:
        sent.displayName === undefined
          ? existing.displayName
          : requiredText(sent, "displayName", "Group"),
      description:
        sent.description === undefined ? existing.description : (sent.description as string | null),
      mailNickname:
        sent.mailNickname === undefined
          ? existing.mailNickname
          : requiredText(sent, "mailNickname", "Group"),
      members: [...new Set([...existing.members, ...more])],
      settings: { ...existing.settings, ...settingsOf(sent) },
    });
  });
  return { status: 204 };
}

async function remove(graph: GraphCall) {
  const { id } = await findObject(graph.services.store.read, groupType, graph.key);
  const key = objectKey(groupType, id);
  await writeDirectory(graph, { action: `${set}/delete`, key }, async (writer) => {
    const { owners } = await findObject(writer, groupType, id);
    await requireWriter(graph, { part: "groups", owners });
    await removeObject(writer, { key, objectId: id });
  });
  return { status: 204 };
}

/** Mail and dynamic membership have nothing behind them here. */
function requireSecurityGroup({ groupTypes, mailEnabled, securityEnabled }: Body): void {
  const isPlain = !Array.isArray(groupTypes) || groupTypes.length === 0;
  if (isPlain && mailEnabled !== true && securityEnabled !== false) return;
  throw graphFail.NotSupportedHere({
    what: "A group that is not a plain security group",
    reason: "groupTypes must be empty, mailEnabled false and securityEnabled true",
  });
}

function settingsOf(sent: Body): Record<string, unknown> {
  const kept = ["classification", "visibility", "isAssignableToRole"];
  return Object.fromEntries(Object.entries(sent).filter(([name]) => kept.includes(name)));
}

async function put(writer: Writer, body: Group): Promise<Group> {
  const id = objectKey(groupType, body.id);
  await writer.put({ id, type: groupType, parent: "/directory", body });
  return body;
}
