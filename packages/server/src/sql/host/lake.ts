// COPY INTO, OPENROWSET and external tables read the lake, and CETAS writes it, as whoever the statement says: the
// caller, the workspace's managed identity, a shared access signature or an account key.

import type { LakePort as Lake, LakeAccess, StagedFile } from "@callosum/contract/lake.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { LakeCredential, LakePort, SqlPrincipal } from "../ports.ts";

interface LakeFiles {
  readonly stagingDirectory: string;
  /** A local file that the engine writes on its way into the lake. */
  newFile(): { readonly path: string; content(): AsyncIterable<Uint8Array>; remove(): void };
}

export function createSqlLake(options: {
  services: Pick<PlaneServices, "directory" | "resources">;
  lake: Lake;
  files: LakeFiles;
}): LakePort {
  const { services, lake, files } = options;
  const { stagingDirectory } = files;
  return {
    async *stage(url, credential, principal) {
      const access = await accessOf(services, credential, principal);
      for await (const staged of lake.stageAll(url, access, stagingDirectory)) {
        yield { path: staged.path, url: staged.url };
        await staged.release();
      }
    },
    async hold(url, credential, principal) {
      const access = await accessOf(services, credential, principal);
      const urls: string[] = [];
      for await (const staged of lake.stageAll(url, access, stagingDirectory)) {
        urls.push(staged.url);
        await staged.release();
      }
      const held: StagedFile[] = [];
      const release = async () => {
        for (const staged of held.splice(0)) await staged.release();
      };
      try {
        for (const each of urls) held.push(await lake.stage(each, access, stagingDirectory));
      } catch (error) {
        await release();
        throw error;
      }
      return { paths: held.map(({ path }) => path), release };
    },
    async exists(url, credential, principal) {
      const entry = await lake.stat(url, await accessOf(services, credential, principal));
      return entry !== undefined;
    },
    async write(url, credential, principal, fill) {
      const access = await accessOf(services, credential, principal);
      const file = files.newFile();
      try {
        await fill(file.path);
        await lake.write(url, access, file.content());
      } finally {
        file.remove();
      }
    },
    async remove(url, credential, principal) {
      await lake.remove(url, await accessOf(services, credential, principal));
    },
  };
}

async function accessOf(
  services: Pick<PlaneServices, "directory" | "resources">,
  credential: LakeCredential | undefined,
  caller: SqlPrincipal,
): Promise<LakeAccess> {
  const identity = credential?.identity.toLowerCase() ?? "";
  const secret = credential?.secret ?? "";
  if (identity === "shared access signature") return { kind: "signature", query: secret };
  if (identity === "storage account key") return { kind: "key", accountKey: secret };
  if (identity !== "" && identity !== "managed identity") {
    throw new Error(
      `the credential '${credential?.identity}' is not supported: use 'Managed Identity', 'Shared Access Signature' or 'Storage Account Key'`,
    );
  }
  const objectId = identity === "" ? caller.objectId : await managedIdentityOf(services, caller);
  if (objectId === undefined) {
    throw new Error(
      "a SQL login has no rights in the lake: name a CREDENTIAL, or log in with Microsoft Entra ID",
    );
  }
  const principal = await services.directory.asPrincipal(objectId);
  if (!principal) throw new Error(`'${caller.name}' is not in the directory`);
  return { kind: "principal", principal };
}

async function managedIdentityOf(
  services: Pick<PlaneServices, "resources">,
  caller: SqlPrincipal,
): Promise<string> {
  const workspace = await services.resources.byEndpoint("synapse", caller.workspace ?? "");
  const principalId = workspace?.identity?.principalId;
  if (principalId !== undefined) return principalId;
  throw new Error("the workspace has no managed identity");
}
