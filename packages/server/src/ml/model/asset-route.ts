// Assets of SDK v1: a name for artifacts, made before a model is registered from them (OpenAPI
// modelManagement 2019-09-30).

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { StoredDocument } from "@callosum/contract/ports.ts";
import type { Answer } from "../../http/route.ts";
import { failModel } from "./error-catalogue.ts";
import { type RegionalCall, recordOf } from "./workspace-call.ts";

export const assetType = "Callosum.MachineLearning/assets";

interface AssetBody {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly artifacts: readonly { readonly id?: string; readonly prefix?: string }[];
  readonly kvTags: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly runid: string | null;
  readonly createdTime: string;
}

const artifactCountMax = 100;

export async function createAsset(opened: RegionalCall): Promise<Answer> {
  const { services, call, key } = opened;
  const sent = recordOf(call.body);
  const { name, description, artifacts, kvTags, properties, meta } = sent;
  if (typeof name !== "string" || name === "" || name.length > 255) throw invalid("name");
  if (!Array.isArray(artifacts) || artifacts.length === 0 || artifacts.length > artifactCountMax) {
    throw invalid("artifacts");
  }
  const runid = sent.runid ?? sent.runId;
  const body: AssetBody = {
    id: services.random.guid().replaceAll("-", ""),
    name,
    description: typeof description === "string" ? description : null,
    artifacts: artifacts.map((artifact) => {
      const { id, prefix } = recordOf(artifact);
      if (typeof id === "string") return { id };
      if (typeof prefix === "string") return { prefix };
      throw invalid("artifacts");
    }),
    kvTags: objectOf(kvTags),
    properties: objectOf(properties),
    meta: objectOf(meta),
    runid: typeof runid === "string" ? runid : null,
    createdTime: services.clock.now().toISOString(),
  };
  await services.store.transaction((writer) =>
    writer.put({ id: `${key}/assets/${body.id}`, type: assetType, parent: key, body }),
  );
  return { status: 200, body };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function invalid(parameter: string) {
  return fail.InvalidParameter({ parameter, reason: "it is required", target: parameter });
}

export async function findAsset(
  { services, key }: RegionalCall,
  id: string,
): Promise<StoredDocument<AssetBody> | undefined> {
  return services.store.read.document<AssetBody>(`${key}/assets/${id.toLowerCase()}`);
}

async function requireAsset(opened: RegionalCall): Promise<StoredDocument<AssetBody>> {
  const { id = "" } = opened.call.params;
  const found = await findAsset(opened, id);
  if (found) return found;
  throw failModel.AssetNotFound({ id });
}

export async function getAsset(opened: RegionalCall): Promise<Answer> {
  return { status: 200, body: (await requireAsset(opened)).body };
}

export async function listAssets({ services, call, key }: RegionalCall): Promise<Answer> {
  const found = await services.store.read.documents<AssetBody>({ type: assetType, parent: key });
  const [name, run] = [call.query.get("name"), call.query.get("runid")];
  const value = found
    .map(({ body }) => body)
    .filter((asset) => name === null || asset.name === name)
    .filter((asset) => run === null || asset.runid === run);
  return { status: 200, body: { value } };
}

export async function removeAsset(opened: RegionalCall): Promise<Answer> {
  const { services, call, key } = opened;
  const id = `${key}/assets/${(call.params.id ?? "").toLowerCase()}`;
  const removed = await services.store.transaction((writer) => writer.remove(id));
  return { status: removed ? 200 : 204 };
}

/** The only artifact of an asset, as `{origin}/{container}/{path}`. */
export async function assetPath(opened: RegionalCall, id: string): Promise<string> {
  const asset = await findAsset(opened, id);
  if (!asset) throw failModel.AssetNotFound({ id });
  const [artifact, another] = asset.body.artifacts;
  if (another) {
    throw fail.NotSupportedHere({
      what: "A model of several artifact prefixes",
      reason: "upload its files below one path",
    });
  }
  return (artifact?.prefix ?? artifact?.id ?? "").replace(/^aml:\/\/artifact\//i, "");
}
