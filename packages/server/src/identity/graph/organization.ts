// The tenant as Graph describes it: one organization with one verified domain.

import { graphFail } from "./error-catalogue.ts";
import type { GraphCall, GraphOperation } from "./operation.ts";
import { answerEntity, answerList, type Entity } from "./query.ts";

const places: readonly { set: string; describe: (graph: GraphCall) => Entity }[] = [
  { set: "organization", describe: organization },
  { set: "domains", describe: domain },
];

export const organizationOperations: GraphOperation[] = places.flatMap(({ set, describe }) => [
  {
    method: "GET",
    set,
    path: "",
    summary: `Lists ${set}`,
    handle: async (graph) => answerList(graph, { set, entities: [describe(graph)] }),
  },
  {
    method: "GET",
    set,
    path: "/:key",
    summary: `Reads one of ${set}`,
    handle: async (graph) => {
      const entity = describe(graph);
      if (entity.id !== graph.key.toLowerCase()) {
        throw graphFail.Request_ResourceNotFound({ id: graph.key });
      }
      return answerEntity(graph, { set, entity });
    },
  },
]);

function organization({ services }: GraphCall): Entity {
  return {
    id: services.tenantId,
    deletedDateTime: null,
    displayName: "Callosum",
    tenantType: "AAD",
    countryLetterCode: null,
    onPremisesSyncEnabled: null,
    verifiedDomains: [
      {
        capabilities: "",
        isDefault: true,
        isInitial: true,
        name: services.domain,
        type: "Managed",
      },
    ],
  };
}

function domain({ services }: GraphCall): Entity {
  return {
    id: services.domain,
    authenticationType: "Managed",
    isAdminManaged: true,
    isDefault: true,
    isInitial: true,
    isRoot: true,
    isVerified: true,
    supportedServices: [],
  };
}
