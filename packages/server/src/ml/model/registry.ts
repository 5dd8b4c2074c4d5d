// The registry as other planes read it. Versions are documents of the resource manager; what they say
// of their content was read when they were registered.

import { fail } from "@callosum/contract/error-catalogue.ts";
import {
  type ModelContent,
  type ModelRegistry,
  modelContainerType,
  modelVersionType,
  type RegisteredModel,
} from "@callosum/contract/model-registry.ts";
import type { StoredDocument, SystemData } from "@callosum/contract/ports.ts";
import { parseResourceId } from "@callosum/contract/resource-id.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { ContentStore } from "./content-store.ts";
import { failModel } from "./error-catalogue.ts";

const workspaceType = "Microsoft.MachineLearningServices/workspaces";

/** A version's document (arm/document.ts writes the envelope, model-version.ts the properties). */
interface VersionBody {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly modelType: RegisteredModel["modelType"];
    readonly description?: string;
    readonly isArchived: boolean;
    readonly tags?: Readonly<Record<string, string>>;
    readonly content?: ModelContent;
  };
  readonly systemData: SystemData;
}

type Services = Pick<PlaneServices, "store" | "authorizer" | "resources"> & {
  readonly content: ContentStore;
};
type Question = { workspaceId: string; name: string; version?: string };

export function createModelRegistry(services: Services): ModelRegistry {
  const { store, authorizer, resources, content } = services;
  type Who = Parameters<ModelRegistry["list"]>[0];

  async function versions(principal: Who, workspaceId: string, name?: string) {
    await authorizer.require(principal, {
      action: `${modelContainerType}/read`,
      scope: workspaceId,
    });
    // A link may outlive its workspace.
    if (!(await resources.find(workspaceId))) throw notFound(workspaceType, workspaceId);
    const key = workspaceId.toLowerCase();
    const under = name === undefined ? key : `${key}/models/${name.toLowerCase()}`;
    return store.read.documents<VersionBody>({ type: modelVersionType, under });
  }

  async function find(principal: Who, question: Question): Promise<StoredDocument<VersionBody>> {
    const { workspaceId, name, version } = question;
    const found = await versions(principal, workspaceId, name);
    const wanted =
      version === undefined
        ? found.filter(isActive).sort(latestFirst)[0]
        : found.find(({ body }) => body.name.toLowerCase() === version.toLowerCase());
    if (wanted) return wanted;
    const type = version === undefined ? modelContainerType : modelVersionType;
    throw notFound(type, workspaceId, name, version);
  }

  return {
    async list(principal, workspaceId) {
      const found = await versions(principal, workspaceId);
      return found
        .filter(isActive)
        .sort(latestFirst)
        .map(toModel)
        .sort((a, b) => a.name.localeCompare(b.name, "en"));
    },
    get: async (principal, question) => toModel(await find(principal, question)),
    async openOnnx(principal, question) {
      const document = await find(principal, question);
      const model = toModel(document);
      const label = `${model.name}:${model.version}`;
      const { onnx } = model;
      if (!onnx) throw failModel.NotOnnxModel({ model: label });
      if ("problem" in onnx) {
        const { code, message: reason } = onnx.problem;
        if (code === "CorruptModel") throw failModel.CorruptModel({ model: label, reason });
        throw failModel.UnsupportedModel({ model: label, reason });
      }
      const file = document.body.properties.content?.files.find(({ path }) => path === onnx.path);
      if (!file) throw new Error(`The version '${model.id}' does not name its own file.`);
      return { model, bytes: await content.bytes(file) };
    },
  };
}

function notFound(type: string, workspaceId: string, ...below: (string | undefined)[]): Error {
  const id = parseResourceId(workspaceId);
  const name = [id?.name, ...below].filter(Boolean).join("/");
  return fail.ResourceNotFound({ type, name, resourceGroup: id?.resourceGroup });
}

/** Archived versions are hidden: they are had by their number only. */
function isActive({ body }: StoredDocument<VersionBody>): boolean {
  return !body.properties.isArchived;
}

/** By creation, then by number (features.md G-04: several versions are listed separately). */
function latestFirst(a: StoredDocument<VersionBody>, b: StoredDocument<VersionBody>): number {
  const [createdA, createdB] = [a.body.systemData.createdAt, b.body.systemData.createdAt];
  if (createdA !== createdB) return createdA < createdB ? 1 : -1;
  return Number(b.body.name) - Number(a.body.name) || b.body.name.localeCompare(a.body.name, "en");
}

function toModel({ body }: StoredDocument<VersionBody>): RegisteredModel {
  const { id, name: version, properties, systemData } = body;
  const { content } = properties;
  const [workspaceId = "", name = ""] = id.split(/\/(?:models|versions)\//i);
  const onnx = content?.onnx;
  return {
    id,
    workspaceId,
    name,
    version,
    modelType: properties.modelType,
    description: properties.description ?? "",
    createdAt: systemData.createdAt,
    createdBy: systemData.createdBy,
    framework: onnx && "framework" in onnx ? onnx.framework : "",
    isArchived: properties.isArchived,
    tags: properties.tags ?? {},
    length: content?.length ?? 0,
    onnx,
    mlflow: content?.mlflow,
  };
}
