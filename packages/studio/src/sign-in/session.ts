// Who is signed in, and tokens for each plane: authorization code with PKCE against our identity
// plane. Tokens live in this module's memory only; after a reload the identity plane's own session
// cookie signs in again without a question.

import { createProof, randomText } from "./pkce.ts";

const clientId = "c0117a11-0a50-4c11-8e55-7d1057d10517";
const authority = "/organizations/oauth2/v2.0";
const pendingKey = "callosum.sign-in";
/** A token is renewed this long before it ends. */
const renewalMs = 5 * 60_000;

/** Audiences of the planes that the studio calls. */
export const resources = {
  arm: "https://management.azure.com",
  graph: "https://graph.microsoft.com",
  synapse: "https://dev.azuresynapse.net",
  ml: "https://ml.azure.com",
  storage: "https://storage.azure.com",
  sql: "https://database.windows.net",
} as const;

export type Resource = keyof typeof resources;

export interface Account {
  readonly name: string;
  readonly userName: string;
  readonly objectId: string;
  readonly tenantId: string;
}

interface Pending {
  readonly state: string;
  readonly verifier: string;
  readonly returnTo: string;
}

interface TokenAnswer {
  readonly access_token: string;
  readonly expires_in: number;
  readonly refresh_token?: string;
  readonly id_token?: string;
}

/** Sign-in came back with an error instead of a code. */
export class SignInError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = "SignInError";
    this.code = code;
  }
}

let refreshToken: string | undefined;
let account: Account | undefined;
const tokens = new Map<Resource, { text: string; renewAtMs: number }>();
const renewals = new Map<Resource, Promise<string>>();

const redirectUri = () => `${location.origin}/studio/`;

/**
 * Runs once, before anything is drawn. The account, or undefined when the browser is on its way to
 * the sign-in page. Throws SignInError when the identity plane refused.
 */
export async function startSession(): Promise<Account | undefined> {
  const answer = new URLSearchParams(location.search);
  const code = answer.get("code");
  const pending = takePending();
  if (answer.has("error")) {
    history.replaceState(null, "", "/studio/");
    throw new SignInError(
      answer.get("error") ?? "",
      answer.get("error_description") ?? "Signing in was refused.",
    );
  }
  if (code === null || pending === undefined || pending.state !== answer.get("state")) {
    await beginSignIn();
    return undefined;
  }
  history.replaceState(null, "", pending.returnTo);
  const form = {
    grant_type: "authorization_code",
    code,
    code_verifier: pending.verifier,
    redirect_uri: redirectUri(),
  };
  remember("arm", await requestToken("arm", form));
  return account;
}

/** Sends the browser to sign in and back to where it is. */
export async function beginSignIn(): Promise<void> {
  const { verifier, challenge } = await createProof();
  const state = randomText(16);
  const here = new URL(location.href);
  for (const name of ["code", "state", "session_state", "error", "error_description"]) {
    here.searchParams.delete(name);
  }
  const pending: Pending = { state, verifier, returnTo: here.pathname + here.search };
  sessionStorage.setItem(pendingKey, JSON.stringify(pending));
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    response_mode: "query",
    redirect_uri: redirectUri(),
    scope: scopeOf("arm"),
    state,
    code_challenge: challenge,
    code_challenge_method: "S256",
  });
  location.assign(`${authority}/authorize?${query}`);
}

export function signOut(): void {
  tokens.clear();
  refreshToken = undefined;
  const query = new URLSearchParams({ post_logout_redirect_uri: redirectUri() });
  location.assign(`${authority}/logout?${query}`);
}

/** A token for a plane; a person whose session has ended is sent to sign in. */
export async function accessToken(resource: Resource): Promise<string> {
  const known = tokens.get(resource);
  if (known && known.renewAtMs > Date.now()) return known.text;
  const running = renewals.get(resource);
  if (running) return await running;
  const renewal = renew(resource).finally(() => renewals.delete(resource));
  renewals.set(resource, renewal);
  return await renewal;
}

/** The next call asks for a new token: the server refused the one that we have. */
export function forgetToken(resource: Resource): void {
  tokens.delete(resource);
}

async function renew(resource: Resource): Promise<string> {
  try {
    const form = { grant_type: "refresh_token", refresh_token: refreshToken ?? "" };
    return remember(resource, await requestToken(resource, form));
  } catch (error) {
    if (error instanceof SignInError) {
      await beginSignIn();
      return await new Promise<never>(() => {});
    }
    throw error;
  }
}

async function requestToken(
  resource: Resource,
  form: Record<string, string>,
): Promise<TokenAnswer> {
  const response = await fetch(`${authority}/token`, {
    method: "POST",
    body: new URLSearchParams({ client_id: clientId, scope: scopeOf(resource), ...form }),
  });
  const body = await response.json();
  if (!response.ok) throw new SignInError(body.error, body.error_description);
  return body;
}

function remember(resource: Resource, answer: TokenAnswer): string {
  if (answer.refresh_token) refreshToken = answer.refresh_token;
  if (answer.id_token) account = readAccount(answer.id_token);
  const renewAtMs = Date.now() + answer.expires_in * 1000 - renewalMs;
  tokens.set(resource, { text: answer.access_token, renewAtMs });
  return answer.access_token;
}

function readAccount(idToken: string): Account {
  const payload = (idToken.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(payload), (letter) => letter.charCodeAt(0));
  const claims = JSON.parse(new TextDecoder().decode(bytes));
  return {
    name: claims.name ?? claims.preferred_username,
    userName: claims.preferred_username,
    objectId: claims.oid,
    tenantId: claims.tid,
  };
}

function scopeOf(resource: Resource): string {
  return `${resources[resource]}/.default openid profile offline_access`;
}

function takePending(): Pending | undefined {
  const text = sessionStorage.getItem(pendingKey);
  sessionStorage.removeItem(pendingKey);
  return text === null ? undefined : JSON.parse(text);
}
