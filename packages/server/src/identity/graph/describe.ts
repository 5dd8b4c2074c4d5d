// Objects of mixed types in Graph's shapes, each with its `@odata.type`.

import {
  type Application,
  applicationType,
  type Group,
  groupType,
  type ServicePrincipal,
  servicePrincipalType,
  type User,
} from "../object.ts";
import { findAny } from "./find.ts";
import type { GraphCall } from "./operation.ts";
import type { Entity } from "./query.ts";
import { describeServicePrincipal } from "./service-principal.ts";
import { applicationShape, groupShape, typeNameOf, userShape } from "./shape.ts";

/** The objects of these ids that exist, in their order. */
export async function describeObjects(graph: GraphCall, ids: readonly string[]): Promise<Entity[]> {
  const entities: Entity[] = [];
  for (const id of ids) {
    const found = await findAny(graph.services.store.read, id);
    if (found) entities.push(await describe(graph, found));
  }
  return entities;
}

async function describe(
  graph: GraphCall,
  { type, body }: NonNullable<Awaited<ReturnType<typeof findAny>>>,
): Promise<Entity> {
  return { "@odata.type": typeNameOf(type), ...(await shapeOf(graph, type, body)) };
}

async function shapeOf(graph: GraphCall, type: string, body: unknown): Promise<Entity> {
  switch (type) {
    case applicationType:
      return applicationShape(body as Application, graph.services);
    case servicePrincipalType:
      return describeServicePrincipal(graph, body as ServicePrincipal);
    case groupType:
      return groupShape(body as Group);
    default:
      return userShape(body as User);
  }
}
