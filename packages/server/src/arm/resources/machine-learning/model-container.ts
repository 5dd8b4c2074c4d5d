// Names of models: the containers of their versions. A container comes into being with its first
// version, too (model-version.ts).

import { modelContainerType, modelVersionType } from "@callosum/contract/model-registry.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import { defineResource } from "@callosum/contract/resource.ts";
import { Type } from "typebox";
import {
  assetPaging,
  assetProperties,
  modelApiVersions,
  modelName,
  provisioningOf,
  selectAssets,
} from "./model-asset.ts";

export const modelContainer = defineResource({
  type: modelContainerType,
  source: "OpenAPI machinelearningservices 2022-10-01, ModelContainers; protocols.md 7.2",
  summary: "A model's name, with its versions below",
  apiVersions: modelApiVersions,
  name: modelName,
  systemData: true,
  location: "none",
  tags: false,
  properties: Type.Object(assetProperties),
  methods: ["get", "list", "put", "delete"],
  paging: assetPaging,
  select: selectAssets,
  answers: { create: { status: 201 }, update: { status: 200 }, remove: { status: 200 } },
  put: ({ sent }) => ({ ...sent.properties }),
  async show({ resource, apiVersion, children }) {
    const versions = await children(resource.id, modelVersionType);
    return {
      ...resource.properties,
      latestVersion: latestVersion(versions),
      nextVersion: nextVersion(versions),
      ...provisioningOf(apiVersion),
    };
  },
  examples: [{ name: "model", resourceName: "model1", properties: { description: "An example" } }],
});

/** The one that was registered last; of equal age, the higher number. */
function latestVersion(versions: readonly ArmResource[]): string | null {
  const age = ({ systemData }: ArmResource) => systemData?.createdAt ?? "";
  const [latest] = [...versions].sort(
    (a, b) => age(b).localeCompare(age(a)) || Number(b.name) - Number(a.name),
  );
  return latest?.name ?? null;
}

/** The number after the highest; names that are no numbers don't count. */
function nextVersion(versions: readonly ArmResource[]): string {
  const numbers = versions
    .map(({ name }) => name)
    .filter((name) => /^\d{1,15}$/.test(name))
    .map(Number);
  return String(Math.max(0, ...numbers) + 1);
}
