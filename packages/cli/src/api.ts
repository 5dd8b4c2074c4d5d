// The CLI's own requests: the SDK over the running instance, signed in by client_credentials as the
// Owner application, or as the principal of --as.

import { readFileSync } from "node:fs";
import type { AccessToken, TokenCredential } from "@azure/core-auth";
import { type Connection, connect } from "@callosum/sdk/connection.ts";
import type { Contract } from "@callosum/server/main.ts";
import type { Actor } from "./actor.ts";
import { CommandError, exitCodes } from "./command.ts";
import { type Application, adminOf } from "./instance.ts";
import { type OwnAnswer, postForm, sendOwn } from "./own-request.ts";

/** The public client that people sign in with on a command line: az's (protocols.md 5.4). */
const commandLineClientId = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/** A connection as the Owner application, or with another credential. */
export function openApi(contract: Contract, credential?: TokenCredential): Connection {
  const { endpoints, caFile } = contract;
  return connect({
    credential: credential ?? adminCredential(contract),
    endpoints: {
      resourceManager: endpoints.resourceManager,
      synapse: endpoints.synapse,
      graph: endpoints.graph,
    },
    // Our own origin, whatever the caller's proxy is.
    proxy: "none",
    retryCountMax: 1,
    pipeline: { tlsOptions: { ca: readFileSync(caFile, "utf8") } },
  });
}

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
  const { actAs } = await import("./actor.ts");
  const { actor, close } = await actAs(as, request);
  const credential = credentialOf(contract, actor);
  return { api: openApi(contract, credential), credential, close };
}

export function adminCredential(contract: Contract): TokenCredential {
  return applicationCredential(contract, adminOf(contract));
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

function applicationCredential(contract: Contract, application: Application): TokenCredential {
  return tokenEndpointCredential(contract, {
    grant_type: "client_credentials",
    client_id: application.clientId,
    client_secret: application.clientSecret,
  });
}

function tokenEndpointCredential(
  contract: Contract,
  form: Readonly<Record<string, string>>,
): TokenCredential {
  const url = `${contract.endpoints.login}/${contract.tenantId}/oauth2/v2.0/token`;
  return once(async (scope) => readToken(await postForm(contract, url, { ...form, scope })));
}

/** One request for each audience: a command ends long before its tokens do. */
function once(request: (scope: string) => Promise<AccessToken>): TokenCredential {
  const tokens = new Map<string, Promise<AccessToken>>();
  return {
    getToken(scopes) {
      const scope = [scopes].flat().join(" ");
      const token = tokens.get(scope) ?? request(scope);
      tokens.set(scope, token);
      return token;
    },
  };
}

function readToken({ status, body }: OwnAnswer): AccessToken {
  const answer = body as {
    access_token?: string;
    /** Seconds, of the token endpoint. */
    expires_in?: number;
    /** Seconds since 1970 as text, of the managed-identity endpoint. */
    expires_on?: string;
    error?: string;
    error_description?: string;
  };
  if (status === 200 && answer.access_token !== undefined) {
    const expiresOnTimestamp =
      answer.expires_in === undefined
        ? Number(answer.expires_on) * 1_000
        : Date.now() + answer.expires_in * 1_000;
    return { token: answer.access_token, expiresOnTimestamp };
  }
  throw new CommandError({
    code: answer.error ?? "SignInFailed",
    message: answer.error_description?.split(/\r?\n/)[0] ?? `Signing in answered status ${status}.`,
    exitCode: exitCodes.refused,
  });
}
