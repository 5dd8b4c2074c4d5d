// Actions on a storage account: keys, signatures made with them, private link groups.

import { createHmac } from "node:crypto";
import { fail } from "@callosum/contract/error-catalogue.ts";
import { storageKeyNames } from "@callosum/contract/lake.ts";
import {
  type ActionDefinition,
  defineAction,
  type ResourceContext,
} from "@callosum/contract/resource.ts";
import { accountSasText, type SasFields, serviceSasText } from "@callosum/contract/storage-sas.ts";
import { Type } from "typebox";
import { listKeys, makeKey, openKey } from "./account-key.ts";
import type { AccountState } from "./account-property.ts";

const source = "OpenAPI storage 2023-05-01, StorageAccounts";
/** The version of signatures that the resource provider makes. */
const sasVersion = "2022-11-02";

const KeyToSign = Type.Optional(Type.Enum([...storageKeyNames], { default: "key1" }));
const Text = Type.Optional(Type.String({ maxLength: 2048 }));

const listAccountKeys = defineAction({
  source,
  summary: "The account's keys",
  action: "Microsoft.Storage/storageAccounts/listkeys/action",
  async run({ ctx, resource }) {
    const { keyCreationTime } = resource.properties as unknown as AccountState;
    return { body: await listKeys(ctx, keyCreationTime) };
  },
});

const regenerateKey = defineAction({
  source,
  summary: "Replaces one of the keys",
  action: "Microsoft.Storage/storageAccounts/regeneratekey/action",
  body: Type.Object({ keyName: Type.Enum([...storageKeyNames, "kerb1", "kerb2"]) }),
  async run({ ctx, sent, resource }) {
    const name = storageKeyNames.find((known) => known === sent.keyName);
    if (!name) {
      throw fail.NotSupportedHere({
        what: `The key '${sent.keyName}'`,
        reason: "Azure Files and its Kerberos keys are not served.",
      });
    }
    await makeKey(ctx, name);
    const state = resource.properties as unknown as AccountState;
    const keyCreationTime = { ...state.keyCreationTime, [name]: ctx.clock.now().toISOString() };
    return {
      body: await listKeys(ctx, keyCreationTime),
      properties: { ...state, keyCreationTime },
    };
  },
});

const listAccountSas = defineAction({
  source,
  summary: "A shared access signature of the account",
  action: "Microsoft.Storage/storageAccounts/listAccountSas/action",
  body: Type.Object({
    signedServices: Type.String({ maxLength: 4 }),
    signedResourceTypes: Type.String({ maxLength: 3 }),
    signedPermission: Type.String({ maxLength: 16 }),
    signedExpiry: Type.String({ maxLength: 40 }),
    signedStart: Text,
    signedIp: Text,
    signedProtocol: Type.Optional(Type.Enum(["https", "https,http"])),
    keyToSign: KeyToSign,
  }),
  async run({ ctx, sent, resource }) {
    const fields: SasFields = {
      sv: sasVersion,
      ss: sent.signedServices,
      srt: sent.signedResourceTypes,
      sp: sent.signedPermission,
      st: isoSeconds(sent.signedStart),
      se: isoSeconds(sent.signedExpiry),
      sip: sent.signedIp,
      spr: sent.signedProtocol,
    };
    const text = accountSasText({ accountName: resource.name, fields });
    return { body: { accountSasToken: await sign(ctx, sent.keyToSign, text, fields) } };
  },
});

const listServiceSas = defineAction({
  source,
  summary: "A shared access signature of a container or blob",
  action: "Microsoft.Storage/storageAccounts/listServiceSas/action",
  body: Type.Object({
    canonicalizedResource: Type.String({ maxLength: 2048 }),
    signedResource: Type.Enum(["b", "c", "f", "s"]),
    signedPermission: Text,
    signedProtocol: Type.Optional(Type.Enum(["https", "https,http"])),
    signedIp: Text,
    signedStart: Text,
    signedExpiry: Text,
    signedIdentifier: Text,
    keyToSign: KeyToSign,
    rscc: Text,
    rscd: Text,
    rsce: Text,
    rscl: Text,
    rsct: Text,
  }),
  async run({ ctx, sent }) {
    if (!sent.canonicalizedResource.startsWith("/blob/")) {
      throw fail.NotSupportedHere({
        what: `A signature for '${sent.canonicalizedResource}'`,
        reason: "only blobs and the Data Lake file system are served.",
      });
    }
    const fields: SasFields = {
      sv: sasVersion,
      sr: sent.signedResource,
      sp: sent.signedPermission,
      st: isoSeconds(sent.signedStart),
      se: isoSeconds(sent.signedExpiry),
      sip: sent.signedIp,
      spr: sent.signedProtocol,
      si: sent.signedIdentifier,
      rscc: sent.rscc,
      rscd: sent.rscd,
      rsce: sent.rsce,
      rscl: sent.rscl,
      rsct: sent.rsct,
    };
    const text = serviceSasText({ canonicalName: sent.canonicalizedResource, fields });
    return { body: { serviceSasToken: await sign(ctx, sent.keyToSign, text, fields) } };
  },
});

const revokeUserDelegationKeys = defineAction({
  source,
  summary: "Voids every user delegation key made so far",
  action: "Microsoft.Storage/storageAccounts/revokeUserDelegationKeys/action",
  run: ({ ctx, resource }) => ({
    properties: {
      ...resource.properties,
      userDelegationKeysFrom: ctx.clock.now().toISOString(),
    },
  }),
});

const privateLinkResources = defineAction({
  source: "OpenAPI storage 2023-05-01, PrivateLinkResources",
  summary: "The groups that a private endpoint can name",
  method: "GET",
  action: "Microsoft.Storage/storageAccounts/privateLinkResources/read",
  run: ({ resource }) => ({
    body: {
      value: ["blob", "dfs"].map((groupId) => ({
        id: `${resource.id}/privateLinkResources/${groupId}`,
        name: groupId,
        type: "Microsoft.Storage/storageAccounts/privateLinkResources",
        properties: {
          groupId,
          requiredMembers: [groupId],
          requiredZoneNames: [`privatelink.${groupId}.core.windows.net`],
        },
      })),
    },
  }),
});

export const accountActions: Readonly<Record<string, ActionDefinition>> = {
  listKeys: listAccountKeys,
  regenerateKey,
  ListAccountSas: listAccountSas,
  ListServiceSas: listServiceSas,
  revokeUserDelegationKeys,
  privateLinkResources,
};

/** Signatures carry whole seconds: `2026-01-02T03:04:05Z`. */
function isoSeconds(time: string | undefined): string | undefined {
  if (time === undefined) return undefined;
  const parsedMs = Date.parse(time);
  if (Number.isNaN(parsedMs)) {
    throw fail.InvalidParameter({ parameter: "signedExpiry", reason: `'${time}' is not a time` });
  }
  return `${new Date(parsedMs).toISOString().slice(0, 19)}Z`;
}

async function sign(
  ctx: ResourceContext,
  keyName: string | undefined,
  text: string,
  fields: SasFields,
): Promise<string> {
  const name = storageKeyNames.find((known) => known === keyName) ?? "key1";
  const key = Buffer.from(await openKey(ctx, name), "base64");
  const query = new URLSearchParams();
  for (const [field, value] of Object.entries(fields)) {
    if (value !== undefined && value !== "") query.set(field, value);
  }
  query.set("sig", createHmac("sha256", key).update(text, "utf8").digest("base64"));
  return query.toString();
}
