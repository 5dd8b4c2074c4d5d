// Directory objects in Graph's shapes (recordings/graph.json). Secrets are never in them.

import { firstPartyClients } from "../first-party-client.ts";
import {
  type Application,
  type Group,
  groupType,
  type KeyCredential,
  type PasswordCredential,
  type ServicePrincipal,
  servicePrincipalType,
  type User,
  userType,
} from "../object.ts";
import { graphAppId } from "../resource.ts";
import { graphAppRoles } from "./app-role.ts";
import type { Entity } from "./query.ts";

/** The tenant that Microsoft's own applications belong to. */
const microsoftTenantId = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

export interface Tenant {
  readonly tenantId: string;
  readonly domain: string;
}

export function applicationShape(application: Application, { domain }: Tenant): Entity {
  const { id, appId, displayName, createdDateTime, settings } = application;
  return {
    id,
    deletedDateTime: null,
    appId,
    applicationTemplateId: null,
    createdDateTime,
    displayName,
    description: null,
    groupMembershipClaims: null,
    identifierUris: [],
    isDeviceOnlyAuthSupported: null,
    isFallbackPublicClient: null,
    notes: null,
    optionalClaims: null,
    publisherDomain: domain,
    signInAudience: "AzureADMyOrg",
    serviceManagementReference: null,
    tags: [],
    tokenEncryptionKeyId: null,
    addIns: [],
    api: {
      acceptMappedClaims: null,
      knownClientApplications: [],
      requestedAccessTokenVersion: null,
      oauth2PermissionScopes: [],
      preAuthorizedApplications: [],
    },
    appRoles: [],
    info: {
      logoUrl: null,
      marketingUrl: null,
      privacyStatementUrl: null,
      supportUrl: null,
      termsOfServiceUrl: null,
    },
    parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: "Allow" },
    publicClient: { redirectUris: [] },
    requiredResourceAccess: [],
    spa: { redirectUris: [] },
    web: {
      homePageUrl: null,
      logoutUrl: null,
      redirectUris: [],
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
    },
    ...settings,
    keyCredentials: application.keyCredentials.map(keyCredentialShape),
    passwordCredentials: application.passwordCredentials.map(passwordCredentialShape),
  };
}

/** `application`: its registration where it is of this tenant. */
export function servicePrincipalShape(
  servicePrincipal: ServicePrincipal,
  { tenantId, application }: Tenant & { application: Application | undefined },
): Entity {
  const { id, appId, displayName, accountEnabled, createdDateTime, settings } = servicePrincipal;
  const isManagedIdentity = servicePrincipal.servicePrincipalType === "ManagedIdentity";
  const isMicrosofts = firstPartyClients.some((client) => client.appId === appId);
  const registered = application?.settings ?? {};
  return {
    id,
    deletedDateTime: null,
    accountEnabled,
    alternativeNames: isManagedIdentity ? managedIdentityNames(servicePrincipal) : [],
    appDisplayName: isManagedIdentity ? null : (application?.displayName ?? displayName),
    appDescription: null,
    appId,
    applicationTemplateId: null,
    appOwnerOrganizationId: isManagedIdentity ? null : isMicrosofts ? microsoftTenantId : tenantId,
    appRoleAssignmentRequired: false,
    createdDateTime,
    description: null,
    disabledByMicrosoftStatus: null,
    displayName,
    homepage: null,
    loginUrl: null,
    logoutUrl: null,
    notes: null,
    notificationEmailAddresses: [],
    preferredSingleSignOnMode: null,
    publisherName: null,
    replyUrls: redirectUris(registered.web),
    servicePrincipalNames: [appId, ...((registered.identifierUris as string[] | undefined) ?? [])],
    servicePrincipalType: servicePrincipal.servicePrincipalType,
    signInAudience: isManagedIdentity ? null : (registered.signInAudience ?? "AzureADMyOrg"),
    tags: [],
    tokenEncryptionKeyId: null,
    addIns: [],
    appRoles: appId === graphAppId ? graphAppRoles : (registered.appRoles ?? []),
    info: {},
    oauth2PermissionScopes: permissionScopes(registered.api),
    ...settings,
    keyCredentials: [],
    passwordCredentials: servicePrincipal.passwordCredentials.map(passwordCredentialShape),
  };
}

/** How a managed identity is told from others and leads to its resource (protocols.md 5.6). */
function managedIdentityNames({ isExplicit, resourceId }: ServicePrincipal): string[] {
  return [`isExplicit=${isExplicit ? "True" : "False"}`, ...(resourceId ? [resourceId] : [])];
}

function redirectUris(platform: unknown): readonly string[] {
  return (platform as { redirectUris?: readonly string[] } | undefined)?.redirectUris ?? [];
}

function permissionScopes(api: unknown): readonly unknown[] {
  return (api as { oauth2PermissionScopes?: unknown[] } | undefined)?.oauth2PermissionScopes ?? [];
}

/** What Graph answers of a user unless `$select` asks for more. */
export const userDefaults = [
  ...["businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone"],
  ...["officeLocation", "preferredLanguage", "surname", "userPrincipalName", "id"],
];

export function userShape(user: User): Entity {
  const { id, displayName, mail, userPrincipalName, accountEnabled, createdDateTime } = user;
  return {
    businessPhones: [],
    displayName,
    givenName: null,
    jobTitle: null,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    surname: null,
    department: null,
    usageLocation: null,
    mailNickname: userPrincipalName.split("@")[0],
    userType: "Member",
    ...user.settings,
    id,
    mail,
    userPrincipalName,
    accountEnabled,
    createdDateTime,
    deletedDateTime: null,
    identities: [
      {
        signInType: "userPrincipalName",
        issuer: userPrincipalName.split("@")[1] ?? "",
        issuerAssignedId: userPrincipalName,
      },
    ],
    otherMails: [],
    proxyAddresses: [],
    onPremisesSyncEnabled: null,
  };
}

export function groupShape(group: Group): Entity {
  const { id, displayName, description, mailNickname, createdDateTime } = group;
  return {
    classification: null,
    visibility: null,
    isAssignableToRole: null,
    ...group.settings,
    id,
    deletedDateTime: null,
    createdDateTime,
    description,
    displayName,
    groupTypes: [],
    mail: null,
    mailEnabled: false,
    mailNickname,
    membershipRule: null,
    onPremisesSyncEnabled: null,
    proxyAddresses: [],
    renewedDateTime: createdDateTime,
    resourceProvisioningOptions: [],
    securityEnabled: true,
    securityIdentifier: null,
  };
}

export function passwordCredentialShape(credential: PasswordCredential) {
  const { displayName, endDateTime, hint, keyId, startDateTime } = credential;
  return {
    customKeyIdentifier: null,
    displayName,
    endDateTime,
    hint,
    keyId,
    secretText: null,
    startDateTime,
  };
}

export function keyCredentialShape(credential: KeyCredential) {
  const { customKeyIdentifier = null, displayName, endDateTime, keyId } = credential;
  const { key, startDateTime, type, usage } = credential;
  return { customKeyIdentifier, displayName, endDateTime, key, keyId, startDateTime, type, usage };
}

const typeNames: Readonly<Record<string, string>> = {
  [userType]: "#microsoft.graph.user",
  [groupType]: "#microsoft.graph.group",
  [servicePrincipalType]: "#microsoft.graph.servicePrincipal",
};

/** `@odata.type` of a stored type, where lists mix types. */
export function typeNameOf(storedType: string): string {
  return typeNames[storedType] ?? "#microsoft.graph.application";
}
