// `callosum keys`: the signing keys of the token service.

import type { Contract } from "@callosum/server/main.ts";
import { defineCommand } from "../command.ts";
import { requireInstance } from "../instance.ts";

interface PublicKey {
  readonly kid: string;
}

export const keys = defineCommand({
  name: "keys",
  summary: "List or rotate the keys that sign tokens",
  description: "Tokens signed with an older key stay valid until they expire.",
  arguments: [
    { name: "action", summary: "What to do", choices: ["list", "rotate"], isRequired: true },
  ],
  options: {},
  examples: [
    { command: "callosum keys list", summary: "Newest first; the first one signs" },
    { command: "callosum keys rotate", summary: "Sign with a new key from now on" },
  ],
  async run({ arguments: { action }, dataDirectory }) {
    const contract = await requireInstance(dataDirectory);
    if (action === "rotate") return rotate(contract);
    const { getJson } = await import("../own-request.ts");
    const url = `${contract.endpoints.login}/${contract.tenantId}/discovery/v2.0/keys`;
    const { keys: found } = (await getJson(contract, url)) as { keys: PublicKey[] };
    return {
      json: { keys: found },
      text: found.map(({ kid }, index) => `${kid}  ${index === 0 ? "signs" : "verifies"}`),
    };
  },
});

async function rotate(contract: Contract) {
  const { adminCredential } = await import("../api.ts");
  const { sendOwn } = await import("../own-request.ts");
  const scope = "https://management.azure.com/.default";
  const token = await adminCredential(contract).getToken(scope);
  const { status, body } = await sendOwn(contract, {
    method: "POST",
    url: `${contract.endpoints.login}/${contract.tenantId}/callosum/keys/rotate`,
    headers: { authorization: `Bearer ${token?.token}` },
  });
  if (status !== 200) throw new Error(`Rotating answered status ${status}.`);
  const { keyId } = body as { keyId: string };
  return { json: { signing: keyId }, text: [`${keyId} signs from now on.`] };
}
