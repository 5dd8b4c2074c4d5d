// Schemas of the values in typeProperties. Nearly every value may be an expression instead, as an
// object or as text that starts with `@` (features.md A-11).

import { Type } from "typebox";

export const expression = Type.Object({ value: Type.String(), type: Type.Literal("Expression") });

export const secureString = Type.Object({
  type: Type.Literal("SecureString"),
  value: Type.Optional(Type.String({ maxLength: 65536 })),
});

export const vaultSecret = Type.Object({
  type: Type.Literal("AzureKeyVaultSecret"),
  store: Type.Object({
    referenceName: Type.String({ minLength: 1 }),
    type: Type.Literal("LinkedServiceReference"),
    parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  }),
  secretName: Type.Union([Type.String({ minLength: 1 }), expression], {
    description: "a text or an expression",
  }),
  secretVersion: Type.Optional(
    Type.Union([Type.String(), Type.Null(), expression], {
      description: "a text or an expression",
    }),
  ),
});

/** A text up to 8 KiB, or an expression. */
export const text = Type.Union([Type.String({ minLength: 1, maxLength: 8192 }), expression], {
  description: "a text that is not empty, or an expression",
});

export const textIfAny = Type.Optional(
  Type.Union([Type.String({ maxLength: 8192 }), Type.Null(), expression], {
    description: "a text or an expression",
  }),
);

export const flagIfAny = Type.Optional(
  Type.Union([Type.Boolean(), Type.String(), Type.Null(), expression], {
    description: "true, false or an expression",
  }),
);

export const secretIfAny = Type.Optional(
  Type.Union([secureString, vaultSecret, Type.Null()], {
    description: "a SecureString or an AzureKeyVaultSecret",
  }),
);

/** A secret that old clients send as plain text. */
export const looseSecretIfAny = Type.Optional(
  Type.Union(
    [Type.String({ maxLength: 65536 }), secureString, vaultSecret, expression, Type.Null()],
    { description: "a text, a SecureString or an AzureKeyVaultSecret" },
  ),
);

export const vaultSecretIfAny = Type.Optional(
  Type.Union([vaultSecret, Type.Null()], { description: "an AzureKeyVaultSecret" }),
);

export const credentialIfAny = Type.Optional(
  Type.Object({
    referenceName: Type.String({ minLength: 1 }),
    type: Type.Literal("CredentialReference"),
  }),
);

export const servicePrincipalFields = {
  servicePrincipalId: textIfAny,
  servicePrincipalKey: secretIfAny,
  tenant: textIfAny,
  encryptedCredential: textIfAny,
} as const;

/** A connection string; its secret parts are taken out before it is stored. */
export const connectionText = Type.Union(
  [Type.String({ minLength: 1, maxLength: 8192 }), secureString, vaultSecret, expression],
  {
    description:
      "a text that is not empty, a SecureString, an AzureKeyVaultSecret or an expression",
  },
);
