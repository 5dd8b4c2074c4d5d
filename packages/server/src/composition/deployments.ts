// Template deployments, joined with what they deploy through: the resource manager's own handler.

import type { SecretReader } from "@callosum/contract/secret-reader.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { ExtensionDefinition } from "../arm/extension.ts";
import type { Registry } from "../arm/registry.ts";
import { locations } from "../arm/routes/location.ts";
import { createDeploymentHost, type DeploymentHost } from "../deployments/host.ts";
import type { KnownType } from "../deployments/ports.ts";
import type { Route } from "../http/route.ts";
import { describeError } from "../platform/log.ts";
import type { Ground } from "./ground.ts";

export function openDeployments(parts: {
  ground: Ground;
  services: PlaneServices;
  registry: Registry;
  extensions: readonly ExtensionDefinition[];
  secretReader: SecretReader;
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
