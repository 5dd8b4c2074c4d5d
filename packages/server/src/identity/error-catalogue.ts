// The token service's errors. The code is the AADSTS number; `oauth` is what the `error` field says.

import { defineErrors, type ErrorStatus } from "@callosum/contract/error.ts";

const clientSource = "protocols.md 5.4";
const reference = "Microsoft Entra authentication error codes";

/** The `error` values of OAuth 2.0, OpenID Connect and RFC 8628 that Entra answers. */
type OAuthError =
  | "invalid_request"
  | "invalid_client"
  | "invalid_grant"
  | "invalid_scope"
  | "invalid_resource"
  | "invalid_tenant"
  | "unauthorized_client"
  | "unsupported_grant_type"
  | "unsupported_response_type"
  | "authorization_pending"
  | "authorization_declined"
  | "expired_token"
  | "bad_verification_code"
  | "login_required"
  | "access_denied";

interface Row<Facts> {
  readonly status: ErrorStatus;
  readonly oauth: OAuthError;
  readonly source: string;
  readonly text: (facts: Facts) => string;
}

function row<Facts = object>(
  oauth: OAuthError,
  text: (facts: Facts) => string,
  source = reference,
): Row<Facts> {
  const status = oauth === "invalid_client" ? "unauthenticated" : "badRequest";
  return { status, oauth, source, text };
}

const rows = {
  AADSTS28000: row(
    "invalid_scope",
    (facts: { scope: string }) =>
      `Provided value for the input parameter scope is not valid because it contains more than one resource. Scope ${facts.scope} is not valid.`,
  ),
  AADSTS50011: row(
    "invalid_request",
    (facts: { redirectUri: string; clientId: string }) =>
      `The redirect URI '${facts.redirectUri}' specified in the request does not match the redirect URIs configured for the application '${facts.clientId}'. Make sure the redirect URI sent in the request matches one added to your application in the portal.`,
  ),
  AADSTS50027: row(
    "invalid_request",
    (facts: { reason: string }) => `JWT token is invalid or malformed. ${facts.reason}`,
  ),
  AADSTS50053: row(
    "invalid_grant",
    () =>
      "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
  ),
  AADSTS50057: row("invalid_grant", () => "The user account is disabled."),
  AADSTS50058: row(
    "login_required",
    () =>
      "A silent sign-in request was sent but no user is signed in. The cookies used to represent the user's session were not sent in the request to the token service.",
  ),
  AADSTS50059: row(
    "invalid_request",
    () =>
      "No tenant-identifying information found in either the request or implied by any provided credentials.",
  ),
  AADSTS50126: row(
    "invalid_grant",
    () => "Error validating credentials due to invalid username or password.",
  ),
  AADSTS50173: row(
    "invalid_grant",
    () =>
      "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password, or may not exist any more.",
  ),
  AADSTS54005: row(
    "invalid_grant",
    () =>
      "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.",
  ),
  AADSTS70000: row(
    "invalid_grant",
    (facts: { parameter: string }) =>
      `Provided grant is invalid or malformed. The provided value for the input parameter '${facts.parameter}' is not valid.`,
  ),
  AADSTS70003: row(
    "unsupported_grant_type",
    (facts: { grantType: string; why?: string }) =>
      `The app requested an unsupported grant type '${facts.grantType}'.${facts.why ? ` ${facts.why}` : ""}`,
  ),
  AADSTS70008: row(
    "invalid_grant",
    () =>
      "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.",
  ),
  AADSTS70011: row(
    "invalid_scope",
    (facts: { scope: string }) =>
      `The provided value for the input parameter 'scope' is not valid. The scope '${facts.scope}' is not valid.`,
  ),
  AADSTS70016: row(
    "authorization_pending",
    () => "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
  ),
  AADSTS70018: row(
    "bad_verification_code",
    () => "Invalid verification code due to User typing in wrong user code for device code flow.",
  ),
  AADSTS70019: row("authorization_declined", () => "The user declined the device code request."),
  AADSTS70020: row(
    "expired_token",
    () =>
      "The provided value for the input parameter 'device_code' is not valid. This device code has expired.",
  ),
  AADSTS70021: row(
    "invalid_client",
    (facts: { issuer: string; subject: string }) =>
      `No matching federated identity record found for presented assertion. Assertion Issuer: '${facts.issuer}'. Assertion Subject: '${facts.subject}'. Federated credentials are not supported by Callosum: use a client secret or a certificate.`,
  ),
  AADSTS90002: row(
    "invalid_request",
    (facts: { tenant: string }) =>
      `Tenant '${facts.tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
    clientSource,
  ),
  AADSTS90023: row(
    "invalid_request",
    (facts: { parameter: string; value: string }) =>
      `Invalid request: '${facts.value}' is not a supported value for '${facts.parameter}'.`,
  ),
  AADSTS165000: row(
    "invalid_request",
    () =>
      "Invalid Request: The request did not include the required tokens for the user context. The page was not opened by this browser, or is too old: go back and try again.",
  ),
  AADSTS500011: row(
    "invalid_resource",
    (facts: { resource: string; tenant: string }) =>
      `The resource principal named ${facts.resource} was not found in the tenant named ${facts.tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  ),
  AADSTS500112: row(
    "invalid_grant",
    (facts: { sent: string; requested: string }) =>
      `The reply address '${facts.sent}' does not match the reply address '${facts.requested}' provided when requesting Authorization code.`,
  ),
  AADSTS501481: row(
    "invalid_grant",
    () =>
      "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
  ),
  AADSTS700016: row(
    "unauthorized_client",
    (facts: { clientId: string; tenant: string }) =>
      `Application with identifier '${facts.clientId}' was not found in the directory '${facts.tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    clientSource,
  ),
  AADSTS700021: row(
    "invalid_client",
    () => "Client assertion application identifier doesn't match 'client_id' parameter.",
  ),
  AADSTS700023: row(
    "invalid_client",
    (facts: { audience: string }) =>
      `Client assertion audience claim does not match Realm issuer. The audience '${facts.audience}' is not this token endpoint.`,
  ),
  AADSTS700024: row(
    "invalid_client",
    (facts: { now: string; notBefore: string; expires: string }) =>
      `Client assertion is not within its valid time range. Current time: ${facts.now}, assertion valid from ${facts.notBefore}, expiry time of assertion ${facts.expires}.`,
  ),
  AADSTS700025: row(
    "invalid_client",
    (facts: { clientId: string }) =>
      `Client is public so neither 'client_assertion' nor 'client_secret' should be presented. Client '${facts.clientId}'.`,
  ),
  AADSTS700027: row(
    "invalid_client",
    (facts: { reason: string; clientId: string }) =>
      `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - ${facts.reason}, Client '${facts.clientId}'].`,
  ),
  AADSTS700051: row(
    "unsupported_response_type",
    (facts: { responseType: string }) =>
      `response_type '${facts.responseType}' is not enabled for the application. Callosum answers 'code' only.`,
  ),
  AADSTS90055: row("invalid_request", () => "There are too many incoming requests."),
  AADSTS900144: row(
    "invalid_request",
    (facts: { parameter: string }) =>
      `The request body must contain the following parameter: '${facts.parameter}'.`,
  ),
  AADSTS900561: row(
    "invalid_request",
    () => "The endpoint only accepts POST requests. Received a GET request.",
  ),
  AADSTS1002012: row(
    "invalid_scope",
    (facts: { scope: string }) =>
      `The provided value for scope ${facts.scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  ),
  AADSTS65004: row("access_denied", () => "User declined to consent to access the app."),
  AADSTS7000112: row(
    "unauthorized_client",
    (facts: { clientId: string }) => `Application '${facts.clientId}' is disabled.`,
  ),
  AADSTS7000215: row(
    "invalid_client",
    (facts: { clientId: string }) =>
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${facts.clientId}'.`,
    clientSource,
  ),
  AADSTS7000216: row(
    "invalid_client",
    () =>
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
  ),
  AADSTS7000218: row(
    "invalid_client",
    () =>
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  ),
  AADSTS7000222: row(
    "invalid_client",
    (facts: { clientId: string }) =>
      `The provided client secret keys for app '${facts.clientId}' are expired. Visit the Azure portal to create new keys for your app, or consider using certificate credentials for added security.`,
    clientSource,
  ),
  AADSTS7000229: row(
    "unauthorized_client",
    (facts: { clientId: string; tenant: string }) =>
      `The client application ${facts.clientId} is missing service principal in the tenant ${facts.tenant}.`,
  ),
  AADSTS9001023: row(
    "invalid_grant",
    () =>
      "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.",
  ),
  AADSTS9002325: row(
    "invalid_request",
    () => "Proof Key for Code Exchange is required for cross-origin authorization code redemption.",
  ),
  AADSTS9002327: row(
    "invalid_request",
    () =>
      "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.",
  ),
  AADSTS9002326: row(
    "invalid_request",
    (facts: { origin: string }) =>
      `Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: '${facts.origin}'.`,
  ),
};

export const aadsts = defineErrors(rows);

/** What the `error` field says for a code of the catalogue; undefined for codes of others. */
export function oauthErrorOf(code: string): OAuthError | undefined {
  return (rows as Record<string, { oauth: OAuthError }>)[code]?.oauth;
}
