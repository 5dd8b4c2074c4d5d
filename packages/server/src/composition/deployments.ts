// Template deployments, joined with what they deploy through: the resource manager's own handler.

import type { LakeAccess, LakePort } from "@callosum/contract/lake.ts";
import type { SecretReader } from "@callosum/contract/secret-reader.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { ExtensionDefinition } from "../arm/extension.ts";
import type { Registry } from "../arm/registry.ts";
import { locations } from "../arm/routes/location.ts";
import { createDeploymentHost, type DeploymentHost } from "../deployments/host.ts";
import type { ContentReader, KnownType } from "../deployments/ports.ts";
import type { Route } from "../http/route.ts";
import type { Fetcher } from "../platform/fetcher.ts";
import { describeError } from "../platform/log.ts";
import type { Ground } from "./ground.ts";

export function openDeployments(parts: {
  ground: Ground;
  services: PlaneServices;
  registry: Registry;
  extensions: readonly ExtensionDefinition[];
  secretReader: SecretReader;
  lake: LakePort;
  fetcher: Fetcher;
  resourceManager: Route["handle"];
}): DeploymentHost {
  const { ground, services, registry, secretReader, resourceManager } = parts;
  const extensions = parts.extensions.filter(({ apiVersions }) => apiVersions.length > 0);
  const places = locations.map(({ displayName }) => displayName);
  const extensionOf = (type: string) =>
    extensions.find((extension) => extension.type.toLowerCase() === type.toLowerCase());

  /** `Namespace/*` asks for any type of a provider. */
  function findType(type: string): KnownType | undefined {
    const namespace = /^(.+)\/\*$/.exec(type)?.[1]?.toLowerCase();
    if (namespace !== undefined) {
      const first = registry.namespace(namespace)?.types[0]?.definition.type;
      const extension = extensions.find((each) =>
        each.type.toLowerCase().startsWith(`${namespace}/`),
      );
      return findType(first ?? extension?.type ?? "");
    }
    const definition = registry.find(type)?.definition;
    const found = definition ?? extensionOf(type);
    if (!found) return undefined;
    const { apiVersions } = found;
    return { type: found.type, apiVersions, isExtension: !definition, locations: places };
  }

  return createDeploymentHost({
    ...services,
    secretReader,
    content: createContentReader(parts),
    resourceManager,
    findType,
    refusalOf(type) {
      const refused = parts.extensions.find(
        (each) => each.type.toLowerCase() === type.toLowerCase(),
      );
      const isRefused = refused !== undefined && refused.apiVersions.length === 0;
      return (
        registry.refusal(type)?.reason ?? (isRefused ? "it is documented and not run" : undefined)
      );
    },
    provider(namespace, type) {
      if (type === undefined) return undefined;
      const known = findType(`${namespace}/${type}`);
      if (!known) return undefined;
      const resourceType = known.type.split("/").slice(1).join("/");
      return { resourceType, locations: [...places], apiVersions: [...known.apiVersions] };
    },
    onFault: (error) =>
      ground.log.write("error", "deployment.fault", { error: describeError(error) }),
  });
}

/** Our own accounts by any of their names; whoever asks for one is who reads it, unless it is signed. */
const storageHost = /^[a-z0-9]{3,24}\.(?:blob|dfs)\.core\.windows\.net$/i;
const storagePath = /^\/storage\/[a-z0-9]{3,24}\/(?:blob|dfs)\//i;

/** Linked templates: storage accounts of this instance, else the fetcher. */
function createContentReader({
  lake,
  fetcher,
}: {
  lake: LakePort;
  fetcher: Fetcher;
}): ContentReader {
  return {
    async read(text, { principal, bytesMax }) {
      const url = URL.parse(text);
      const isOurs =
        url !== null &&
        (storageHost.test(url.hostname) ||
          (url.hostname === "localhost" && storagePath.test(url.pathname)));
      if (!isOurs) return fetcher.get(text, { bytesMax });
      const access: LakeAccess = url.searchParams.has("sig")
        ? { kind: "signature", query: url.search }
        : { kind: "principal", principal };
      url.search = "";
      const chunks: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of await lake.read(url.href, access)) {
        length += chunk.length;
        if (length > bytesMax) throw new Error(`It has more than ${bytesMax} bytes.`);
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    },
  };
}
