// Datastores: places with data and the credentials to reach them. Secrets are sealed and leave only
// through listSecrets; they are never kept for a place that the caller changed.

import { fail } from "@callosum/contract/error-catalogue.ts";
import {
  defineAction,
  defineResource,
  type Properties,
  type PutRequest,
} from "@callosum/contract/resource.ts";
import { type Static, Type } from "typebox";
import { v2Versions } from "./api-version.ts";
import { invalidProperty } from "./invalid-property.ts";
import { forgetSecrets, openSecrets, sealSecrets } from "./sealed-json.ts";
import { openAccountKey } from "./workspace-datastore.ts";

const source = "OpenAPI machinelearningservices 2022-10-01, Datastores";
const Text = Type.Optional(Type.String({ maxLength: 1024 }));
const Secret = Type.Optional(Type.String({ minLength: 1, maxLength: 64_000, writeOnly: true }));

/** What says where the data is, by type; all of it is required. */
const places = {
  AzureBlob: ["accountName", "containerName"],
  AzureDataLakeGen2: ["accountName", "filesystem"],
  AzureFile: ["accountName", "fileShareName"],
  AzureDataLakeGen1: ["storeName"],
} as const;

/** What a credential needs beside its secret, and the secret's name. */
const credentialKinds = {
  None: { needs: [], secret: undefined },
  AccountKey: { needs: [], secret: "key" },
  Sas: { needs: [], secret: "sasToken" },
  ServicePrincipal: { needs: ["clientId", "tenantId"], secret: "clientSecret" },
  Certificate: { needs: ["clientId", "tenantId", "thumbprint"], secret: "certificate" },
} as const;

const DatastoreProperties = Type.Object({
  datastoreType: Type.Enum(Object.keys(places) as (keyof typeof places)[]),
  description: Text,
  tags: Type.Optional(Type.Record(Type.String(), Type.String({ maxLength: 256 }))),
  properties: Type.Optional(Type.Record(Type.String(), Type.String({ maxLength: 1024 }))),
  accountName: Text,
  containerName: Text,
  filesystem: Text,
  fileShareName: Text,
  storeName: Text,
  endpoint: Text,
  protocol: Text,
  serviceDataAccessAuthIdentity: Type.Enum(
    ["None", "WorkspaceSystemAssignedIdentity", "WorkspaceUserAssignedIdentity"],
    { default: "None" },
  ),
  credentials: Type.Object({
    credentialsType: Type.Enum(Object.keys(credentialKinds) as (keyof typeof credentialKinds)[]),
    clientId: Text,
    tenantId: Text,
    thumbprint: Text,
    authorityUrl: Text,
    resourceUrl: Text,
    secrets: Type.Optional(
      Type.Object({ key: Secret, sasToken: Secret, clientSecret: Secret, certificate: Secret }),
    ),
  }),
});

type Sent = Static<typeof DatastoreProperties> & { isDefault?: boolean };

export const datastore = defineResource({
  type: "Microsoft.MachineLearningServices/workspaces/datastores",
  source,
  summary: "A place with data",
  apiVersions: v2Versions,
  name: {
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$/,
    rule: "A datastore's name has 1 to 255 letters, digits, '-' and '_', and starts with a letter or digit.",
  },
  systemData: true,
  location: "none",
  tags: false,
  properties: DatastoreProperties,
  methods: ["get", "list", "put", "delete"],
  answers: { create: { status: 201 }, update: { status: 200 }, remove: { status: 200 } },
  paging: { size: ["count"], token: "$skip" },
  put: putDatastore,
  select(datastores, query) {
    const names = query.get("names")?.toLowerCase().split(",");
    const text = query.get("searchtext")?.toLowerCase() ?? "";
    const onlyDefault = query.get("isdefault")?.toLowerCase() === "true";
    return datastores.filter(({ name, properties }) => {
      const key = name.toLowerCase();
      if (onlyDefault && properties.isDefault !== true) return false;
      return (!names || names.includes(key)) && key.includes(text);
    });
  },
  actions: {
    listSecrets: defineAction({
      source,
      summary: "The secret that the data is reached with",
      async run({ ctx, resource }) {
        const { credentials } = resource.properties as Sent;
        const secrets = (await openSecrets(ctx)) ?? (await openAccountKey(ctx, resource));
        if (!secrets) {
          throw fail.InvalidParameter({
            parameter: "name",
            reason: `the datastore '${resource.name}' has no secret`,
            target: "name",
          });
        }
        return { body: { secretsType: credentials.credentialsType, ...secrets } };
      },
    }),
  },
  examples: [
    {
      name: "blob",
      resourceName: "data1",
      properties: {
        datastoreType: "AzureBlob",
        accountName: "examplelake",
        containerName: "data",
        credentials: { credentialsType: "AccountKey", secrets: { key: "ZXhhbXBsZQ==" } },
      },
    },
  ],
});

async function putDatastore({ ctx, sent, existing }: PutRequest<Sent>): Promise<Properties> {
  const { credentials, ...properties } = sent.properties;
  for (const name of places[properties.datastoreType]) {
    if (!properties[name]) throw invalidProperty(`properties.${name}`, "it is required");
  }
  const { secrets, ...known } = credentials;
  const stored = existing?.properties as Sent | undefined;
  const { needs, secret } = credentialKinds[known.credentialsType];
  for (const name of needs) {
    if (!known[name]) throw invalidProperty(`properties.credentials.${name}`, "it is required");
  }
  const value = secret && secrets?.[secret];
  if (secret === undefined) {
    await forgetSecrets(ctx);
  } else if (value !== undefined) {
    await sealSecrets(ctx, { [secret]: value });
  } else if (!stored || !samePlace(stored, sent.properties)) {
    // A kept secret must not be sent to a place that was named without knowing it.
    throw invalidProperty(
      `properties.credentials.secrets.${secret}`,
      stored ? "it is required again when what it opens changes" : "it is required",
    );
  }
  return { ...properties, credentials: known, isDefault: stored?.isDefault ?? false };
}

const openedBySecret = [
  "datastoreType",
  "accountName",
  "containerName",
  "filesystem",
  "fileShareName",
  "storeName",
  "endpoint",
  "protocol",
] as const;
const signedBySecret = [
  "credentialsType",
  "clientId",
  "tenantId",
  "thumbprint",
  "authorityUrl",
  "resourceUrl",
] as const;

function samePlace(stored: Sent, sent: Sent): boolean {
  return (
    openedBySecret.every((name) => stored[name] === sent[name]) &&
    signedBySecret.every((name) => stored.credentials[name] === sent.credentials[name])
  );
}
