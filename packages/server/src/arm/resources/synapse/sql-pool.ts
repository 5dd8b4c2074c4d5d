// Dedicated SQL pools: what a pool is and whether it is online. Its data and queries are the SQL
// plane's, its settings the types beside this file.

import { fail } from "@callosum/contract/error-catalogue.ts";
import {
  type ActionDefinition,
  defineAction,
  defineResource,
  type Properties,
  type PutRequest,
  refuseAction,
} from "@callosum/contract/resource.ts";
import { type Static, Type } from "typebox";
import { acceptedBoth, deletingBoth, startedBoth } from "./answer.ts";
import { synapseVersions } from "./api-version.ts";

const source = "protocols.md 5.1; OpenAPI synapse 2021-06-01, SqlPools";
const levels = [
  100, 200, 300, 400, 500, 1000, 1500, 2000, 2500, 3000, 5000, 6000, 7500, 10000, 15000, 30000,
].map((level) => `DW${level}c`);
const maxSizeBytesDefault = 263_882_790_666_240;
const collationDefault = "SQL_Latin1_General_CP1_CI_AS";

const SqlPoolProperties = Type.Object({
  maxSizeBytes: Type.Optional(Type.Integer({ minimum: 0, maximum: maxSizeBytesDefault })),
  collation: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9_]{0,128}$" })),
  createMode: Type.Optional(
    Type.Enum(["", "Default", "PointInTimeRestore", "Recovery", "Restore"]),
  ),
  storageAccountType: Type.Optional(Type.Enum(["GRS", "LRS"])),
});

type Sent = Static<typeof SqlPoolProperties>;

interface Stored extends Properties {
  readonly status: "Online" | "Paused";
  readonly collation: string;
  readonly maxSizeBytes: number;
  readonly storageAccountType: string;
  readonly creationDate: string;
}

export const sqlPool = defineResource({
  type: "Microsoft.Synapse/workspaces/sqlPools",
  source,
  summary: "A dedicated SQL pool",
  apiVersions: synapseVersions,
  name: {
    pattern: /^(?!(?:master|model|msdb|tempdb)$)[\p{L}\p{N}_]{1,60}$/iu,
    rule: "A SQL pool's name has 1 to 60 letters, digits and underscores and is none of the engine's own databases.",
  },
  location: "optional",
  tags: true,
  sku: Type.Object({
    name: Type.Enum(levels),
    tier: Type.Optional(Type.String({ maxLength: 64 })),
    capacity: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 }),
  }),
  properties: SqlPoolProperties,
  answers: {
    create: { ...acceptedBoth, resultStatus: 201 },
    update: acceptedBoth,
    patch: { ...acceptedBoth, accepted: "Scaling" },
    remove: deletingBoth,
  },
  put: putPool,
  actions: {
    pause: changeStatus("Online", "Paused"),
    resume: changeStatus("Paused", "Online"),
    move: refuseAction({
      what: "Renaming a SQL pool",
      source,
      reason: "its database is kept under its name; create another pool and copy the tables",
    }),
  },
  examples: [
    {
      name: "sql-pool",
      resourceName: "sqlpool1",
      location: "westeurope",
      sku: { name: "DW100c" },
      properties: {},
    },
  ],
});

function putPool({ ctx, sent, existing }: PutRequest<Sent>): Properties {
  const { properties, sku } = sent;
  const stored = existing?.properties as Stored | undefined;
  // Empty is as good as unsaid: the published requests send it.
  if (properties.createMode && properties.createMode !== "Default") {
    throw fail.NotSupportedHere({
      what: `createMode '${properties.createMode}'`,
      reason: "no restore points are kept",
      target: "properties.createMode",
    });
  }
  if (!sku && !stored) {
    throw fail.InvalidParameter({ parameter: "sku", reason: "it is required", target: "sku" });
  }
  if (stored?.status === "Paused" && sku && sku.name !== existing?.sku?.name) {
    throw notNow(ctx.id.name, stored.status);
  }
  const collation = properties.collation || stored?.collation || collationDefault;
  if (stored && collation.toLowerCase() !== stored.collation.toLowerCase()) {
    const target = "properties.collation";
    throw fail.PropertyChangeNotAllowed({ property: target, target });
  }
  return {
    status: stored?.status ?? "Online",
    // Zero stands for the default: the service's own requests send it.
    maxSizeBytes: properties.maxSizeBytes || stored?.maxSizeBytes || maxSizeBytesDefault,
    collation: stored?.collation ?? collation,
    creationDate: stored?.creationDate ?? ctx.clock.now().toISOString(),
    storageAccountType: properties.storageAccountType ?? stored?.storageAccountType ?? "GRS",
    provisioningState: "Succeeded",
  };
}

function changeStatus(from: Stored["status"], to: Stored["status"]): ActionDefinition {
  return defineAction({
    source,
    summary: to === "Paused" ? "Takes the pool offline" : "Brings the pool online",
    answer: startedBoth,
    run({ resource }) {
      const stored = resource.properties as Stored;
      if (stored.status !== from) throw notNow(resource.name, stored.status);
      return { properties: { ...stored, status: to } };
    },
    body: Type.Object({}),
  });
}

function notNow(name: string, status: string) {
  return fail.Conflict({
    reason: `The operation cannot be performed since the SQL pool '${name}' is in ${status} state.`,
  });
}
