// Where codes may be sent to: exactly what the application registered, loopback on any port where
// that was registered or for Microsoft's public clients, our studio, the native client's page.

import type { Client } from "./client.ts";
import { aadsts } from "./error-catalogue.ts";
import { studioClientId } from "./first-party-client.ts";

/** What redeems the code: with a secret, with nothing, or a browser's script with PKCE. */
export type Platform = "web" | "publicClient" | "spa";

const platforms = ["web", "spa", "publicClient"] as const;
export const nativeClientPath = "/common/oauth2/nativeclient";
const azureNativeClient = `https://login.microsoftonline.com${nativeClientPath}`;
const loopbackHosts = ["localhost", "127.0.0.1"];

/** The platform of a redirect address; AADSTS50011 when it is not the client's. */
export function matchRedirect(
  client: Client,
  { redirectUri, own }: { redirectUri: string; own: string },
): Platform {
  for (const platform of platforms) {
    if (registered(client, platform).some((uri) => isSame(uri, redirectUri))) return platform;
  }
  if (client.appId === studioClientId) {
    if (redirectUri === `${own}/studio/`) return "spa";
  } else if (client.isPublic && isPublicClientAddress(client, redirectUri, own)) {
    return "publicClient";
  }
  throw aadsts.AADSTS50011({ redirectUri, clientId: client.appId });
}

/** The addresses that an application registered for a platform. */
export function registered({ application }: Client, platform: Platform): readonly string[] {
  const settings = application?.settings[platform] as { redirectUris?: string[] } | undefined;
  return settings?.redirectUris ?? [];
}

/** Exact, but that a loopback address may have any port (RFC 8252 7.3). */
function isSame(uri: string, sent: string): boolean {
  if (uri === sent) return true;
  const wanted = URL.parse(uri);
  const given = URL.parse(sent);
  if (wanted?.protocol !== "http:" || given?.protocol !== "http:") return false;
  if (!loopbackHosts.includes(wanted.hostname) || sent.includes("#")) return false;
  return (
    given.hostname === wanted.hostname &&
    given.pathname === wanted.pathname &&
    given.search === wanted.search &&
    given.username === "" &&
    given.password === ""
  );
}

function isPublicClientAddress(client: Client, sent: string, own: string): boolean {
  if (sent === azureNativeClient || sent === `${own}${nativeClientPath}`) return true;
  // Microsoft's command lines listen on a free port of loopback.
  return client.application === undefined && isSame("http://localhost", sent);
}

/**
 * Where the browser is really sent: from our own origin never to Microsoft's host, which is outside
 * for a browser that is not behind our proxy.
 */
export function reachableRedirect(redirectUri: string, loginBase: string): string {
  return redirectUri === azureNativeClient ? `${loginBase}${nativeClientPath}` : redirectUri;
}
