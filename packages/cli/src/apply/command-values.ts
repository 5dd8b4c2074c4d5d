// The values of `--parameters` for a repository: secrets and other properties, Key Vault references read
// as the principal of the command.

import type { TokenCredential } from "@azure/core-auth";
import type { Contract } from "@callosum/server/main.ts";
import { usageError } from "../command.ts";
import type { GivenParameter } from "../parameter.ts";
import { readVaultReference } from "../vault-secret.ts";
import type { CommandValues } from "./secret.ts";

export interface Values extends CommandValues {
  readonly byName: ReadonlyMap<string, { text: string } | { value: unknown }>;
  requireUsed(declared: readonly string[]): void;
}

/** By name; `requireUsed` throws for those that nothing took. */
export async function openValues(
  given: ReadonlyMap<string, GivenParameter>,
  reader: { contract: Contract; credential: TokenCredential },
): Promise<Values> {
  const byName = new Map<string, { text: string } | { value: unknown }>();
  for (const [name, parameter] of given) {
    if ("text" in parameter) byName.set(name, parameter);
    else if ("reference" in parameter.item) {
      const text = await readVaultReference(parameter.item.reference, { ...reader, name });
      byName.set(name, { text });
    } else byName.set(name, { value: parameter.item.value });
  }
  const texts = new Map([...byName].map(([name, value]) => [name.toLowerCase(), textOf(value)]));
  const all = new Set([...texts.values()].filter((text) => text !== ""));
  const used = new Set<string>();
  return {
    byName,
    take(name) {
      const key = name.toLowerCase();
      if (texts.has(key)) used.add(key);
      return texts.get(key);
    },
    isGiven: (value) => all.has(value),
    requireUsed(declared) {
      const known = new Set(["workspacename", ...declared.map((name) => name.toLowerCase())]);
      const unused = [...byName.keys()].filter(
        (name) => !used.has(name.toLowerCase()) && !known.has(name.toLowerCase()),
      );
      if (unused.length === 0) return;
      throw usageError(
        `Nothing in the repository takes ${unused.map((name) => `'${name}'`).join(", ")}.`,
        "A value is named LINK_PROPERTY for a secret, NAME_properties_… for any other property.",
      );
    },
  };
}

function textOf(value: { text: string } | { value: unknown }): string {
  if ("text" in value) return value.text;
  return typeof value.value === "string" ? value.value : JSON.stringify(value.value ?? "");
}
