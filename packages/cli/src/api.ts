// The CLI's own requests: the SDK over the running instance, signed in by client_credentials as the
// Owner application. Other principals are sign-in.ts.

import { readFileSync } from "node:fs";
import type { AccessToken, TokenCredential } from "@azure/core-auth";
import { type Connection, connect } from "@callosum/sdk/connection.ts";
import type { Contract } from "@callosum/server/main.ts";
import { CommandError, exitCodes } from "./command.ts";
import { type Application, adminOf } from "./instance.ts";
import { type OwnAnswer, postForm } from "./own-request.ts";

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

export function adminCredential(contract: Contract): TokenCredential {
  return applicationCredential(contract, adminOf(contract));
}

export function applicationCredential(
  contract: Contract,
  application: Application,
): TokenCredential {
  return tokenEndpointCredential(contract, {
    grant_type: "client_credentials",
    client_id: application.clientId,
    client_secret: application.clientSecret,
  });
}

export function tokenEndpointCredential(
  contract: Contract,
  form: Readonly<Record<string, string>>,
): TokenCredential {
  const url = `${contract.endpoints.login}/${contract.tenantId}/oauth2/v2.0/token`;
  return once(async (scope) => readToken(await postForm(contract, url, { ...form, scope })));
}

/** One request for each audience: a command ends long before its tokens do. */
export function once(request: (scope: string) => Promise<AccessToken>): TokenCredential {
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

export function readToken({ status, body }: OwnAnswer): AccessToken {
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
