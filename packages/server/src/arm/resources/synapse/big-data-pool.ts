// Apache Spark pools. What runs on them is the Spark plane's; here is what a pool is.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { defineResource, type Properties, type PutRequest } from "@callosum/contract/resource.ts";
import { type Static, Type } from "typebox";
import { acceptedBoth, deletingBoth } from "./answer.ts";
import { synapseVersions } from "./api-version.ts";
import { AutoPause, AutoScale, DynamicExecutorAllocation, resolveScale } from "./spark-scale.ts";

const sparkVersions = ["2.4", "3.1", "3.2", "3.3", "3.4", "3.5"];
const Text = Type.String({ maxLength: 1024 });
const fileCharactersMax = 1_000_000;
const LibraryInfo = Type.Object({
  name: Text,
  path: Type.Optional(Text),
  containerName: Type.Optional(Text),
  type: Type.Optional(Text),
  uploadedTimestamp: Type.Optional(Text),
});

const SparkPoolProperties = Type.Object({
  sparkVersion: Type.Optional(Type.Enum(sparkVersions)),
  nodeSize: Type.Optional(
    Type.Enum(["None", "Small", "Medium", "Large", "XLarge", "XXLarge", "XXXLarge"]),
  ),
  nodeSizeFamily: Type.Optional(
    Type.Enum(["None", "MemoryOptimized", "HardwareAcceleratedFPGA", "HardwareAcceleratedGPU"]),
  ),
  nodeCount: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
  autoScale: Type.Optional(AutoScale),
  autoPause: Type.Optional(AutoPause),
  dynamicExecutorAllocation: Type.Optional(DynamicExecutorAllocation),
  isComputeIsolationEnabled: Type.Optional(Type.Boolean()),
  isAutotuneEnabled: Type.Optional(Type.Boolean()),
  sessionLevelPackagesEnabled: Type.Optional(Type.Boolean()),
  cacheSize: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
  sparkEventsFolder: Type.Optional(Text),
  defaultSparkLogFolder: Type.Optional(Text),
  libraryRequirements: Type.Optional(
    Type.Object({
      content: Type.Optional(Type.String({ maxLength: fileCharactersMax })),
      filename: Type.Optional(Type.String({ maxLength: 260 })),
    }),
  ),
  customLibraries: Type.Optional(Type.Array(LibraryInfo, { maxItems: 1000 })),
  sparkConfigProperties: Type.Optional(
    Type.Object({
      content: Type.Optional(Type.String({ maxLength: fileCharactersMax })),
      filename: Type.Optional(Type.String({ maxLength: 260 })),
      configurationType: Type.Optional(Type.Enum(["File", "Artifact"])),
    }),
  ),
});

type Sent = Static<typeof SparkPoolProperties>;

export const bigDataPool = defineResource({
  type: "Microsoft.Synapse/workspaces/bigDataPools",
  source: "protocols.md 5.1; OpenAPI synapse 2021-06-01, BigDataPools",
  summary: "An Apache Spark pool",
  apiVersions: synapseVersions,
  name: {
    pattern: /^[A-Za-z][A-Za-z0-9]{0,14}$/,
    rule: "A Spark pool's name has 1 to 15 letters and digits and starts with a letter.",
  },
  location: "optional",
  tags: true,
  properties: SparkPoolProperties,
  answers: {
    create: acceptedBoth,
    update: acceptedBoth,
    patch: { status: 200 },
    remove: deletingBoth,
  },
  put: putPool,
  examples: [
    {
      name: "pool",
      resourceName: "pool1",
      location: "westeurope",
      properties: {
        sparkVersion: "3.4",
        nodeSize: "Small",
        nodeSizeFamily: "MemoryOptimized",
        nodeCount: 3,
      },
    },
  ],
});

function putPool({ ctx, sent, existing, partial }: PutRequest<Sent>): Properties {
  requireForce(ctx.query.get("force"));
  const { properties } = sent;
  const now = ctx.clock.now().toISOString();
  const stored = existing?.properties as (Sent & { creationDate: string }) | undefined;
  // A PATCH changes tags and nothing else (BigDataPoolPatchInfo).
  if (partial && stored) return stored;
  const sparkVersion = required("sparkVersion", properties.sparkVersion ?? stored?.sparkVersion);
  const nodeSize = required("nodeSize", properties.nodeSize ?? stored?.nodeSize);
  return {
    creationDate: stored?.creationDate ?? now,
    sparkVersion,
    nodeSize,
    nodeSizeFamily: properties.nodeSizeFamily ?? stored?.nodeSizeFamily ?? "MemoryOptimized",
    ...resolveScale(properties),
    isComputeIsolationEnabled: properties.isComputeIsolationEnabled ?? false,
    isAutotuneEnabled: properties.isAutotuneEnabled ?? false,
    sessionLevelPackagesEnabled: properties.sessionLevelPackagesEnabled ?? false,
    cacheSize: properties.cacheSize ?? 0,
    ...given({
      sparkEventsFolder: properties.sparkEventsFolder,
      defaultSparkLogFolder: properties.defaultSparkLogFolder,
      customLibraries: properties.customLibraries,
    }),
    ...file("libraryRequirements", properties.libraryRequirements, now),
    ...file("sparkConfigProperties", properties.sparkConfigProperties, now),
    lastSucceededTimestamp: now,
    provisioningState: "Succeeded",
  };
}

/** `force` stops running jobs; only its form is checked here, what runs is the Spark plane's. */
function requireForce(force: string | null): void {
  if (force === null || /^(?:true|false)$/i.test(force)) return;
  const reason = "it must be true or false";
  throw fail.InvalidParameter({ parameter: "force", reason, target: "force" });
}

function required(name: string, value: string | undefined): string {
  if (value !== undefined && value !== "None") return value;
  const target = `properties.${name}`;
  throw fail.InvalidParameter({ parameter: target, reason: "it is required", target });
}

function given(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}

function file(name: string, sent: { content?: string } | undefined, time: string): Properties {
  return sent?.content === undefined ? {} : { [name]: { ...sent, time } };
}
