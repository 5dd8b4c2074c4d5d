// Secrets of accounts, opened once for as long as they stay the same: every signed request needs them.

import { createSecretKey, type KeyObject } from "node:crypto";
import type { PlaneServices } from "@callosum/contract/services.ts";

export type OpenSecret = (owner: string, name: string) => Promise<KeyObject | undefined>;

const rememberedMax = 1000;

/** Gives sealed base64 text as a key; undefined when there is none. */
export function createSecretOpener(services: Pick<PlaneServices, "store" | "secrets">): OpenSecret {
  const remembered = new Map<string, { sealed: Uint8Array; key: KeyObject }>();
  return async (owner, name) => {
    const sealed = await services.store.read.sealed(owner, name);
    if (!sealed) return undefined;
    const id = `${owner} ${name}`;
    const known = remembered.get(id);
    if (known && Buffer.compare(known.sealed, sealed) === 0) return known.key;
    const key = createSecretKey(services.secrets.open(owner, name, sealed), "base64");
    if (remembered.size >= rememberedMax) remembered.clear();
    remembered.set(id, { sealed, key });
    return key;
  };
}
