// The tenant's directory objects as stored. Graph's shapes are made from them in graph/.

export const userType = "Directory/users";
export const applicationType = "Directory/applications";
export const servicePrincipalType = "Directory/servicePrincipals";
export const groupType = "Directory/groups";
export const appRoleAssignmentType = "Directory/appRoleAssignments";

export interface User {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly mail: string | null;
  readonly accountEnabled: boolean;
  readonly createdDateTime: string;
  /** scrypt, see password.ts. */
  readonly passwordHash: string;
  /** What Graph clients wrote besides: givenName, jobTitle, … */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface PasswordCredential {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly startDateTime: string;
  readonly endDateTime: string;
  readonly hint: string;
  /** SHA-256 of the secret, hex. Secrets are random and long, so a slow hash would add nothing. */
  readonly hash: string;
}

export interface KeyCredential {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly startDateTime: string;
  readonly endDateTime: string;
  readonly type: string;
  readonly usage: string;
  /** Base64 DER of the certificate. */
  readonly key: string;
  /** The certificate's SHA-1 thumbprint unless the client named another, as Graph answers it. */
  readonly customKeyIdentifier?: string;
}

export interface Application {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly createdDateTime: string;
  readonly passwordCredentials: readonly PasswordCredential[];
  readonly keyCredentials: readonly KeyCredential[];
  /** What Graph clients wrote and get back: web, publicClient, spa, identifierUris, tags, … */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Object ids of who may manage it without any role. */
  readonly owners?: readonly string[];
}

export interface ServicePrincipal {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly servicePrincipalType: "Application" | "ManagedIdentity";
  readonly accountEnabled: boolean;
  readonly createdDateTime: string;
  /** For managed identities: the resource that the identity belongs to. */
  readonly resourceId: string | undefined;
  /** Whether the identity is a resource of its own (user-assigned). */
  readonly isExplicit: boolean;
  readonly passwordCredentials: readonly PasswordCredential[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly owners?: readonly string[];
}

/** An application permission of a resource, granted to a principal. */
export interface AppRoleAssignment {
  readonly id: string;
  readonly appRoleId: string;
  readonly principalId: string;
  /** Object id of the resource's service principal. */
  readonly resourceId: string;
  readonly createdDateTime: string;
}

export interface Group {
  readonly id: string;
  readonly displayName: string;
  readonly description: string | null;
  readonly mailNickname: string;
  readonly createdDateTime: string;
  /** Object ids of direct members: users, service principals, groups. */
  readonly members: readonly string[];
  readonly owners: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
}

const folders = {
  [userType]: "users",
  [applicationType]: "applications",
  [servicePrincipalType]: "serviceprincipals",
  [groupType]: "groups",
} as const;

export type DirectoryType = keyof typeof folders;

/** The document key of a directory object. */
export function objectKey(type: DirectoryType, objectId: string): string {
  return `/directory/${folders[type]}/${objectId.toLowerCase()}`;
}

/** The document key of an app role assignment. */
export function appRoleAssignmentKey(id: string): string {
  return `/directory/approleassignments/${id.toLowerCase()}`;
}

/** Names that lead to directory objects. */
export const aliasKind = {
  applicationByAppId: "appId",
  applicationByUri: "identifierUri",
  servicePrincipalByAppId: "servicePrincipalAppId",
  userByName: "userPrincipalName",
  identityOfResource: "identityOfResource",
} as const;
