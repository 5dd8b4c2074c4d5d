// Secrets inside definitions are write-only: sealed in the store, masked when read (features.md A-05).
// A definition that comes back masked keeps what is stored only while it would go to the same place:
// a stored secret never goes to a target that the caller changed (design.md §2).

import type { ArtifactContext, ArtifactProperties } from "@callosum/contract/artifact.ts";
import { failSynapse } from "./error-catalogue.ts";

export const mask = "**********";
const credentialTokenBits = 240;

export interface ProtectedDefinition {
  /** Without any secret. */
  readonly value: ArtifactProperties;
  /** Path inside the value (`typeProperties.password`) → clear text. */
  readonly secrets: Record<string, string>;
}

interface SecureString {
  readonly type: string;
  readonly value?: unknown;
}

function isSecureString(value: unknown): value is SecureString {
  const type = (value as { type?: unknown } | null | undefined)?.type;
  return typeof type === "string" && type.toLowerCase() === "securestring";
}

/**
 * The value with every secure string replaced. `owner` is the innermost element of an array around
 * it (an activity), or the whole.
 */
function mapSecureStrings(
  value: unknown,
  options: { path: string; replace: (path: string, sent: unknown, owner: unknown) => unknown },
  owner: unknown = value,
): unknown {
  const { path, replace } = options;
  if (typeof value !== "object" || value === null) return value;
  if (isSecureString(value)) return replace(path, value.value, owner);
  if (Array.isArray(value)) {
    return value.map((child, index) =>
      mapSecureStrings(child, { path: `${path}[${index}]`, replace }, child),
    );
  }
  const entries = Object.entries(value).map(([name, child]) => [
    name,
    mapSecureStrings(child, { path: `${path}.${name}`, replace }, owner),
  ]);
  return Object.fromEntries(entries);
}

/**
 * Secrets of anything but linked services. The activity around a secret says where it goes, and so do
 * the parameters and variables that its expressions use.
 */
export async function protectProperties(
  ctx: ArtifactContext,
  options: { properties: ArtifactProperties; existing: ArtifactProperties | undefined },
): Promise<ProtectedDefinition> {
  const { properties, existing } = options;
  const surroundings = new Map<string, string>();
  mapSecureStrings(existing, {
    path: "properties",
    replace: (path, _sent, owner) => surroundings.set(path, destination(owner, existing)),
  });
  const kept: string[] = [];
  const secrets: Record<string, string> = {};
  const value = mapSecureStrings(properties, {
    path: "properties",
    replace(path, sent, owner) {
      if (typeof sent === "string" && sent !== mask) secrets[path] = sent;
      else if (surroundings.get(path) === destination(owner, properties)) kept.push(path);
      else throw secretRequired(path, "what is around it changed, or none is stored.");
      return { type: "SecureString", value: mask };
    },
  }) as ArtifactProperties;
  for (const path of kept) secrets[path] = await requireStored(ctx, path);
  return { value, secrets };
}

function destination(owner: unknown, properties: ArtifactProperties | undefined): string {
  const { parameters, variables, lastPublishTime: _time, ...whole } = properties ?? {};
  return fingerprint([owner === properties ? whole : owner, parameters, variables]);
}

/** The value with its secrets masked, as text that compares. */
function fingerprint(value: unknown): string {
  const masked = mapSecureStrings(value, { path: "", replace: () => mask });
  return JSON.stringify(sorted(masked));
}

/** Casing of names never matters and their order neither. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, child]) => [name.toLowerCase(), sorted(child)] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

export interface LinkSecretRules {
  /** typeProperties that are secret even as plain text. */
  readonly secrets: readonly string[];
  /** typeProperties that say where secrets go; undefined = all but the secret ones. */
  readonly target: readonly string[] | undefined;
}

/**
 * Secrets of a linked service or credential: secure strings, plain texts that its type calls secret,
 * and passwords in connection strings. Gives the definition with `encryptedCredential` where any is.
 */
export async function protectLink(
  ctx: ArtifactContext,
  options: {
    properties: ArtifactProperties;
    existing: ArtifactProperties | undefined;
    rules: LinkSecretRules;
  },
): Promise<ProtectedDefinition> {
  const { existing, rules } = options;
  const { encryptedCredential, ...rest } = typePropertiesOf(options.properties);
  const properties = { ...options.properties, typeProperties: wrapPlainSecrets(rest, rules) };
  const stored = typePropertiesOf(existing).encryptedCredential;
  const keeps = typeof encryptedCredential === "string" && encryptedCredential !== "";
  if (keeps && encryptedCredential !== stored) {
    throw failSynapse.SecretRequired({
      property: "typeProperties.encryptedCredential",
      why: "it was not issued for this linked service.",
      target: "properties.typeProperties.encryptedCredential",
    });
  }
  const changed = changedTarget({ sent: properties, existing, rules });
  const taken = takeSecrets(properties, { existing, changed });
  const names = keeps ? unsentSecrets(taken, { existing, changed }) : taken.kept;
  const secrets = { ...taken.secrets };
  for (const path of names) secrets[path] = await requireStored(ctx, path);
  const typeProperties = typePropertiesOf(taken.value);
  for (const path of names) restoreMask(typeProperties, path);
  const hasSecrets = Object.keys(secrets).length > 0;
  const isSame =
    hasSecrets && Object.keys(taken.secrets).length === 0 && typeof stored === "string";
  return {
    secrets,
    value: {
      ...taken.value,
      typeProperties: {
        ...typeProperties,
        ...(hasSecrets
          ? { encryptedCredential: isSame ? stored : ctx.token(credentialTokenBits) }
          : {}),
      },
    },
  };
}

/** A definition as a test gets it: what is secret apart, masks left as they are. */
export function takeClearSecrets(
  properties: ArtifactProperties,
  rules: LinkSecretRules,
): ProtectedDefinition {
  const typeProperties = wrapPlainSecrets(typePropertiesOf(properties), rules);
  const secrets: Record<string, string> = {};
  const value = mapSecureStrings(
    { ...properties, typeProperties },
    {
      path: "",
      replace(dotted, sent) {
        if (typeof sent === "string" && sent !== mask) secrets[dotted.slice(1)] = sent;
        return { type: "SecureString", value: mask };
      },
    },
  ) as ArtifactProperties;
  return { value, secrets };
}

function typePropertiesOf(properties: ArtifactProperties | undefined): ArtifactProperties {
  return { ...(properties?.typeProperties as ArtifactProperties | undefined) };
}

/** `"accountKey": "abc"` means the same as a secure string; an expression is not a secret yet. */
function wrapPlainSecrets(typeProperties: ArtifactProperties, rules: LinkSecretRules) {
  const secret = new Set(rules.secrets.map((name) => name.toLowerCase()));
  return Object.fromEntries(
    Object.entries(typeProperties).map(([name, value]) => {
      const isPlain = typeof value === "string" && !value.includes("@{") && !value.startsWith("@");
      const isSecret = isPlain && value !== "" && secret.has(name.toLowerCase());
      return [name, isSecret ? { type: "SecureString", value } : value];
    }),
  );
}

const connectionPart = /\s*([^=;]*)(?:=("[^"]*"|'[^']*'|[^;]*))?(?:;|$)/g;
const connectionSecret = /^(?:password|pwd|accountkey|sharedaccesssignature|sharedaccesskey)$/i;

/** A connection string without its secret parts; values in quotes may hold semicolons. */
function withoutSecrets(connectionString: string): string {
  const parts = [...connectionString.matchAll(connectionPart)].filter(([part]) => part !== "");
  const open = parts.filter(([, name = ""]) => !connectionSecret.test(name.trim()));
  if (open.length === parts.length) return connectionString;
  return open.map(([part]) => part.replace(/;$/, "")).join(";");
}

interface TakenSecrets extends ProtectedDefinition {
  /** Paths whose mask came back. */
  readonly kept: string[];
}

function takeSecrets(
  properties: ArtifactProperties,
  options: { existing: ArtifactProperties | undefined; changed: string | undefined },
): TakenSecrets {
  const { existing, changed } = options;
  const kept: string[] = [];
  const secrets: Record<string, string> = {};
  const value = mapSecureStrings(properties, {
    path: "",
    replace(dotted, sent) {
      const path = dotted.slice(1);
      if (typeof sent === "string" && sent !== mask) secrets[path] = sent;
      else if (!existing) throw secretRequired(path, "none is stored.");
      else if (changed) throw secretRequired(path, `'${changed}' changed.`);
      else kept.push(path);
      return { type: "SecureString", value: mask };
    },
  }) as ArtifactProperties;
  const typeProperties = typePropertiesOf(value);
  const { connectionString } = typeProperties;
  if (typeof connectionString === "string") {
    typeProperties.connectionString = withoutSecrets(connectionString);
    if (typeProperties.connectionString !== connectionString) {
      secrets["typeProperties.connectionString"] = connectionString;
    }
  }
  return { value: { ...value, typeProperties }, secrets, kept };
}

/** With the stored `encryptedCredential` sent back, secrets that were left out stay too. */
function unsentSecrets(
  taken: TakenSecrets,
  options: { existing: ArtifactProperties | undefined; changed: string | undefined },
): string[] {
  const { existing, changed } = options;
  const stored: string[] = [];
  mapSecureStrings(existing, { path: "", replace: (path) => stored.push(path.slice(1)) });
  if (typeof typePropertiesOf(existing).connectionString === "string") {
    stored.push("typeProperties.connectionString");
  }
  const names = stored.filter((path) => !(path in taken.secrets));
  if (changed && names.length > 0) throw secretRequired(names[0] ?? "", `'${changed}' changed.`);
  return names;
}

function restoreMask(typeProperties: ArtifactProperties, path: string): void {
  const [, name = "", ...deeper] = path.split(".");
  if (deeper.length === 0 && typeProperties[name] === undefined) {
    typeProperties[name] = { type: "SecureString", value: mask };
  }
}

/** The first property that changed of those that decide where a secret goes. */
export function changedTarget(options: {
  sent: ArtifactProperties;
  existing: ArtifactProperties | undefined;
  rules: LinkSecretRules;
}): string | undefined {
  const { sent, existing, rules } = options;
  if (!existing) return undefined;
  const [left, right] = [typePropertiesOf(sent), typePropertiesOf(existing)];
  const names = rules.target ?? [...new Set([...Object.keys(left), ...Object.keys(right)])];
  const secret = new Set([...rules.secrets, "encryptedCredential", "connectionString"]);
  const ownNames = names.filter((name) => rules.target || !secret.has(name));
  const differs = (a: unknown, b: unknown) => fingerprint(a) !== fingerprint(b);
  const changed = ownNames.find((name) => differs(left[name], right[name]));
  // Parameters and the runtime decide too where an expression leads and who sends the secret.
  return (
    changed ??
    ["type", "parameters", "connectVia"].find((name) => differs(sent[name], existing[name]))
  );
}

async function requireStored(ctx: ArtifactContext, path: string): Promise<string> {
  const text = await ctx.openSecret(path);
  if (text === undefined) throw secretRequired(path, "none is stored.");
  return text;
}

function secretRequired(path: string, why: string) {
  const target = path.startsWith("properties") ? path : `properties.${path}`;
  return failSynapse.SecretRequired({ property: path, why, target });
}
