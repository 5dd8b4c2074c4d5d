// A secret that a parameter file refers to in a key vault, read as the principal of the command.

import type { TokenCredential } from "@azure/core-auth";
import type { Contract } from "@callosum/server/main.ts";
import { CommandError, exitCodes } from "./command.ts";
import { isJsonObject } from "./json-file.ts";
import { sendOwn } from "./own-request.ts";

const apiVersion = "7.4";

/** `{ keyVault: { id }, secretName, secretVersion? }`, the reference of ARM's parameter files. */
export async function readVaultReference(
  reference: unknown,
  reader: { contract: Contract; credential: TokenCredential; name: string },
): Promise<string> {
  const { contract, credential, name } = reader;
  const { keyVault, secretName, secretVersion } = isJsonObject(reference) ? reference : {};
  const id = isJsonObject(keyVault) ? keyVault.id : undefined;
  if (typeof id !== "string" || typeof secretName !== "string") {
    throw cannotRead(name, "its reference needs keyVault.id and secretName.");
  }
  const vault = id.split("/").at(-1) ?? "";
  if (!/^[A-Za-z][A-Za-z0-9-]{1,23}$/.test(vault)) {
    throw cannotRead(name, `'${id}' is not the id of a key vault.`);
  }
  const token = await credential.getToken("https://vault.azure.net/.default");
  const version = typeof secretVersion === "string" ? `/${encodeURIComponent(secretVersion)}` : "";
  const path = `/secrets/${encodeURIComponent(secretName)}${version}`;
  const { status, body } = await sendOwn(contract, {
    url: `${contract.origin}${path}?api-version=${apiVersion}`,
    hostName: `${vault.toLowerCase()}.vault.azure.net`,
    headers: { authorization: `Bearer ${token?.token}` },
  });
  const { value, error } = (body ?? {}) as { value?: string; error?: { message?: string } };
  if (status === 200 && value !== undefined) return value;
  const isRefused = status === 401 || status === 403;
  throw cannotRead(
    name,
    error?.message ?? `the key vault '${vault}' answered ${status}.`,
    isRefused,
  );
}

function cannotRead(name: string, reason: string, isRefused = false): CommandError {
  return new CommandError({
    code: "ParameterUnreadable",
    message: `The value of the parameter '${name}' cannot be had: ${reason}`,
    exitCode: isRefused ? exitCodes.refused : exitCodes.failed,
  });
}
