// Credentials: identities that linked services can name. The workspace's own identity is one of them,
// so that its use can be granted (features.md B-11, B-18).

import { type ArtifactPut, defineArtifact } from "@callosum/contract/artifact.ts";
import { Type } from "typebox";
import { secretIfAny, textIfAny } from "../connectors/value.ts";
import { protectLink } from "../secret.ts";
import { checkShape } from "../validation.ts";
import { artifactApiVersions } from "../workspace.ts";

const systemIdentityCredential = "WorkspaceSystemIdentity";

const shape = Type.Object({
  type: Type.Enum(["ManagedIdentity", "ServicePrincipal"]),
  description: Type.Optional(Type.String()),
  annotations: Type.Optional(Type.Array(Type.Unknown())),
  typeProperties: Type.Optional(
    Type.Object({
      resourceId: textIfAny,
      servicePrincipalId: textIfAny,
      servicePrincipalKey: secretIfAny,
      tenant: textIfAny,
    }),
  ),
});

export const credential = defineArtifact({
  kind: "Credential",
  collection: "credentials",
  source: "OpenAPI entityTypes/Credential.json; features.md B-04",
  summary: "An identity that linked services can use",
  apiVersions: artifactApiVersions,
  backend: "factory",
  rename: false,
  referenceType: "CredentialReference",
  automatic: () => [
    {
      name: systemIdentityCredential,
      properties: { type: "ManagedIdentity", typeProperties: {}, annotations: [] },
    },
  ],
  async put({ ctx, properties, existing }: ArtifactPut) {
    const checked = checkShape(shape, { value: properties, at: "properties" });
    const { value, secrets } = await protectLink(ctx, {
      properties: checked,
      existing: existing?.properties,
      rules: { secrets: ["servicePrincipalKey"], target: ["servicePrincipalId", "tenant"] },
    });
    return { properties: value, secrets };
  },
  examples: [{ name: "credential1", properties: { type: "ManagedIdentity", typeProperties: {} } }],
});
