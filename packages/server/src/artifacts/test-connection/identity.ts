// The token hop: the identity that the link connects as. A principal that is known although its token
// is not had is still looked at by the later hops, so that pairs of causes are named.

import type { ConnectorTest, SecretSource } from "@callosum/contract/connector.ts";
import { ServiceError } from "@callosum/contract/error.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type { FaultParty, VerdictHop } from "@callosum/contract/verdict.ts";
import { checkCredentialUse, systemIdentity } from "./caller.ts";
import { renewSecret, sendRequest } from "./fix.ts";
import { failed, passed, skipped } from "./hop.ts";
import { explainSignIn, type ServicePrincipalCredential, type SignIn } from "./sign-in-failure.ts";
import { readVaultSecret } from "./vault-secret.ts";

export interface Identity {
  readonly findings: readonly VerdictHop[];
  readonly party: Extract<FaultParty, "workspaceIdentity" | "servicePrincipal">;
  /** Undefined when nothing more can be said about what it may do. */
  readonly principal: Principal | undefined;
}

/** Whether the link connects as that identity: the caller may use it and its credential is right. */
export function isProven({ findings }: Identity): boolean {
  return findings.every(({ status }) => status === "passed");
}

/**
 * What an identity may do is told to whoever proved to be it, and to whoever may see role assignments
 * at the scope; otherwise anybody could ask for anybody's roles.
 */
export async function mayTell(
  test: ConnectorTest,
  options: { identity: Identity; scope: string },
): Promise<boolean> {
  const { identity, scope } = options;
  if (isProven(identity)) return true;
  const action = "Microsoft.Authorization/roleAssignments/read";
  return test.ports.authorizer.allows(test.caller, { action, scope });
}

/** The workspace's managed identity. */
export async function workspaceIdentity(test: ConnectorTest): Promise<Identity> {
  const party = "workspaceIdentity";
  const { workspace, ports } = test;
  const refused = await checkCredentialUse(test, systemIdentity);
  const principalId = workspace.identity?.principalId;
  const principal = principalId && (await ports.directory.asPrincipal(principalId));
  if (principal) {
    const findings = [
      refused ??
        passed("token", `'${principal.displayName}' has a token: the workspace's identity.`),
    ];
    return { findings, party, principal };
  }
  const request = {
    plane: "arm",
    method: "PATCH",
    path: `${workspace.id}?api-version=2021-06-01`,
    body: { identity: { type: "SystemAssigned" } },
  } as const;
  const missing = failed("token", {
    code: "4122",
    reason: "workspaceIdentityMissing",
    message: `The workspace '${workspace.name}' has no managed identity.`,
    fault: { party: "synapseWorkspace" },
    fix: sendRequest(`Give '${workspace.name}' a system-assigned identity.`, request),
  });
  return { findings: refused ? [refused, missing] : [missing], party, principal: undefined };
}

/** A service principal with a secret from the definition or from a vault. */
export async function servicePrincipal(
  test: ConnectorTest,
  credential: ServicePrincipalCredential,
): Promise<Identity> {
  const party = "servicePrincipal";
  const match = await test.ports.directory.identify(credential.clientId);
  const source = await test.secret("servicePrincipalKey");
  // Whoever was meant by a wrong kind of id is looked at too.
  const known = match?.servicePrincipal;
  const principal = known && (await test.ports.directory.asPrincipal(known.objectId));
  if (!source) return { findings: [noSecret(test, credential)], party, principal };
  const refused = await checkUse(test, source);
  if (refused) return { findings: [refused], party, principal };
  if (source.kind === "unusable") {
    const { reason, message } = source;
    const fault = { party: "linkedService" } as const;
    return {
      findings: [failed("token", { code: "4112", reason, message, fault })],
      party,
      principal,
    };
  }
  const clientId = match?.kind === "clientId" ? match.appId : undefined;
  const { text, problem } = await openSource(test, { source, clientId });
  const findings = problem ? [problem] : [];
  if (text === undefined) return { findings: [...findings, unasked()], party, principal };
  findings.push(await signIn(test, { credential, text, match, source }));
  return { findings, party, principal };
}

function unasked(): VerdictHop {
  return skipped("token", "Without the secret no token can be asked for.", "secretNotRead");
}

function noSecret(test: ConnectorTest, { clientId }: ServicePrincipalCredential): VerdictHop {
  return failed("token", {
    code: "2103",
    reason: "secretMissing",
    message: `The linked service has no secret for the application '${clientId}'.`,
    fault: { party: "linkedService" },
    fix: renewSecret(test, { clientId }),
  });
}

/** A secret that the caller sends in clear is the caller's own to use. */
async function checkUse(
  test: ConnectorTest,
  source: SecretSource,
): Promise<VerdictHop | undefined> {
  if (source.kind === "vault") return checkCredentialUse(test, systemIdentity);
  if (source.kind === "unusable" || !source.isStored) return undefined;
  return checkCredentialUse(test, `linkedServices/${test.linkName}`);
}

async function openSource(
  test: ConnectorTest,
  options: { source: Exclude<SecretSource, { kind: "unusable" }>; clientId: string | undefined },
): Promise<{ text?: string; problem?: VerdictHop }> {
  const { source, clientId } = options;
  if (source.kind === "inline") return { text: source.text };
  const principalId = test.workspace.identity?.principalId;
  const reader = principalId && (await test.ports.directory.asPrincipal(principalId));
  if (reader) return readVaultSecret(test, { source, reader, clientId });
  const { findings } = await workspaceIdentity(test);
  const problem = findings.find(({ status }) => status === "failed");
  return problem ? { problem } : {};
}

async function signIn(test: ConnectorTest, attempt: SignIn): Promise<VerdictHop> {
  const { credential, text } = attempt;
  const { clientId, tenant } = credential;
  try {
    const principal = await test.ports.directory.verifyClientSecret({
      tenant,
      clientId,
      clientSecret: text,
    });
    return passed("token", `'${principal.displayName}' has a token: client id and secret match.`);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return explainSignIn(test, { ...attempt, error });
  }
}
