// Blob containers through the resource manager. The same document is the data plane's container
// (storage/lake/container.ts), so one made here is there and the other way round.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { type ContainerState, containerType } from "@callosum/contract/lake.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import { defineAction, defineResource, type PutRequest } from "@callosum/contract/resource.ts";
import { type Static, Type } from "typebox";
import { storageApiVersions } from "./api-version.ts";
import { storageFail } from "./error-catalogue.ts";

const ContainerProperties = Type.Object({
  publicAccess: Type.Optional(Type.Enum(["None", "Blob", "Container"])),
  metadata: Type.Optional(Type.Record(Type.String(), Type.String({ maxLength: 8192 }))),
  defaultEncryptionScope: Type.Optional(Type.String()),
  denyEncryptionScopeOverride: Type.Optional(Type.Boolean()),
  immutableStorageWithVersioning: Type.Optional(
    Type.Object({ enabled: Type.Optional(Type.Boolean()) }),
  ),
  enableNfsV3RootSquash: Type.Optional(Type.Boolean()),
  enableNfsV3AllSquash: Type.Optional(Type.Boolean()),
});

const accountScope = "$account-encryption-key";

function putContainer({
  ctx,
  sent,
  existing,
}: PutRequest<Static<typeof ContainerProperties>>): Record<string, unknown> {
  const { properties } = sent;
  if (!["None", undefined].includes(properties.publicAccess)) {
    throw storageFail.ContainerInvalidRequest({
      reason: "Public access is not permitted on this storage account.",
      target: "publicAccess",
    });
  }
  const scope = properties.defaultEncryptionScope ?? accountScope;
  const isImmutable = properties.immutableStorageWithVersioning?.enabled === true;
  if (scope !== accountScope || isImmutable) {
    throw fail.NotSupportedHere({
      what: isImmutable ? "Immutable storage" : `The encryption scope '${scope}'`,
      reason: "blobs are kept without versions and under one encryption scope.",
    });
  }
  const nowMs = ctx.clock.now().getTime();
  const before = existing?.properties as unknown as ContainerState | undefined;
  const state: ContainerState = {
    ...(before ?? { storageId: ctx.random.guid(), createdMs: nowMs }),
    publicAccess: "None",
    metadata: properties.metadata ?? before?.metadata ?? {},
    lastModifiedMs: nowMs,
  };
  return { ...state };
}

function showContainer({ resource, now }: { resource: ArmResource; now: Date }) {
  const state = resource.properties as unknown as ContainerState;
  const isLeased = leaseHolds(state, now.getTime());
  return {
    deleted: false,
    remainingRetentionDays: 0,
    defaultEncryptionScope: accountScope,
    denyEncryptionScopeOverride: false,
    publicAccess: state.publicAccess,
    leaseStatus: isLeased ? "Locked" : "Unlocked",
    leaseState: isLeased ? "Leased" : "Available",
    lastModifiedTime: new Date(state.lastModifiedMs).toISOString(),
    metadata: state.metadata,
    hasImmutabilityPolicy: false,
    hasLegalHold: false,
  };
}

function leaseHolds({ lease }: ContainerState, nowMs: number): boolean {
  if (!lease || lease.released) return false;
  const endsMs = lease.breaksMs ?? lease.startedMs + (lease.durationMs ?? Number.POSITIVE_INFINITY);
  return nowMs < endsMs;
}

export const blobContainer = defineResource({
  type: containerType,
  source: "OpenAPI storage 2023-05-01, BlobContainers",
  summary: "A blob container, or file system",
  apiVersions: storageApiVersions,
  name: {
    pattern: /^(?:\$root|\$logs|\$web|[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,62})$/,
    rule: "A container's name has 3 to 63 lower-case letters, digits and single dashes between them.",
  },
  location: "none",
  tags: false,
  properties: ContainerProperties,
  answers: {
    create: { status: 201 },
    update: { status: 200 },
    patch: { status: 200 },
    remove: { status: 200 },
  },
  put: putContainer,
  show: showContainer,
  remove: ({ ctx, resource }) => {
    const state = resource.properties as unknown as ContainerState;
    if (leaseHolds(state, ctx.clock.now().getTime())) {
      throw fail.Conflict({
        reason: `There is currently a lease on the container '${resource.name}'.`,
      });
    }
    return Promise.resolve();
  },
  actions: {
    lease: defineAction({
      source: "OpenAPI storage 2023-05-01, BlobContainers_Lease",
      summary: "Leases through the resource manager are refused by name",
      run: () => {
        throw fail.NotSupportedHere({
          what: "A container's lease through the resource manager",
          reason: "use Lease Container of the blob endpoint.",
        });
      },
    }),
  },
  examples: [{ name: "container", resourceName: "container-1", properties: {} }],
});
