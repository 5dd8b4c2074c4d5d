// Bytes into the registry: a model URI is resolved to files of an artifact container or a storage
// account, those are copied, and what they are is read from them.

import type { LakeAccess, LakePort } from "@callosum/contract/lake.ts";
import type { ModelIntake } from "@callosum/contract/model-registry.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import { TooManyBytes } from "../../platform/blob-files.ts";
import { artifactSources } from "./artifact-document.ts";
import type { ContentStore, HeldFile } from "./content-store.ts";
import { artifactDatastore, findDatastore, ownDatastore } from "./datastore.ts";
import { describeContent } from "./describe.ts";
import { failModel } from "./error-catalogue.ts";
import { lakeSources, type SourceFile } from "./source-file.ts";
import { type ModelLocation, parseModelUri, withoutSignature } from "./uri.ts";

const bytesMax = 2 * 1024 ** 3;
const fileCountMax = 2000;

export interface IntakeServices extends Pick<PlaneServices, "store" | "resources" | "authorizer"> {
  readonly content: ContentStore;
  readonly lake: LakePort;
}

export function createModelIntake(services: IntakeServices): ModelIntake {
  return {
    async take({ principal, workspace, uri, modelType }) {
      const location = parseModelUri(uri);
      const shown = withoutSignature(uri);
      const sources = await sourcesOf(services, { location, principal, workspace, uri: shown });
      checkSources(sources, shown);
      const held: (HeldFile & { path: string })[] = [];
      const release = () => {
        for (const { release: letGo } of held) letGo();
      };
      try {
        for (const source of sources) held.push(await receive(services.content, source));
        const files = held.map(({ path, file }) => ({ path, ...file }));
        const content = await describeContent(files, (file) => services.content.bytes(file));
        if (modelType === "mlflow_model" && !content.mlflow) {
          throw failModel.UserError({
            reason: `'${shown}' holds no MLmodel file, so it is no MLflow model.`,
            target: "properties.modelType",
          });
        }
        return { content, release };
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}

function checkSources(sources: readonly SourceFile[], uri: string): void {
  const refuse = (reason: string) => failModel.UserError({ reason, target: "properties.modelUri" });
  if (sources.length === 0) throw refuse(`There is nothing at '${uri}'.`);
  if (sources.length > fileCountMax) {
    throw refuse(`There are more than ${fileCountMax} files at '${uri}'.`);
  }
  const length = sources.reduce((sum, source) => sum + source.length, 0);
  if (length > bytesMax) throw refuse(`There are more than ${bytesMax} bytes at '${uri}'.`);
}

async function receive(content: ContentStore, source: SourceFile) {
  const { path, length, open } = source;
  try {
    return { path, ...(await content.receive(await open(), { bytesMax, expectedBytes: length })) };
  } catch (error) {
    if (!(error instanceof TooManyBytes)) throw error;
    throw failModel.UserError({ reason: `'${path}' has more than ${bytesMax} bytes.` });
  }
}

interface Question {
  readonly location: ModelLocation;
  readonly principal: Principal;
  readonly workspace: ArmResource;
  readonly uri: string;
}

async function sourcesOf(
  services: IntakeServices,
  question: Question,
): Promise<readonly SourceFile[]> {
  const { location, principal, workspace } = question;
  const { content, store, lake } = services;
  switch (location.kind) {
    case "artifact":
      return artifactSources({ reader: store.read, content }, workspace.id.toLowerCase(), location);
    case "blob": {
      const { account, container, path, signature } = location;
      const access: LakeAccess =
        signature === ""
          ? await accessOf(services, principal, account)
          : { kind: "signature", query: signature };
      return lakeSources(lake, { account, container, path, access });
    }
    case "datastore":
      return datastoreSources(services, question, location);
  }
  return location satisfies never;
}

/** Who may list the account's keys may read all of it; anyone else by the rights on the data. */
async function accessOf(
  services: IntakeServices,
  principal: Principal,
  name: string,
): Promise<LakeAccess> {
  const account = await services.resources.byEndpoint("storage", name);
  const action = "Microsoft.Storage/storageAccounts/listKeys/action";
  const hasKeys =
    account !== undefined &&
    account.properties.allowSharedKeyAccess !== false &&
    (await services.authorizer.allows(principal, { action, scope: account.id }));
  return hasKeys ? { kind: "server" } : { kind: "principal", principal };
}

async function datastoreSources(
  services: IntakeServices,
  question: Question,
  location: Extract<ModelLocation, { kind: "datastore" }>,
): Promise<readonly SourceFile[]> {
  const { principal, workspace, uri } = question;
  const { content, store, lake, resources } = services;
  const owner = location.workspace && workspaceIdOf(location.workspace);
  if (owner !== undefined && owner.toLowerCase() !== workspace.id.toLowerCase()) {
    throw failModel.UserError({
      reason: `'${uri}' lies in another workspace than the model.`,
      target: "properties.modelUri",
    });
  }
  await services.authorizer.require(principal, {
    action: "Microsoft.MachineLearningServices/workspaces/datastores/read",
    scope: workspace.id,
  });
  if (location.datastore.toLowerCase() === artifactDatastore) {
    const [origin = "", container = "", ...path] = location.path.split("/");
    const name = { origin, container, path: path.join("/") };
    return artifactSources({ reader: store.read, content }, workspace.id.toLowerCase(), name);
  }
  const datastore = await findDatastore(resources, workspace, location.datastore);
  if (!datastore) throw failModel.DatastoreNotFound({ name: location.datastore });
  const { account, container } = datastore;
  const own = ownDatastore(workspace);
  // Only the workspace's own container is read without asking for the caller's rights: anyone who may
  // write datastores can name any other.
  const isOwn = own?.account === account && own.container === container;
  const access: LakeAccess = isOwn
    ? { kind: "server" }
    : await accessOf(services, principal, account);
  return lakeSources(lake, { account, container, path: location.path, access });
}

function workspaceIdOf(name: { subscriptionId: string; resourceGroup: string; name: string }) {
  return `/subscriptions/${name.subscriptionId}/resourceGroups/${name.resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${name.name}`;
}
