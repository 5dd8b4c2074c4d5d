// What every linked service looks like, and what is inside typeProperties by its type. Saving and testing
// check the same.

import type { ArtifactProperties } from "@callosum/contract/artifact.ts";
import { Type } from "typebox";
import { findConnector, nearestType, storedConnectorType } from "./connector-registry.ts";
import { failSynapse } from "./error-catalogue.ts";
import { checkShape } from "./validation.ts";

const parameter = Type.Object({
  type: Type.Enum(["Object", "String", "Int", "Float", "Bool", "Array", "SecureString"]),
  defaultValue: Type.Optional(Type.Unknown()),
});

/** A linked service's `properties` but for what its type says of `typeProperties`. */
export const linkFrame = Type.Object({
  type: Type.String({ minLength: 1 }),
  description: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  annotations: Type.Optional(Type.Array(Type.Unknown())),
  parameters: Type.Optional(Type.Record(Type.String(), parameter)),
  connectVia: Type.Optional(
    Type.Object({
      referenceName: Type.String({ minLength: 1 }),
      type: Type.Literal("IntegrationRuntimeReference"),
    }),
  ),
  typeProperties: Type.Optional(Type.Object({})),
});

export interface LinkProperties extends ArtifactProperties {
  readonly type: string;
  readonly connectVia?: { readonly referenceName: string };
  readonly typeProperties?: ArtifactProperties;
}

const optional = ["annotations", "connectVia", "parameters"];

/** Clients send null for what they leave out. */
function withoutNulls(properties: ArtifactProperties): ArtifactProperties {
  return Object.fromEntries(
    Object.entries(properties).filter(
      ([name, value]) => value !== null || !optional.includes(name),
    ),
  );
}

/** Canonical and valid, or a ServiceError that names the property. */
export function checkLink(properties: ArtifactProperties): LinkProperties {
  const value = withoutNulls(properties);
  const checked = checkShape<LinkProperties>(linkFrame, { value, at: "properties" });
  const connector = findConnector(checked.type);
  const type = connector?.type ?? storedConnectorType(checked.type);
  if (type === undefined) throw unknownType(checked.type);
  if (!connector) return { ...checked, type };
  const at = "properties.typeProperties";
  const typeProperties = checkShape(connector.typeProperties, {
    value: checked.typeProperties ?? {},
    at,
  });
  return { ...checked, type, typeProperties };
}

export function unknownType(type: string) {
  const near = nearestType(type);
  const hint = near === undefined ? "" : ` Did you mean '${near}'?`;
  return failSynapse.LinkedServiceTypeNotSupported({ type, hint, target: "properties.type" });
}
