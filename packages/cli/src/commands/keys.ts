// `callosum keys`: the signing keys of the token service. The running instance rotates when its
// process is told to (SIGUSR2, up.ts); nobody but its owner can.

import { setTimeout as sleep } from "node:timers/promises";
import type { Contract } from "@callosum/server/main.ts";
import { CommandError, defineCommand } from "../command.ts";
import { requireInstance } from "../instance.ts";

const rotateTimeoutMs = 10_000;
const pollMs = 20;

interface PublicKey {
  readonly kid: string;
  readonly alg?: string;
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
    const before = await listKeys(contract);
    if (action === "list") {
      return {
        json: { keys: before },
        text: before.map(({ kid }, index) => `${kid}  ${index === 0 ? "signs" : "verifies"}`),
      };
    }
    process.kill(contract.pid, "SIGUSR2");
    const deadlineMs = performance.now() + rotateTimeoutMs;
    for (;;) {
      const [newest] = await listKeys(contract);
      if (newest && newest.kid !== before[0]?.kid) {
        return { json: { signing: newest.kid }, text: [`${newest.kid} signs from now on.`] };
      }
      if (performance.now() > deadlineMs) {
        throw new CommandError({
          code: "NotRotated",
          message: "No new key has appeared; the log of the instance says why.",
        });
      }
      await sleep(pollMs);
    }
  },
});

async function listKeys(contract: Contract): Promise<readonly PublicKey[]> {
  const { getJson } = await import("../own-request.ts");
  const { tenantId, endpoints } = contract;
  const url = `${endpoints.login}/${tenantId}/discovery/v2.0/keys`;
  return ((await getJson(contract, url)) as { keys: PublicKey[] }).keys;
}
