// Secrets of a repository's things come from the command, never from Git: an inline one is only a
// place that the command fills (features.md A-13). What a workspace has stored already stays.

import { findConnector } from "@callosum/server/artifacts/connector-registry.ts";
import type { Fault } from "./fault.ts";
import { type Properties, type SourceItem, titleOf } from "./source.ts";

/** How a stored secret is shown; where it stands, nothing is known of the secret. */
export const mask = "**********";

const connectionSecret =
  /(?:^|;)\s*(?:password|pwd|accountkey|sharedaccesssignature|sharedaccesskey)\s*=\s*[^;\s]/i;

/** Whether a connection string holds a secret. */
export function hasSecretPart(connectionString: string): boolean {
  return connectionSecret.test(connectionString);
}

/** The command's values as text, by name. Which of them were used is known in the end. */
export interface CommandValues {
  /** Undefined where the command does not say; "" says: none. */
  take(name: string): string | undefined;
  /** Whether a value stands in the properties because the command said so. */
  isGiven(value: string): boolean;
}

interface Filling {
  readonly item: SourceItem;
  readonly values: CommandValues;
  /** As the workspace has it, secrets masked. */
  readonly existing: Properties | undefined;
  readonly faults: Fault[];
  isWritten: boolean;
}

/**
 * The properties with every secret that the command gives, masks where the workspace keeps its own,
 * and a fault for each that nobody has. `isWritten` = a secret is written, whatever else is the same.
 */
export function fillSecrets(
  item: SourceItem,
  from: { values: CommandValues; existing: Properties | undefined },
): { properties: Properties; faults: readonly Fault[]; isWritten: boolean } {
  const filling: Filling = { item, ...from, faults: [], isWritten: false };
  const plain = item.kind.label === "linkedServices" ? markPlain(item.properties) : item.properties;
  const filled = fillValue(filling, plain, ["properties"]) as Properties;
  const properties = fillCredential(filling, fillConnection(filling, filled));
  return { properties, faults: filling.faults, isWritten: filling.isWritten };
}

function isSecureString(value: object): value is { type: string; value?: unknown } {
  const { type } = value as { type?: unknown };
  return typeof type === "string" && type.toLowerCase() === "securestring";
}

function isExpression(text: string): boolean {
  return text.startsWith("@") || text.includes("@{");
}

/** Secrets that old definitions write as plain text are secure strings from here on. */
function markPlain(properties: Properties): Properties {
  const secrets = secretNames(properties);
  const entries = Object.entries(typePropertiesOf(properties)).map(([name, value]) => {
    const isSecret =
      typeof value === "string" && value !== "" && !isExpression(value) && secrets.has(name);
    // A URL without a query carries no signature.
    const isOpen = name === "sasUri" && !String(value).includes("?");
    return [name, isSecret && !isOpen ? { type: "SecureString", value } : value];
  });
  if (entries.length === 0) return properties;
  return { ...properties, typeProperties: Object.fromEntries(entries) };
}

function typePropertiesOf(properties: Properties | undefined): Properties {
  return { ...(properties?.typeProperties as Properties | undefined) };
}

function secretNames(properties: Properties): Set<string> {
  return new Set(findConnector(String(properties.type))?.secrets ?? []);
}

function fillValue(filling: Filling, value: unknown, path: readonly string[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isSecureString(value)) return fillOne(filling, value.value, path);
  if (Array.isArray(value)) {
    return value.map((child, index) => fillValue(filling, child, [...path, `[${index}]`]));
  }
  const entries = Object.entries(value).map(
    ([name, child]) => [name, fillValue(filling, child, [...path, name])] as const,
  );
  return Object.fromEntries(entries.filter(([, child]) => child !== undefined));
}

/** Undefined where the command says that there is none. */
function fillOne(filling: Filling, written: unknown, path: readonly string[]) {
  const { item, values, existing } = filling;
  const given =
    takeFor(filling, path) ??
    (typeof written === "string" && values.isGiven(written) ? written : undefined);
  if (given === "") return undefined;
  if (given !== undefined) {
    filling.isWritten = true;
    return { type: "SecureString", value: given };
  }
  if (isKept(existing, path.slice(1))) return { type: "SecureString", value: mask };
  const last = lastName(path);
  const isClear = typeof written === "string" && written !== "" && written !== mask;
  addFault(filling, {
    path: pathText(path),
    message: `The secret '${last}' of ${titleOf(item)} ${isClear ? "stands in clear and is not used" : "is not given"}`,
    parameter: `${item.name}_${last}`,
  });
  return { type: "SecureString", value: mask };
}

function addFault(
  { item, faults }: Filling,
  { path, message, parameter }: { path: string; message: string; parameter: string },
): void {
  const advice = `give it with --parameters ${parameter}=…, or a parameter file with a Key Vault reference; an empty one says that there is none.`;
  faults.push({
    place: item.place(path),
    code: "SecretRequired",
    message: `${message}: ${advice}`,
  });
}

/** `link1_accountKey` as publish templates name them, or the whole path of the property. */
function takeFor({ item, values }: Filling, path: readonly string[]): string | undefined {
  const whole = path.join("_").replace(/_?\[(\d+)\]/g, "_$1");
  return values.take(`${item.name}_${lastName(path)}`) ?? values.take(`${item.name}_${whole}`);
}

function lastName(path: readonly string[]): string {
  return path.findLast((step) => !step.startsWith("[")) ?? "";
}

function pathText(path: readonly string[]): string {
  return path.join(".").replaceAll(".[", "[");
}

function isKept(existing: Properties | undefined, path: readonly string[]): boolean {
  let value: unknown = existing;
  for (const step of path) {
    const key = /^\[(\d+)\]$/.exec(step)?.[1] ?? step;
    value = (value as Record<string, unknown> | undefined)?.[key];
  }
  return typeof value === "object" && value !== null && isSecureString(value);
}

/** A connection string with a password in it, or one that only the command knows. */
function fillConnection(filling: Filling, properties: Properties): Properties {
  const { item, values, existing } = filling;
  const typeProperties = typePropertiesOf(properties);
  const { connectionString } = typeProperties;
  if (item.kind.label !== "linkedServices" || typeof connectionString !== "string")
    return properties;
  const path = ["properties", "typeProperties", "connectionString"];
  const given = takeFor(filling, path);
  const isClear = hasSecretPart(connectionString) && !values.isGiven(connectionString);
  if (given !== undefined) {
    filling.isWritten ||= hasSecretPart(given);
    return withType(properties, { ...typeProperties, connectionString: given });
  }
  if (hasSecretPart(connectionString) && !isClear) filling.isWritten = true;
  if (!isClear && connectionString !== mask) return properties;
  const stored = typePropertiesOf(existing);
  if (!isClear && typeof stored.encryptedCredential === "string") {
    const { connectionString: kept, encryptedCredential } = stored;
    return withType(properties, { ...typeProperties, connectionString: kept, encryptedCredential });
  }
  addFault(filling, {
    path: pathText(path),
    message: `The connection string of ${titleOf(item)} ${isClear ? "holds a secret in clear, which is not used" : "is not given"}`,
    parameter: `${item.name}_connectionString`,
  });
  return properties;
}

function withType(properties: Properties, typeProperties: Properties): Properties {
  return { ...properties, typeProperties };
}

/**
 * `encryptedCredential` in Git stands for a secret that another workspace holds. It opens nothing here:
 * the command gives the secret, or this workspace has one for the same target.
 */
function fillCredential(filling: Filling, properties: Properties): Properties {
  const { item, values, existing } = filling;
  const { encryptedCredential, ...typeProperties } = typePropertiesOf(properties);
  if (encryptedCredential === undefined) return properties;
  const stored = typePropertiesOf(existing).encryptedCredential;
  if (encryptedCredential === stored) return properties;
  const isFilled = Object.values(typeProperties).some(
    (value) => typeof value === "object" && value !== null && isSecureString(value),
  );
  if (isFilled) return withType(properties, typeProperties);
  const known = [...secretNames(properties)];
  const candidates = [
    ...new Set([...known, "accountKey", "password", "servicePrincipalKey", "key"]),
  ];
  for (const name of candidates) {
    const given = values.take(`${item.name}_${name}`);
    if (given === undefined) continue;
    if (given === "") return withType(properties, typeProperties);
    filling.isWritten = true;
    const secret = { type: "SecureString", value: given };
    return withType(properties, { ...typeProperties, [name]: secret });
  }
  if (stored !== undefined) {
    return withType(properties, { ...typeProperties, encryptedCredential: stored });
  }
  const names = known.length === 0 ? candidates : known;
  addFault(filling, {
    path: "properties.typeProperties.encryptedCredential",
    message: `The secret of ${titleOf(item)} (${names.join(" or ")}) is not in the repository`,
    parameter: `${item.name}_${names[0]}`,
  });
  return withType(properties, typeProperties);
}
