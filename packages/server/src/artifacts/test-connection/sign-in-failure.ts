// Why a service principal gets no token, from the token service's own refusal and what the directory
// knows of the ids involved (features.md A-04, B-05 to B-07; protocols.md 5.4).

import type { ConnectorTest, SecretSource } from "@callosum/contract/connector.ts";
import type { ServiceError } from "@callosum/contract/error.ts";
import type { DirectoryMatch } from "@callosum/contract/ports.ts";
import type { VerdictHop } from "@callosum/contract/verdict.ts";
import { correctLink, renewSecret, sendRequest } from "./fix.ts";
import { failed } from "./hop.ts";

export interface ServicePrincipalCredential {
  readonly clientId: string;
  readonly tenant: string;
}

export interface SignIn {
  readonly credential: ServicePrincipalCredential;
  /** The secret, in clear; never part of a finding. */
  readonly text: string;
  readonly match: DirectoryMatch | undefined;
  readonly source: SecretSource;
}

/** What a refused sign-in means for the link. */
export async function explainSignIn(
  test: ConnectorTest,
  failure: SignIn & { error: ServiceError },
): Promise<VerdictHop> {
  const { error, credential } = failure;
  const serviceMessage = `${error.code}: ${error.message}`;
  const { tenantId } = test.ports.directory;
  switch (error.code) {
    case "AADSTS90002":
      return failed("token", {
        code: "4122",
        reason: "tenantUnknown",
        message: `There is no tenant '${credential.tenant}' here.`,
        serviceMessage,
        fault: { party: "linkedService" },
        fix: correctLink(test, {
          property: "typeProperties.tenant",
          value: tenantId,
          description: `Set tenant to '${tenantId}'.`,
          clientId: failure.match?.appId,
        }),
      });
    case "AADSTS7000215":
      return wrongSecret(test, { ...failure, serviceMessage });
    case "AADSTS7000222":
      return failed("token", {
        code: "4121",
        reason: "secretExpired",
        message: `The client secret of '${credential.clientId}' has expired.`,
        serviceMessage,
        ...ofPrincipal(failure.match),
        ...renewal(test, failure),
      });
    case "AADSTS7000112":
      return disabled(failure, serviceMessage);
    default:
      return wrongClientId(test, { ...failure, serviceMessage });
  }
}

function ofPrincipal(match: DirectoryMatch | undefined) {
  const principal = match?.servicePrincipal;
  return {
    fault: {
      party: "servicePrincipal" as const,
      ...(principal ? { principalId: principal.objectId, displayName: principal.displayName } : {}),
    },
  };
}

function renewal(test: ConnectorTest, { credential, source }: SignIn) {
  const { clientId } = credential;
  const vault =
    source.kind === "vault" ? { url: source.vaultUrl, secretName: source.secretName } : undefined;
  return { fix: renewSecret(test, { clientId, vault }) };
}

async function wrongSecret(
  test: ConnectorTest,
  failure: SignIn & { serviceMessage: string },
): Promise<VerdictHop> {
  const { credential, text, match, serviceMessage } = failure;
  const meant = await test.ports.directory.identify(text);
  const isId = meant?.kind === "secretId";
  return failed("token", {
    code: "4122",
    reason: isId ? "secretIsSecretId" : "secretWrong",
    message: isId
      ? `The secret is the id of a client secret, not its value: the value is shown once, when the secret is made.`
      : `The secret is not one of the application '${credential.clientId}'.`,
    serviceMessage,
    ...ofPrincipal(match),
    ...renewal(test, failure),
  });
}

function disabled(failure: SignIn, serviceMessage: string): VerdictHop {
  const principal = failure.match?.servicePrincipal;
  const body = { accountEnabled: true };
  return failed("token", {
    code: "4122",
    reason: "servicePrincipalDisabled",
    message: `The service principal of '${failure.credential.clientId}' is disabled.`,
    serviceMessage,
    ...ofPrincipal(failure.match),
    ...(principal
      ? {
          fix: sendRequest(`Enable the service principal '${principal.displayName}'.`, {
            plane: "graph",
            method: "PATCH",
            path: `/servicePrincipals/${principal.objectId}`,
            body,
          }),
        }
      : {}),
  });
}

const mistakes: Readonly<
  Partial<Record<DirectoryMatch["kind"], { reason: string; what: string }>>
> = {
  applicationObjectId: {
    reason: "clientIdIsObjectId",
    what: "the object id of the application",
  },
  servicePrincipalObjectId: {
    reason: "clientIdIsServicePrincipalObjectId",
    what: "the object id of the service principal",
  },
  secretId: { reason: "clientIdIsSecretId", what: "the id of a client secret of" },
  displayName: { reason: "clientIdIsDisplayName", what: "the name of" },
  managedIdentity: { reason: "clientIdIsManagedIdentity", what: "the managed identity" },
  userOrGroup: { reason: "clientIdIsUserOrGroup", what: "the user or group" },
};

/** A wrong kind of id is named as what it is (features.md A-04). */
function wrongClientId(
  test: ConnectorTest,
  failure: SignIn & { serviceMessage: string },
): VerdictHop {
  const { credential, match, serviceMessage } = failure;
  const { clientId } = credential;
  const common = { code: "4122", serviceMessage, fault: { party: "linkedService" } } as const;
  if (!match) {
    return failed("token", {
      ...common,
      reason: "clientIdUnknown",
      message: `No application in the directory has the client id '${clientId}'.`,
      fix: { description: "Give the application (client) id of an app registration's overview." },
    });
  }
  if (match.kind === "clientId") return noPrincipal(match, { clientId, serviceMessage });
  const { reason, what } = mistakes[match.kind] ?? { reason: "clientIdUnknown", what: "" };
  const isOwn = match.servicePrincipal?.objectId === test.workspace.identity?.principalId;
  const message = `servicePrincipalId is ${what} '${match.displayName}', not a client id.`;
  if (match.kind === "managedIdentity" && isOwn) {
    const none = {
      servicePrincipalId: undefined,
      servicePrincipalKey: undefined,
      tenant: undefined,
    };
    const fix = correctLink(test, {
      property: "typeProperties.authentication",
      value: "MSI",
      description: "Use the workspace's identity: authentication MSI, without a secret.",
      more: { ...none, encryptedCredential: undefined },
    });
    return failed("token", { ...common, reason, message, fix });
  }
  if (match.appId === undefined || match.kind === "managedIdentity") {
    return failed("token", { ...common, reason, message });
  }
  return failed("token", {
    ...common,
    reason,
    message: `${message} The client id is '${match.appId}'.`,
    fix: correctLink(test, {
      property: "typeProperties.servicePrincipalId",
      value: match.appId,
      description: `Set servicePrincipalId to '${match.appId}'.`,
      clientId: match.appId,
    }),
  });
}

/** An app registration without the object that can be granted something (features.md B-07). */
function noPrincipal(
  match: DirectoryMatch,
  options: { clientId: string; serviceMessage: string },
): VerdictHop {
  const { clientId, serviceMessage } = options;
  return failed("token", {
    code: "4122",
    reason: "servicePrincipalMissing",
    message: `The application '${match.displayName}' has no service principal in the tenant.`,
    serviceMessage,
    fault: { party: "servicePrincipal", displayName: match.displayName },
    fix: sendRequest(`Create the service principal of '${match.displayName}'.`, {
      plane: "graph",
      method: "POST",
      path: "/servicePrincipals",
      body: { appId: clientId },
    }),
  });
}
