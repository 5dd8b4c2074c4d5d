// A secret as the vault answers it. Times are Unix seconds.

import type { Secret, SecretVersion } from "./secret.ts";

const recoverableDays = 90;

function attributes(version: SecretVersion) {
  const { enabled, created, updated, notBefore, expires } = version;
  return {
    enabled,
    ...(notBefore === undefined ? {} : { nbf: notBefore }),
    ...(expires === undefined ? {} : { exp: expires }),
    created,
    updated,
    recoveryLevel: "Recoverable+Purgeable",
    recoverableDays,
  };
}

function described(version: SecretVersion) {
  const { contentType, tags } = version;
  return {
    ...(contentType === undefined ? {} : { contentType }),
    ...(tags === undefined ? {} : { tags }),
    attributes: attributes(version),
  };
}

/** A version with its id; `value` where it is asked for. */
export function secretView(options: {
  baseUrl: string;
  secret: Secret;
  version: SecretVersion;
  value?: string;
}) {
  const { baseUrl, secret, version, value } = options;
  return {
    ...(value === undefined ? {} : { value }),
    id: `${baseUrl}/secrets/${secret.name}/${version.version}`,
    ...described(version),
  };
}

/** A row of a list: the secret's id, or a version's. */
export function itemView(baseUrl: string, secret: Secret, version?: SecretVersion) {
  const shown = version ?? (secret.versions.at(-1) as SecretVersion);
  const suffix = version === undefined ? "" : `/${version.version}`;
  return { id: `${baseUrl}/secrets/${secret.name}${suffix}`, ...described(shown) };
}

export function deletedView(baseUrl: string, secret: Secret) {
  return {
    recoveryId: `${baseUrl}/deletedsecrets/${secret.name}`,
    deletedDate: secret.deleted?.at,
    scheduledPurgeDate: secret.deleted?.purgeAt,
    ...itemView(baseUrl, secret),
  };
}
