// REST endpoints.

import { defineConnector } from "@callosum/contract/connector.ts";
import { Type } from "typebox";
import {
  credentialIfAny,
  flagIfAny,
  secretIfAny,
  servicePrincipalFields,
  text,
  textIfAny,
} from "./value.ts";

export const restService = defineConnector({
  type: "RestService",
  source: "OpenAPI LinkedService.json",
  summary: "A REST endpoint",
  typeProperties: Type.Object({
    url: text,
    authenticationType: Type.Enum([
      "Anonymous",
      "Basic",
      "AadServicePrincipal",
      "ManagedServiceIdentity",
      "OAuth2ClientCredential",
    ]),
    enableServerCertificateValidation: flagIfAny,
    userName: textIfAny,
    password: secretIfAny,
    aadResourceId: textIfAny,
    azureCloudType: textIfAny,
    clientId: textIfAny,
    clientSecret: secretIfAny,
    tokenEndpoint: textIfAny,
    resource: textIfAny,
    scope: textIfAny,
    credential: credentialIfAny,
    ...servicePrincipalFields,
  }),
  secrets: ["password", "clientSecret", "servicePrincipalKey"],
  target: [
    "url",
    "authenticationType",
    "userName",
    "servicePrincipalId",
    "tenant",
    "clientId",
    "tokenEndpoint",
    "enableServerCertificateValidation",
  ],
  examples: [{ url: "https://example.org/api", authenticationType: "Anonymous" }],
});
