// Secrets of a vault: versions, attributes, soft delete. Values are sealed in the store, one a version.

import type { ArmResource, Reader, SecretBox, Writer } from "@callosum/contract/ports.ts";
import { vaultFail } from "./error-catalogue.ts";

export const secretType = "KeyVault/secrets";

export interface SecretVersion {
  /** 32 hexadecimal digits. */
  readonly version: string;
  readonly enabled: boolean;
  /** Unix seconds. */
  readonly created: number;
  readonly updated: number;
  readonly notBefore: number | undefined;
  readonly expires: number | undefined;
  readonly contentType: string | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
}

export interface Secret {
  readonly name: string;
  /** Oldest first; the last is the current one. */
  readonly versions: readonly SecretVersion[];
  /** Unix seconds of deletion and of the scheduled purge. */
  readonly deleted: { readonly at: number; readonly purgeAt: number } | undefined;
}

export function secretKey(vault: ArmResource, name: string): string {
  return `${vault.id}/secrets/${name}`.toLowerCase();
}

/** The secret, deleted or not. */
export async function readSecret(
  reader: Reader,
  vault: ArmResource,
  name: string,
): Promise<Secret | undefined> {
  return (await reader.document<Secret>(secretKey(vault, name)))?.body;
}

/** The secret where it is not deleted; SecretNotFound otherwise. */
export async function requireSecret(
  reader: Reader,
  vault: ArmResource,
  name: string,
): Promise<Secret> {
  const secret = await readSecret(reader, vault, name);
  if (!secret || secret.deleted) throw vaultFail.SecretNotFound({ name });
  return secret;
}

/** One version; without a version the current one. */
export function requireVersion(secret: Secret, version: string | undefined): SecretVersion {
  const found =
    version === undefined || version === ""
      ? secret.versions.at(-1)
      : secret.versions.find((candidate) => candidate.version === version.toLowerCase());
  if (!found) throw vaultFail.SecretNotFound({ name: `${secret.name}/${version}` });
  return found;
}

export async function writeSecret(
  writer: Writer,
  vault: ArmResource,
  secret: Secret,
): Promise<void> {
  await writer.put({
    id: secretKey(vault, secret.name),
    type: secretType,
    parent: vault.id.toLowerCase(),
    body: secret,
  });
}

/** The clear value of an enabled version. */
export async function openValue(
  services: { reader: Reader; secrets: SecretBox },
  options: { vault: ArmResource; secret: Secret; version: SecretVersion },
): Promise<string> {
  const { vault, secret, version } = options;
  if (!version.enabled) {
    throw vaultFail.Forbidden({
      innerCode: "SecretDisabled",
      caller: "",
      action: "get",
      scope: vault.id,
    });
  }
  const owner = secretKey(vault, secret.name);
  const sealed = await services.reader.sealed(owner, version.version);
  if (!sealed) throw vaultFail.SecretNotFound({ name: secret.name });
  return services.secrets.open(owner, version.version, sealed);
}
