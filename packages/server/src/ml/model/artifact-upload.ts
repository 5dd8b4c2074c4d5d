// An artifact's bytes taken in: from a route with a token, or from a link that was given out.

import { appendActivity } from "@callosum/contract/activity.ts";
import type { Writer } from "@callosum/contract/ports.ts";
import type { Call } from "../../http/route.ts";
import { TooManyBytes } from "../../platform/blob-files.ts";
import {
  type ArtifactBody,
  type ArtifactName,
  artifactKey,
  artifactsKey,
  findArtifact,
  idOf,
} from "./artifact-document.ts";
import { artifactType } from "./content-store.ts";
import { failModel } from "./error-catalogue.ts";
import type { RegistryServices } from "./workspace-call.ts";

const bytesMax = 2 * 1024 ** 3;

/** Who uploads what where. */
export interface Upload {
  readonly name: ArtifactName;
  /** The workspace's id, and in lower case. */
  readonly workspaceId: string;
  readonly key: string;
  readonly caller: string;
  readonly objectId: string;
}

/** Keeps the request's body as the artifact; rejects with ArtifactAlreadyExists. */
export async function keepArtifact(
  services: RegistryServices,
  upload: Upload & { readonly call: Call; readonly allowOverwrite: boolean },
): Promise<{ etag: string; body: ArtifactBody }> {
  const { call, key, name, workspaceId, allowOverwrite } = upload;
  const { file, release } = await services.content
    .receive(call.stream, { bytesMax })
    .catch((error) => {
      if (!(error instanceof TooManyBytes)) throw error;
      throw failModel.UserError({ reason: `An artifact has at most ${bytesMax} bytes.` });
    });
  try {
    return await services.store.transaction(async (writer) => {
      // A link can outlive its workspace.
      if (!(await writer.document(key))) throw failModel.LinkInvalid({});
      if (!allowOverwrite && (await findArtifact(writer, key, name))) {
        throw failModel.ArtifactAlreadyExists({ id: idOf(name) });
      }
      const body: ArtifactBody = { ...name, file, createdTime: services.clock.now().toISOString() };
      const { etag } = await writer.put({
        id: artifactKey(key, name),
        type: artifactType,
        parent: artifactsKey(key, name.origin, name.container),
        body,
      });
      const { caller, objectId } = upload;
      const action = "artifacts/write";
      await recordArtifact(services, writer, { call, action, name, workspaceId, caller, objectId });
      return { etag, body };
    });
  } finally {
    release();
  }
}

export async function recordArtifact(
  services: RegistryServices,
  writer: Writer,
  event: Omit<Upload, "key"> & { readonly call: Call; readonly action: string },
): Promise<void> {
  const { call, action, name, workspaceId, caller, objectId } = event;
  await appendActivity(writer, {
    random: services.random,
    now: services.clock.now(),
    action: `Microsoft.MachineLearningServices/workspaces/${action}`,
    resourceId: `${workspaceId}/artifacts/${idOf(name)}`,
    scope: workspaceId,
    httpStatus: 200,
    correlationId: call.correlationId,
    remoteAddress: call.remoteAddress,
    caller,
    callerObjectId: objectId,
  });
}
