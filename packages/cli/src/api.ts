// The CLI's own requests: the SDK over the running instance, signed in by client_credentials as the
// Owner application, or as the principal of --as.

import { readFileSync } from "node:fs";
import type { AccessToken, TokenCredential } from "@azure/core-auth";
import { type Connection, connect } from "@callosum/sdk/connection.ts";
import type { Contract } from "@callosum/server/main.ts";
import { CommandError, exitCodes } from "./command.ts";
import { postForm } from "./own-request.ts";

export interface Application {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A connection as the Owner application, or as another one. */
export function openApi(contract: Contract, application?: Application): Connection {
  const { endpoints, caFile } = contract;
  return connect({
    credential: createCredential(contract, application ?? adminOf(contract)),
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

/** The Owner application of the first start. */
export function adminOf({ admin }: Contract): Application {
  return {
    clientId: admin.clientId,
    clientSecret: readFileSync(admin.secretFile, "utf8").trim(),
  };
}

/** Tokens by client_credentials, one request for each audience. */
export function createCredential(contract: Contract, application: Application): TokenCredential {
  const tokens = new Map<string, Promise<AccessToken>>();
  return {
    getToken(scopes) {
      const scope = [scopes].flat().join(" ");
      const token = tokens.get(scope) ?? requestToken(contract, { application, scope });
      tokens.set(scope, token);
      return token;
    },
  };
}

async function requestToken(
  contract: Contract,
  { application, scope }: { application: Application; scope: string },
): Promise<AccessToken> {
  const url = `${contract.endpoints.login}/${contract.tenantId}/oauth2/v2.0/token`;
  const { status, body } = await postForm(contract, url, {
    grant_type: "client_credentials",
    client_id: application.clientId,
    client_secret: application.clientSecret,
    scope,
  });
  const answer = body as {
    access_token?: string;
    expires_in?: number;
    error?: string;
    error_description?: string;
  };
  if (status === 200 && answer.access_token !== undefined) {
    const lifetimeMs = (answer.expires_in ?? 0) * 1_000;
    return { token: answer.access_token, expiresOnTimestamp: Date.now() + lifetimeMs };
  }
  throw new CommandError({
    code: answer.error ?? "SignInFailed",
    message: answer.error_description?.split(/\r?\n/)[0] ?? `Signing in answered status ${status}.`,
    exitCode: exitCodes.refused,
  });
}
