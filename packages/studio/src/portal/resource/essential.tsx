// Essentials that every resource has.

import type { ReactNode } from "react";
import { idPart, type Resource } from "../../api/resource.ts";
import { nameOf } from "../../api/scope.ts";
import { Link } from "../../control/link.tsx";
import { scopePath } from "../../control/scope-path.ts";

export type Entry = readonly [name: string, value: ReactNode];

export function commonEssentials(resource: Resource): Entry[] {
  const { id, location, properties, identity } = resource;
  const group = idPart(id, "resourceGroups");
  const state = properties?.provisioningState;
  return [
    [
      "Resource group",
      <Link key="group" to={scopePath("overview", id.split("/").slice(0, 5).join("/"))}>
        {group}
      </Link>,
    ],
    ...(location === undefined ? [] : [["Location", location] as const]),
    ...(typeof state === "string" ? [["Status", state] as const] : []),
    ...(identity?.principalId === undefined
      ? []
      : [["Managed identity object ID", identity.principalId] as const]),
  ];
}

/** A link to a resource by its id; a dash where there is none. */
export function resourceLink(id: unknown): ReactNode {
  if (typeof id !== "string" || id === "") return "";
  return <Link to={scopePath("overview", id)}>{nameOf(id)}</Link>;
}
