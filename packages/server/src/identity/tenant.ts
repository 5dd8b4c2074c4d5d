// The tenant segment of an address: this instance has one tenant, by id and by domain, and the names
// that stand for any.

import type { DirectoryServices } from "./directory-services.ts";
import { aadsts } from "./error-catalogue.ts";

const anyTenant = ["common", "organizations", "consumers"] as const;

export type TenantName = "own" | (typeof anyTenant)[number];

/** Which tenant an address names; AADSTS90002 for one that is not here. */
export function readTenant(services: DirectoryServices, segment: string): TenantName {
  const name = segment.toLowerCase();
  if (name === services.tenantId || name === services.domain) return "own";
  const known = anyTenant.find((candidate) => candidate === name);
  if (!known) throw aadsts.AADSTS90002({ tenant: segment });
  return known;
}
