// The CLI's own requests as the principal of --as.

import { readFileSync } from "node:fs";
import type { TokenCredential } from "@azure/core-auth";
import type { Connection } from "@callosum/sdk/connection.ts";
import type { Contract } from "@callosum/server/main.ts";
import { type Actor, actAs } from "./actor.ts";
import {
  adminCredential,
  applicationCredential,
  once,
  openApi,
  readToken,
  tokenEndpointCredential,
} from "./api.ts";
import { sendOwn } from "./own-request.ts";

/** The public client that people sign in with on a command line: az's (protocols.md 5.4). */
const commandLineClientId = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/** A connection as the principal of --as; `close` when the work is done. */
export async function openApiAs(
  as: string | undefined,
  request: { contract: Contract; environment: NodeJS.ProcessEnv },
): Promise<{ api: Connection; credential: TokenCredential; close(): Promise<void> }> {
  const { contract } = request;
  if (as === undefined || as === "admin") {
    const credential = adminCredential(contract);
    return { api: openApi(contract, credential), credential, close: async () => {} };
  }
  const { actor, close } = await actAs(as, request);
  const credential = credentialOf(contract, actor);
  return { api: openApi(contract, credential), credential, close };
}

function credentialOf(contract: Contract, actor: Actor): TokenCredential {
  switch (actor.kind) {
    case "application":
      return applicationCredential(contract, actor);
    case "user":
      return tokenEndpointCredential(contract, {
        grant_type: "password",
        client_id: commandLineClientId,
        username: contract.user.upn,
        password: readFileSync(contract.user.passwordFile, "utf8").trim(),
      });
    case "managedIdentity":
      return once(async (scope) => {
        const resource = encodeURIComponent(scope.replace(/\/\.default$/, ""));
        const { endpoint: url, header } = actor;
        const answer = await sendOwn(contract, {
          url: `${url}?api-version=2019-08-01&resource=${resource}`,
          headers: { "x-identity-header": header },
        });
        return readToken(answer);
      });
    default:
      return actor satisfies never;
  }
}
