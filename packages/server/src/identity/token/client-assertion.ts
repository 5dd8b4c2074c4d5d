// A client that proves itself by a JWT signed with a registered certificate (RFC 7523). Assertions of
// other issuers, federated credentials, are refused by name.

import { createHash, X509Certificate } from "node:crypto";
import type { ServiceError } from "@callosum/contract/error.ts";
import { decodeJwt, decodeProtectedHeader, type JWTPayload, jwtVerify } from "jose";
import type { Client } from "../client.ts";
import { aadsts } from "../error-catalogue.ts";
import type { TokenRequest } from "./request.ts";

export const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const algorithms = ["RS256", "PS256"];
const assertionLengthMax = 16_384;
const clockSkewSeconds = 300;

/**
 * Checks the assertion for the client. It may come again until it expires: MSAL keeps one for ten
 * minutes and sends it with every request, so `jti` can't be held to a single use.
 */
export async function checkClientAssertion(
  request: TokenRequest,
  { client, assertion }: { client: Client; assertion: string },
): Promise<void> {
  const { header, claims } = decode(assertion);
  if (claims.iss !== client.appId) {
    throw aadsts.AADSTS70021({
      issuer: shown(claims.iss),
      subject: shown(claims.sub),
    });
  }
  if (claims.sub !== client.appId) throw aadsts.AADSTS700021({});
  const now = request.services.clock.now();
  const certificate = findCertificate(client, { header, now });
  try {
    await jwtVerify(assertion, certificate.publicKey, {
      algorithms,
      currentDate: now,
      clockTolerance: clockSkewSeconds,
      requiredClaims: ["exp"],
    });
  } catch (error) {
    throw translate(error, { client, claims, now });
  }
  const audiences = [claims.aud ?? []].flat();
  if (!audiences.some((audience) => isTokenEndpoint(request, audience))) {
    throw aadsts.AADSTS700023({ audience: audiences.join(" ").slice(0, 256) });
  }
}

function decode(assertion: string): { header: Record<string, unknown>; claims: JWTPayload } {
  if (assertion.length > assertionLengthMax) throw malformed("It is too long.");
  try {
    return { header: { ...decodeProtectedHeader(assertion) }, claims: decodeJwt(assertion) };
  } catch {
    throw malformed("It is not a signed JSON web token.");
  }
}

function malformed(reason: string) {
  return aadsts.AADSTS50027({ reason });
}

/** The registered certificate that the header names by its thumbprint, within its validity. */
function findCertificate(
  client: Client,
  { header, now }: { header: Record<string, unknown>; now: Date },
): X509Certificate {
  const clientId = client.appId;
  const nowText = now.toISOString();
  for (const { key, startDateTime, endDateTime } of client.keyCredentials) {
    if (nowText < startDateTime || nowText >= endDateTime) continue;
    const der = Buffer.from(key, "base64");
    const isNamed =
      header["x5t#S256"] === thumbprint(der, "sha256") ||
      (header["x5t#S256"] === undefined && header.x5t === thumbprint(der, "sha1"));
    if (isNamed) return new X509Certificate(der);
  }
  const named = shown(header["x5t#S256"] ?? header.x5t);
  const reason = `The key was not found., Thumbprint of key used by client: '${named}'`;
  throw aadsts.AADSTS700027({ reason, clientId });
}

function thumbprint(der: Buffer, algorithm: "sha1" | "sha256"): string {
  return createHash(algorithm).update(der).digest("base64url");
}

function translate(
  error: unknown,
  { client, claims, now }: { client: Client; claims: JWTPayload; now: Date },
): ServiceError {
  const clientId = client.appId;
  const { code, claim } = error as { code?: string; claim?: string };
  const isTime = code === "ERR_JWT_EXPIRED" || claim === "nbf" || claim === "exp";
  if (isTime) {
    return aadsts.AADSTS700024({
      now: now.toISOString(),
      notBefore: time(claims.nbf),
      expires: time(claims.exp),
    });
  }
  const reason = `Client assertion contains an invalid signature (${code ?? "unknown"})`;
  return aadsts.AADSTS700027({ reason, clientId });
}

function time(seconds: number | undefined): string {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? "none" : date.toISOString();
}

/** The endpoint asked, under any of its names, or the tenant's issuer. */
function isTokenEndpoint({ call, services }: TokenRequest, audience: string): boolean {
  const bases = [call.origin.base("login"), call.origin.own, "https://login.microsoftonline.com"];
  const base = bases.find((candidate) => audience.startsWith(`${candidate}/`));
  if (base === undefined) return false;
  const [tenant = "", ...rest] = audience.slice(base.length + 1).split("/");
  const isOwn = [services.tenantId, services.domain].includes(tenant.toLowerCase());
  return isOwn && ["oauth2/v2.0/token", "oauth2/token", "v2.0"].includes(rest.join("/"));
}

function shown(value: unknown): string {
  return String(value ?? "").slice(0, 256);
}
