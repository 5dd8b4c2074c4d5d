// Whether the scope that an extension is appended to exists.

import type { Reader } from "@callosum/contract/ports.ts";
import type { ResourceId } from "@callosum/contract/resource-id.ts";
import { findResource } from "./document.ts";
import type { ArmServices } from "./services.ts";
import { missingContainer, notFound } from "./write.ts";

/** Rejects with the scope's own not-found error; the tenant always exists. */
export async function requireScope(
  reader: Reader,
  services: ArmServices,
  scope: ResourceId,
): Promise<void> {
  if (scope.key === "/") return;
  const definition = services.registry.find(scope.type)?.definition;
  const found = definition
    ? await findResource(reader, { id: scope, definition })
    : await reader.document(scope.key);
  if (found) return;
  throw scope.namespace === undefined ? missingContainer(scope) : notFound(scope, scope.type);
}
