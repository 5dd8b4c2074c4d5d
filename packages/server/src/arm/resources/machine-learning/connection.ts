// Workspace connections, in the shapes of the old API (`value`) and the new one (`credentials`). What
// opens the target is sealed and leaves only through listsecrets.

import {
  defineAction,
  defineResource,
  type Properties,
  type PutRequest,
} from "@callosum/contract/resource.ts";
import { type Static, Type } from "typebox";
import { machineLearningVersions } from "./api-version.ts";
import { invalidProperty } from "./invalid-property.ts";
import { forgetSecrets, openSecrets, sealSecrets } from "./sealed-json.ts";

const source = "OpenAPI machinelearningservices 2020-09-01-preview and 2023-06-01-preview";
const Short = Type.String({ minLength: 1, maxLength: 128 });

const ConnectionProperties = Type.Object({
  category: Short,
  target: Type.String({ maxLength: 2048 }),
  authType: Type.Enum([
    "None",
    "PAT",
    "SAS",
    "ManagedIdentity",
    "UsernamePassword",
    "ServicePrincipal",
    "AccessKey",
    "AccountKey",
    "ApiKey",
    "CustomKeys",
    "OAuth2",
    "AAD",
  ]),
  value: Type.Optional(Type.String({ maxLength: 64_000, writeOnly: true })),
  valueFormat: Type.Optional(Type.Enum(["JSON"])),
  credentials: Type.Optional(Type.Object({}, { additionalProperties: true, writeOnly: true })),
  metadata: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  expiryTime: Type.Optional(Type.String({ maxLength: 64 })),
  isSharedToAll: Type.Optional(Type.Boolean()),
});

type Sent = Static<typeof ConnectionProperties>;

export const connection = defineResource({
  type: "Microsoft.MachineLearningServices/workspaces/connections",
  source,
  summary: "A connection to something outside",
  apiVersions: machineLearningVersions,
  name: {
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$/,
    rule: "A connection's name has 3 to 33 letters, digits, '-' and '_', and starts with a letter or digit.",
  },
  location: "none",
  tags: false,
  properties: ConnectionProperties,
  answers: { create: { status: 200 }, update: { status: 200 }, remove: { status: 200 } },
  put: putConnection,
  select: (connections, query) =>
    connections.filter(({ properties }) =>
      ["category", "target"].every((name) => {
        const wanted = query.get(name);
        return !wanted || wanted.toLowerCase() === String(properties[name]).toLowerCase();
      }),
    ),
  actions: {
    listsecrets: defineAction({
      source,
      summary: "The connection with what opens it",
      async run({ ctx, resource }) {
        const { id, name, type, properties } = resource;
        const secrets = (await openSecrets(ctx)) ?? {};
        return { body: { id, name, type, properties: { ...properties, ...secrets } } };
      },
    }),
  },
  examples: [
    {
      name: "feed",
      resourceName: "feed1",
      properties: {
        category: "PythonFeed",
        target: "https://example.test/feed",
        authType: "PAT",
        credentials: { pat: "example" },
      },
    },
  ],
});

async function putConnection({ ctx, sent, existing }: PutRequest<Sent>): Promise<Properties> {
  const { value, credentials, ...properties } = sent.properties;
  const stored = existing?.properties as Sent | undefined;
  const opens = {
    ...(value === undefined ? {} : { value }),
    ...(credentials === undefined ? {} : { credentials }),
  };
  if (Object.keys(opens).length > 0) await sealSecrets(ctx, opens);
  else if (properties.authType === "None") await forgetSecrets(ctx);
  else if (stored && moved(stored, properties) && (await openSecrets(ctx))) {
    // A kept secret must not be sent to a target that was named without knowing it.
    const reason = "they are required again when target or authType change";
    throw invalidProperty("properties.credentials", reason);
  }
  return properties;
}

function moved(stored: Sent, sent: Pick<Sent, "target" | "authType" | "category">): boolean {
  return (["target", "authType", "category"] as const).some((name) => stored[name] !== sent[name]);
}
