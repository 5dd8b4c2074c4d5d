// What may be said of a storage account, and what an account says of itself. Features that we don't
// run are refused by name when someone turns them on; left off, they are simply off.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { type Static, Type } from "typebox";
import { storageFail } from "./error-catalogue.ts";

const Flag = Type.Optional(Type.Boolean());
const Switch = Type.Optional(Type.Enum(["Enabled", "Disabled"]));
const Time = Type.Optional(Type.String());

const IpRule = Type.Object({
  value: Type.String({ maxLength: 64 }),
  action: Type.Optional(Type.Literal("Allow", { default: "Allow" })),
});

const NetworkAcls = Type.Object({
  bypass: Type.Optional(Type.String({ default: "AzureServices", maxLength: 64 })),
  defaultAction: Type.Optional(Type.Enum(["Allow", "Deny"], { default: "Allow" })),
  ipRules: Type.Optional(Type.Array(IpRule, { default: [], maxItems: 400 })),
  ipv6Rules: Type.Optional(Type.Array(IpRule, { maxItems: 400 })),
  virtualNetworkRules: Type.Optional(
    Type.Array(
      Type.Object({
        id: Type.String(),
        action: Type.Optional(Type.Literal("Allow", { default: "Allow" })),
        state: Type.Optional(Type.String()),
      }),
      { default: [], maxItems: 400 },
    ),
  ),
  resourceAccessRules: Type.Optional(
    Type.Array(Type.Object({ tenantId: Type.String(), resourceId: Type.String() }), {
      maxItems: 400,
    }),
  ),
});

const EncryptionService = Type.Optional(
  Type.Object({ enabled: Flag, keyType: Type.Optional(Type.String()), lastEnabledTime: Time }),
);

export const AccountProperties = Type.Object({
  accessTier: Type.Optional(Type.Enum(["Hot", "Cool", "Cold", "Premium"])),
  supportsHttpsTrafficOnly: Flag,
  minimumTlsVersion: Type.Optional(Type.Enum(["TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"])),
  allowBlobPublicAccess: Flag,
  allowSharedKeyAccess: Flag,
  allowCrossTenantReplication: Flag,
  defaultToOAuthAuthentication: Flag,
  isHnsEnabled: Flag,
  isSftpEnabled: Flag,
  isLocalUserEnabled: Flag,
  isNfsV3Enabled: Flag,
  enableExtendedGroups: Flag,
  publicNetworkAccess: Type.Optional(Type.Enum(["Enabled", "Disabled", "SecuredByPerimeter"])),
  networkAcls: Type.Optional(NetworkAcls),
  dnsEndpointType: Type.Optional(Type.Enum(["Standard", "AzureDnsZone"])),
  allowedCopyScope: Type.Optional(Type.Enum(["PrivateLink", "AAD"])),
  largeFileSharesState: Switch,
  customDomain: Type.Optional(Type.Object({ name: Type.String() })),
  routingPreference: Type.Optional(
    Type.Object({
      routingChoice: Type.Optional(Type.Enum(["MicrosoftRouting", "InternetRouting"])),
      publishMicrosoftEndpoints: Flag,
      publishInternetEndpoints: Flag,
    }),
  ),
  keyPolicy: Type.Optional(
    Type.Object({ keyExpirationPeriodInDays: Type.Integer({ minimum: 0 }) }),
  ),
  sasPolicy: Type.Optional(
    Type.Object({
      sasExpirationPeriod: Type.String(),
      expirationAction: Type.Enum(["Log", "Block"], { default: "Log" }),
    }),
  ),
  encryption: Type.Optional(
    Type.Object({
      keySource: Type.Optional(Type.Enum(["Microsoft.Storage", "Microsoft.Keyvault"])),
      requireInfrastructureEncryption: Flag,
      services: Type.Optional(
        Type.Object({
          blob: EncryptionService,
          file: EncryptionService,
          queue: EncryptionService,
          table: EncryptionService,
        }),
      ),
    }),
  ),
  azureFilesIdentityBasedAuthentication: Type.Optional(
    Type.Object({ directoryServiceOptions: Type.String() }),
  ),
  immutableStorageWithVersioning: Type.Optional(Type.Object({ enabled: Flag })),
});

export type SentAccount = Static<typeof AccountProperties>;

/** Properties as stored: everything that GET answers but the endpoints. */
export interface AccountState extends SentAccount {
  readonly provisioningState: "Succeeded";
  readonly creationTime: string;
  readonly keyCreationTime: Readonly<Record<string, string>>;
  readonly primaryLocation: string;
  readonly statusOfPrimary: "available";
  /** User delegation keys made before are void. */
  readonly userDelegationKeysFrom?: string;
}

/** What `enabled` names in an account that we do not run, with the property that turned it on. */
const refusals: readonly {
  readonly property: string;
  readonly what: string;
  isWanted(sent: SentAccount): boolean;
}[] = [
  { property: "isSftpEnabled", what: "SFTP", isWanted: (sent) => sent.isSftpEnabled === true },
  {
    property: "isNfsV3Enabled",
    what: "NFS 3.0",
    isWanted: (sent) => sent.isNfsV3Enabled === true,
  },
  {
    property: "immutableStorageWithVersioning",
    what: "Version-level immutability",
    isWanted: (sent) => sent.immutableStorageWithVersioning?.enabled === true,
  },
  {
    property: "encryption.keySource",
    what: "Encryption with customer-managed keys",
    isWanted: (sent) => sent.encryption?.keySource === "Microsoft.Keyvault",
  },
  {
    property: "customDomain",
    what: "A custom domain",
    isWanted: (sent) => (sent.customDomain?.name ?? "") !== "",
  },
  {
    property: "dnsEndpointType",
    what: "An endpoint in an Azure DNS zone",
    isWanted: (sent) => sent.dnsEndpointType === "AzureDnsZone",
  },
  {
    property: "azureFilesIdentityBasedAuthentication",
    what: "Identity-based authentication for Azure Files",
    isWanted: (sent) =>
      !["", "None"].includes(
        sent.azureFilesIdentityBasedAuthentication?.directoryServiceOptions ?? "",
      ),
  },
];

/** Rejects what is documented but not run, by name. */
export function refuseUnsupported(sent: SentAccount): void {
  const refused = refusals.find((refusal) => refusal.isWanted(sent));
  if (!refused) return;
  throw fail.NotSupportedHere({
    what: `${refused.what} (property '${refused.property}')`,
    reason: "only blobs and the Data Lake file system are served.",
    target: refused.property,
  });
}

/** Rejects changes of what is fixed at creation (OpenAPI storage 2023-05-01). */
export function refuseFixedChange(sent: SentAccount, existing: AccountState): void {
  const wasHns = existing.isHnsEnabled ?? false;
  if (sent.isHnsEnabled !== undefined && sent.isHnsEnabled !== wasHns) {
    throw storageFail.AccountPropertyCannotBeUpdated({ property: "isHnsEnabled" });
  }
  const wasDoubly = existing.encryption?.requireInfrastructureEncryption ?? false;
  const isDoubly = sent.encryption?.requireInfrastructureEncryption ?? wasDoubly;
  if (isDoubly !== wasDoubly) {
    throw storageFail.AccountPropertyCannotBeUpdated({
      property: "encryption.requireInfrastructureEncryption",
    });
  }
}

/** The properties that an account has when nothing is said of them. */
export function accountDefaults(options: { nowIso: string; isPremium: boolean }): SentAccount {
  const service = { keyType: "Account", enabled: true, lastEnabledTime: options.nowIso };
  return {
    accessTier: options.isPremium ? "Premium" : "Hot",
    supportsHttpsTrafficOnly: true,
    minimumTlsVersion: "TLS1_2",
    allowBlobPublicAccess: false,
    allowCrossTenantReplication: false,
    publicNetworkAccess: "Enabled",
    networkAcls: {
      bypass: "AzureServices",
      defaultAction: "Allow",
      ipRules: [],
      virtualNetworkRules: [],
    },
    encryption: { keySource: "Microsoft.Storage", services: { blob: service, file: service } },
  };
}
