// Computes: attached Synapse Spark pools, in the shapes of SDK v1, SDK v2, Terraform and the template
// (protocols.md 2.1-2.3, 2.5). What a pool looks like is read from the pool in spark-pool.ts.

import { fail } from "@callosum/contract/error-catalogue.ts";
import {
  defineResource,
  type Properties,
  type PutRequest,
  refuseAction,
  type ShowRequest,
} from "@callosum/contract/resource.ts";
import { type Static, Type } from "typebox";
import { isV1, machineLearningVersions } from "./api-version.ts";
import { invalidProperty } from "./invalid-property.ts";
import { poolProperties } from "./spark-pool.ts";
import { computeType, requireIdOf, sparkPoolType } from "./synapse-target.ts";
import { offsetTime } from "./time.ts";

/** Other kinds that the service documents. */
const otherKinds = [
  "AKS",
  "Kubernetes",
  "AmlCompute",
  "ComputeInstance",
  "DataFactory",
  "VirtualMachine",
  "HDInsight",
  "Databricks",
  "DataLakeAnalytics",
];

const ComputeProperties = Type.Object({
  computeType: Type.Enum(["SynapseSpark", ...otherKinds]),
  resourceId: Type.Optional(Type.String({ maxLength: 2048 })),
  description: Type.Optional(Type.String({ maxLength: 1024 })),
  computeLocation: Type.Optional(Type.String({ maxLength: 64 })),
  disableLocalAuth: Type.Optional(Type.Boolean()),
});

type Sent = Static<typeof ComputeProperties>;

interface Stored extends Properties {
  readonly resourceId: string;
  readonly description: string | null;
  readonly computeLocation: string | null;
  readonly createdOn: string;
  readonly disableLocalAuth: boolean;
  /** The pool as it was last seen, for when it is gone. */
  readonly properties: Properties;
}

const source = "protocols.md 2.1-2.3; OpenAPI machinelearningservices 2022-10-01, Compute";
const v1Name = /^[A-Za-z][A-Za-z0-9-]{0,14}[A-Za-z0-9]$/;

export const compute = defineResource({
  type: computeType,
  source,
  summary: "An attached Synapse Spark pool",
  apiVersions: machineLearningVersions,
  name: {
    // 2 characters from SDK v1's rule, 17 from Terraform's; v1's own limit is checked below.
    pattern: /^[A-Za-z][A-Za-z0-9-]{1,16}$/,
    rule: "A compute's name has 2 to 17 letters, digits and '-', and starts with a letter.",
  },
  location: "optional",
  tags: true,
  identity: ["None", "SystemAssigned", "UserAssigned"],
  identityName: (id) => id.names.join("/computes/"),
  properties: ComputeProperties,
  answers: {
    create: { status: 201, headers: ["Azure-AsyncOperation"], accepted: "Creating" },
    update: { status: 200, headers: ["Azure-AsyncOperation"], accepted: "Updating" },
    patch: { status: 200 },
    remove: { status: 202, headers: ["Azure-AsyncOperation", "Location"] },
  },
  put: putCompute,
  async remove({ ctx }) {
    const wanted = ctx.query.get("underlyingresourceaction")?.toLowerCase();
    if (wanted === "detach") return;
    throw invalidProperty(
      "underlyingResourceAction",
      wanted === "delete"
        ? "an attached Spark pool can be detached only; delete the pool in its Synapse workspace"
        : "it must be Detach",
    );
  },
  show: showCompute,
  actions: {
    listKeys: refuseAction({
      what: "Listing the keys of a Synapse Spark pool",
      source,
      reason: "a pool has no keys; access is by Synapse roles",
    }),
    listNodes: refuseAction({
      what: "Listing the nodes of a Synapse Spark pool",
      source,
      reason: "nodes come and go with sessions; see the pool in its Synapse workspace",
    }),
    start: notAnInstance("start"),
    stop: notAnInstance("stop"),
    restart: notAnInstance("restart"),
    customServices: notAnInstance("customServices"),
    updateIdleShutdownSetting: notAnInstance("updateIdleShutdownSetting"),
  },
  examples: [
    {
      name: "spark",
      resourceName: "spark1",
      location: "westeurope",
      properties: {
        computeType: "SynapseSpark",
        resourceId:
          "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Synapse/workspaces/example-workspace/bigDataPools/pool1",
      },
    },
  ],
});

function notAnInstance(verb: string) {
  return refuseAction({
    what: `The action '${verb}' on a Synapse Spark pool`,
    source,
    reason: "it exists for other kinds of compute; a pool starts and pauses by itself",
  });
}

async function putCompute({ ctx, sent, existing }: PutRequest<Sent>): Promise<Properties> {
  const { properties } = sent;
  if (properties.computeType !== "SynapseSpark") {
    throw fail.NotSupportedHere({
      what: `The compute type '${properties.computeType}'`,
      reason: "only Synapse Spark pools can be attached",
      target: "properties.computeType",
    });
  }
  if (!existing && isV1(ctx.apiVersion) && !v1Name.test(ctx.id.name)) {
    const rule =
      "In this api-version a compute's name has 2 to 16 letters, digits and '-', starts with a letter and does not end with '-'.";
    throw fail.InvalidResourceName({ type: computeType, name: ctx.id.name, rule, target: "name" });
  }
  const stored = existing?.properties as Stored | undefined;
  const target = "properties.resourceId";
  const wanted = requireIdOf(sparkPoolType, {
    text: properties.resourceId ?? stored?.resourceId,
    target,
  });
  if (stored && wanted.key !== stored.resourceId.toLowerCase()) {
    // The same name attached again changes identity and tags only (features.md E-06).
    const why = "detach the compute and attach the other pool";
    throw fail.PropertyChangeNotAllowed({ property: target, why, target });
  }
  // Authorized before looking, so that missing and invisible answer alike.
  await ctx.authorizeLinked([`${sparkPoolType}/read`], wanted.text);
  const pool = await ctx.get(wanted.key);
  if (!pool && !stored) {
    throw invalidProperty(target, `the Spark pool '${wanted.text}' does not exist`);
  }
  const now = offsetTime(ctx.clock.now());
  return {
    computeType: "SynapseSpark",
    computeLocation: stored?.computeLocation ?? pool?.location ?? null,
    description: properties.description ?? stored?.description ?? null,
    resourceId: pool?.id ?? stored?.resourceId,
    disableLocalAuth: properties.disableLocalAuth ?? stored?.disableLocalAuth ?? false,
    createdOn: stored?.createdOn ?? now,
    modifiedOn: now,
    properties: pool ? poolProperties(pool) : stored?.properties,
    provisioningState: "Succeeded",
    provisioningErrors: null,
    isAttachedCompute: true,
  };
}

/** The pool as it is now; as it last was, with the error that says so, when it is gone. */
async function showCompute({ resource, get }: ShowRequest): Promise<Properties> {
  const stored = resource.properties as Stored;
  const pool = await get(stored.resourceId);
  if (pool) return { ...stored, properties: poolProperties(pool) };
  const error = {
    code: "SparkPoolNotFound",
    message: `The attached Spark pool '${stored.resourceId}' does not exist any more. Detach this compute.`,
  };
  return { ...stored, provisioningState: "Failed", provisioningErrors: [{ error }] };
}
