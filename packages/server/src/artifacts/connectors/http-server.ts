// HTTP endpoints.

import { defineConnector } from "@callosum/contract/connector.ts";
import { Type } from "typebox";
import { flagIfAny, looseSecretIfAny, secretIfAny, text, textIfAny } from "./value.ts";

export const httpServer = defineConnector({
  type: "HttpServer",
  source: "OpenAPI LinkedService.json",
  summary: "An HTTP endpoint",
  typeProperties: Type.Object({
    url: text,
    authenticationType: Type.Optional(
      Type.Enum(["Basic", "Anonymous", "Digest", "Windows", "ClientCertificate"]),
    ),
    userName: textIfAny,
    password: secretIfAny,
    embeddedCertData: looseSecretIfAny,
    certThumbprint: textIfAny,
    enableServerCertificateValidation: flagIfAny,
    encryptedCredential: textIfAny,
  }),
  secrets: ["password", "embeddedCertData"],
  target: ["url", "authenticationType", "userName", "enableServerCertificateValidation"],
  examples: [{ url: "https://example.org/", authenticationType: "Anonymous" }],
});
