// A version of a model as SDK v1 knows it (OpenAPI modelManagement 2019-09-30, Model). The document is
// the resource manager's; nothing is kept twice.

import {
  type ModelContent,
  type ModelFile,
  modelVersionType,
} from "@callosum/contract/model-registry.ts";
import type { StoredDocument, SystemData } from "@callosum/contract/ports.ts";
import { contentLink } from "./content-link.ts";
import type { RegionalCall } from "./workspace-call.ts";

/** Written by arm/resources/machine-learning/model-version.ts. */
export interface VersionBody {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly modelUri?: string;
    readonly modelType: string;
    readonly description?: string;
    readonly jobName?: string;
    readonly isArchived: boolean;
    readonly stage?: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly properties?: Readonly<Record<string, string>>;
    readonly content?: ModelContent;
    readonly v1?: Readonly<Record<string, unknown>>;
  };
  readonly systemData: SystemData;
}

export type Version = StoredDocument<VersionBody>;

/** All versions of the workspace, or of one name. */
export function versionsOf({ services, key }: RegionalCall, name?: string): Promise<Version[]> {
  const under = name === undefined ? key : `${key}/models/${name.toLowerCase()}`;
  return services.store.read.documents<VersionBody>({ type: modelVersionType, under });
}

export function modelNameOf({ body }: Version): string {
  return /\/models\/([^/]+)\//i.exec(body.id)?.[1] ?? "";
}

export function presentModel(opened: RegionalCall, version: Version): Record<string, unknown> {
  const { properties, systemData, name: number } = version.body;
  const { content, v1 = {} } = properties;
  const name = modelNameOf(version);
  const { url, mimeType, unpack, ...sent } = v1;
  const onnx = content?.onnx;
  const found = onnx && "framework" in onnx ? "Onnx" : "Custom";
  const single = singleFile(content);
  return {
    id: `${name}:${number}`,
    name,
    version: /^\d+$/.test(number) ? Number(number) : number,
    framework: found,
    ...sent,
    // SDK v1 finds its own assets by it; models of the resource manager have none.
    url: url ?? (single ? contentLink(opened, single) : (properties.modelUri ?? "")),
    mimeType: mimeType ?? "application/octet-stream",
    description: properties.description ?? null,
    createdTime: systemData.createdAt,
    modifiedTime: systemData.lastModifiedAt,
    unpack: unpack ?? false,
    runId: sent.runId ?? properties.jobName ?? null,
    kvTags: properties.tags ?? {},
    properties: properties.properties ?? {},
    datasets: [],
    callosum: describeContent(opened, content),
  };
}

/** Our own addition: what the registry read in the bytes, and where each file is downloaded. */
function describeContent(
  opened: RegionalCall,
  content: ModelContent | undefined,
): Record<string, unknown> {
  const { mlflow, onnx, files = [] } = content ?? {};
  return {
    onnx: onnx ?? null,
    mlflow: mlflow ?? null,
    files: files.map((file) => ({
      path: file.path,
      length: file.length,
      sha256: file.sha256,
      contentUri: contentLink(opened, file),
    })),
  };
}

function singleFile(content: ModelContent | undefined): ModelFile | undefined {
  return content?.files.length === 1 ? content.files[0] : undefined;
}
