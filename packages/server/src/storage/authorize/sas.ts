// Shared access signatures: what they say, whether they are ours, and when they hold
// (learn.microsoft.com: Create an account SAS, a service SAS, a user delegation SAS).

import { createHmac } from "node:crypto";
import { fail } from "@callosum/contract/error-catalogue.ts";
import { delegationSecretName, type StoredAccessPolicy } from "@callosum/contract/lake.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import {
  accountSasText,
  type SasFields,
  serviceSasText,
  userDelegationKeyText,
  userDelegationSasText,
} from "@callosum/contract/storage-sas.ts";
import type { Call } from "../../http/route.ts";
import { refuse } from "../error-catalogue.ts";
import { type Account, findContainer, type Service } from "../lake/container.ts";
import type { LakeHost } from "../lake/host.ts";
import { includesAddress } from "./address.ts";
import { accountKeys, isSignature } from "./shared-key.ts";

export interface SasClaims {
  readonly kind: "account" | "service" | "delegation";
  /** Letters, with those of the stored policy. */
  readonly permissions: string;
  /** Of account signatures: `s`, `c`, `o`. */
  readonly resourceTypes: string;
  /** Who made the delegation key; holds no more than this principal may. */
  readonly principal: Principal | undefined;
  /** Response headers that the signature sets. */
  readonly fields: SasFields;
}

/** What a request is about, as signatures name it. */
export interface SasTarget {
  readonly service: Service;
  readonly container: string;
  /** "" for the container itself. */
  readonly path: string;
}

const versionFirst = "2015-04-05";

export function hasSignature(query: URLSearchParams): boolean {
  return query.has("sig");
}

/** Checks everything but the permission for the operation; rejects with the service's error. */
export async function verifySas(
  host: LakeHost,
  options: { account: Account; call: Call; query: URLSearchParams; target: SasTarget },
): Promise<SasClaims> {
  const { account, call, query, target } = options;
  const fields: SasFields = Object.fromEntries(query);
  const { sv = "", sig = "" } = fields;
  if (!/^\d{4}-\d\d-\d\d$/.test(sv) || sv < versionFirst)
    throw failed("sv is not a version that knows signatures of this form.");
  if ((fields.ses ?? "") !== "") {
    throw fail.NotSupportedHere({
      what: `A signature with the encryption scope '${fields.ses}'`,
      reason: "an account has one encryption scope.",
    });
  }
  const given = Buffer.from(sig, "base64");
  const claims = await claimsOf(host, { account, fields, given, target, call });
  requireTime(host, fields, claims.policy);
  requireAddress(fields, call.remoteAddress);
  if (fields.spr !== undefined && !fields.spr.split(",").includes("https"))
    throw refuse.AuthorizationProtocolMismatch({});
  if (claims.kind === "account" && !(fields.ss ?? "").includes("b"))
    throw refuse.AuthorizationServiceMismatch({});
  return {
    kind: claims.kind,
    permissions: `${fields.sp ?? ""}${claims.policy?.permission ?? ""}`,
    resourceTypes: fields.srt ?? "",
    principal: claims.principal,
    fields,
  };
}

interface Verified {
  readonly kind: SasClaims["kind"];
  readonly principal: Principal | undefined;
  readonly policy: StoredAccessPolicy | undefined;
}

interface ClaimOptions {
  readonly account: Account;
  readonly fields: SasFields;
  readonly given: Buffer;
  readonly target: SasTarget;
  readonly call: Call;
}

async function claimsOf(host: LakeHost, options: ClaimOptions): Promise<Verified> {
  const { account, fields, given, target } = options;
  if (fields.skoid !== undefined) return delegationClaims(host, options);
  if (account.properties.allowSharedKeyAccess === false)
    throw refuse.KeyBasedAuthenticationNotPermitted({});
  const keys = await accountKeys(host, account);
  if (fields.ss !== undefined || fields.srt !== undefined) {
    const text = accountSasText({ accountName: account.name, fields });
    if (!keys.some(({ key }) => isSignature(text, key, given))) throw mismatch(text);
    return { kind: "account", principal: undefined, policy: undefined };
  }
  const text = serviceSasText({ canonicalName: canonicalName(account, fields, target), fields });
  if (!keys.some(({ key }) => isSignature(text, key, given))) throw mismatch(text);
  const policy = await storedPolicy(host, { account, container: target.container, fields });
  return { kind: "service", principal: undefined, policy };
}

async function delegationClaims(host: LakeHost, options: ClaimOptions): Promise<Verified> {
  const { account, fields, given, target, call } = options;
  if ((fields.sduoid ?? fields.skdutid ?? "") !== "") {
    throw fail.NotSupportedHere({
      what: "A signature for one delegated user (sduoid)",
      reason: "a signature is good for whoever has it.",
    });
  }
  const key = await userDelegationKey(host, account, fields);
  const text = userDelegationSasText({
    canonicalName: canonicalName(account, fields, target),
    fields,
    requestHeaders: signedHeaders(fields.srh, call),
    requestQuery: signedQuery(fields.srq, call),
  });
  if (!isSignature(text, key, given)) throw mismatch(text);
  const nowMs = host.clock.now().getTime();
  const isKeyTimely = Date.parse(fields.skt ?? "") <= nowMs && nowMs < Date.parse(fields.ske ?? "");
  if (!isKeyTimely || fields.sks !== "b")
    throw failed("The user delegation key is not valid at this time or for this service.");
  const principal = await host.directory.asPrincipal(fields.skoid ?? "");
  if (!principal || fields.sktid !== host.tenantId)
    throw failed("The principal of the user delegation key does not exist or is disabled.");
  return { kind: "delegation", principal, policy: undefined };
}

/**
 * The value of a user delegation key follows from its fields and a secret of the account, so none is
 * stored; revoking changes what it follows from.
 */
export async function userDelegationKey(
  host: LakeHost,
  account: Account,
  fields: SasFields,
): Promise<Buffer> {
  const secret = await host.openSecret(account.key, delegationSecretName);
  if (!secret) throw new Error(`The account '${account.id}' has no secret for delegation.`);
  const text = `${userDelegationKeyText(fields)}\n${account.properties.userDelegationKeysFrom ?? ""}`;
  return createHmac("sha256", secret).update(text, "utf8").digest();
}

/** `/blob/{account}/{container}[/{path}]`, by what the signature says that it is for. */
function canonicalName(account: Account, fields: SasFields, target: SasTarget): string {
  const root = `/blob/${account.name}/${target.container}`;
  switch (fields.sr) {
    case "c":
      return root;
    case "b":
      return `${root}/${target.path}`;
    case "d": {
      const depth = Number(fields.sdd ?? "");
      const segments = target.path.split("/").filter((segment) => segment !== "");
      if (!Number.isInteger(depth) || depth < 0 || segments.length < depth)
        throw failed("The directory depth of the signature does not fit the path.");
      return depth === 0 ? `${root}/` : `${root}/${segments.slice(0, depth).join("/")}`;
    }
    case "bs":
    case "bv":
      throw fail.NotSupportedHere({
        what: "A signature for a snapshot or version",
        reason: "blobs are kept without versions.",
      });
    default:
      throw failed("sr is not a kind of resource that is served here.");
  }
}

/** The stored access policy that `si` names; its fields and the signature's must not repeat. */
async function storedPolicy(
  host: LakeHost,
  options: { account: Account; container: string; fields: SasFields },
): Promise<StoredAccessPolicy | undefined> {
  const { account, container, fields } = options;
  if (fields.si === undefined) return undefined;
  const found = await findContainer(host.store.read, account, container);
  const policy = found?.state.accessPolicies?.find(({ id }) => id === fields.si);
  if (!policy) throw failed(`There is no stored access policy '${fields.si}'.`);
  const repeated =
    (policy.permission && fields.sp) || (policy.expiry && fields.se) || (policy.start && fields.st);
  if (repeated) throw failed("The signature repeats what its stored access policy says.");
  return policy;
}

function requireTime(
  host: LakeHost,
  fields: SasFields,
  policy: StoredAccessPolicy | undefined,
): void {
  const start = fields.st ?? policy?.start;
  const expiry = fields.se ?? policy?.expiry;
  const now = host.clock.now();
  const startMs = start === undefined ? Number.NEGATIVE_INFINITY : Date.parse(start);
  const expiryMs = Date.parse(expiry ?? "");
  if (Number.isNaN(startMs) || Number.isNaN(expiryMs))
    throw failed("Signature fields not well formed.");
  if (now.getTime() >= startMs && now.getTime() < expiryMs) return;
  throw failed(
    `Signature not valid in the specified time frame: Start [${start ?? ""}] - Expiry [${expiry}] - Current [${now.toUTCString()}]`,
  );
}

function requireAddress({ sip }: SasFields, address: string): void {
  if (sip === undefined || sip === "" || includesAddress(sip, address)) return;
  throw refuse.AuthorizationSourceIPMismatch({});
}

function signedHeaders(names: string | undefined, call: Call): string {
  if (names === undefined || names === "") return "";
  return names
    .split(",")
    .map((name) => `${name}:${String(call.headers[name.toLowerCase()] ?? "")}\n`)
    .join("");
}

function signedQuery(names: string | undefined, call: Call): string {
  if (names === undefined || names === "") return "";
  return names
    .split(",")
    .map((name) => `\n${name}:${call.query.get(name.toLowerCase()) ?? ""}`)
    .join("");
}

function mismatch(text: string) {
  return failed(`Signature did not match. String to sign used was ${text}`);
}

function failed(why: string) {
  return refuse.AuthenticationFailed({ why });
}
