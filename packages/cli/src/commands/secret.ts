// `callosum secret set`: a secret into a key vault, for linked services that name one there.

import { asOption, asPrincipal } from "../as-principal.ts";
import { CommandError, defineCommand, exitCodes, usageError } from "../command.ts";

const apiVersion = "7.4";
const scope = "https://vault.azure.net/.default";
/** OpenAPI keyvault 7.4, SetSecret. */
const namePattern = /^[0-9A-Za-z-]{1,127}$/;

export const secret = defineCommand({
  name: "secret",
  summary: "Put a secret into a key vault",
  description:
    "The value is asked for, or read from stdin, and never shown. Each set makes a new version.",
  arguments: [{ name: "action", summary: "What to do", choices: ["set"], isRequired: true }],
  options: {
    vault: {
      kind: "text",
      value: "VAULT",
      summary: "Key vault, by name, resource id or address",
      isRequired: true,
    },
    name: { kind: "text", value: "NAME", summary: "Name of the secret", isRequired: true },
    as: asOption("Who sets it"),
  },
  examples: [
    { command: "callosum secret set --vault vault1 --name ml-key", summary: "Asks for the value" },
  ],
  async run(request) {
    const { options, terminal } = request;
    const { name } = options;
    if (!namePattern.test(name)) {
      throw usageError(`--name '${name}': 1 to 127 letters, digits and '-'.`);
    }
    const vault = vaultName(options.vault);
    return asPrincipal(request, async ({ credential, contract }) => {
      const value = await terminal.readSecret(`Value of '${name}': `);
      if (value === "") throw usageError("There is no value: nothing was read.");
      const { sendOwn } = await import("../own-request.ts");
      const token = await credential.getToken(scope);
      const hostName = `${vault}.vault.azure.net`;
      const { status, body } = await sendOwn(contract, {
        method: "PUT",
        url: `${contract.origin}/secrets/${name}?api-version=${apiVersion}`,
        hostName,
        headers: {
          authorization: `Bearer ${token?.token}`,
          "content-type": "application/json",
        },
        body: JSON.stringify({ value }),
      });
      if (status !== 200) throw refusal(status, body);
      const { id } = body as { id: string };
      return { json: { id }, text: [`Set: ${id}`] };
    });
  },
});

function vaultName(text: string): string {
  const name = /^https:\/\/([^./]+)\.vault\./i.exec(text)?.[1] ?? text.split("/").at(-1) ?? "";
  if (/^[A-Za-z][A-Za-z0-9-]{1,23}$/.test(name)) return name.toLowerCase();
  throw usageError(`--vault '${text}' is no key vault's name, resource id or address.`);
}

function refusal(status: number, body: unknown): CommandError {
  const { error } = (body ?? {}) as { error?: { code?: string; message?: string } };
  const isRefused = status === 401 || status === 403;
  return new CommandError({
    code: error?.code ?? `Status${status}`,
    message: error?.message ?? `The key vault answered status ${status}.`,
    exitCode: isRefused ? exitCodes.refused : exitCodes.failed,
  });
}
