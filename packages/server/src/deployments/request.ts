// What a client or a parent template sends as a deployment, read and checked.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type { ContentLink } from "./content-link.ts";
import { refuse } from "./error-catalogue.ts";
import type { DeploymentPorts } from "./ports.ts";
import { limits } from "./template/document.ts";
import { isArray, isObject, type Json, type JsonObject, member } from "./template/json.ts";

export interface DeploymentInput {
  readonly location: string | undefined;
  readonly tags: JsonObject | undefined;
  /** Undefined as long as `templateLink` is not read. */
  readonly template: Json | undefined;
  readonly templateLink?: ContentLink;
  readonly parametersLink?: ContentLink;
  /** As sent: `{ name: { value } | { reference } }`. */
  readonly parameters: JsonObject;
}

/** Fails with InvalidRequestContent, or NotSupportedHere naming what is not run. */
export function readInput(body: unknown): DeploymentInput {
  if (!isObject(body as Json)) throw invalidContent("The body must be a JSON object.");
  const envelope = body as JsonObject;
  const properties = member(envelope, "properties");
  if (!isObject(properties)) throw invalidContent("The body must have 'properties'.", "properties");
  readMode(member(properties, "mode"));
  refuseUnsupported(properties);
  const template = member(properties, "template") ?? undefined;
  const templateLink = readLink(properties, "templateLink");
  const parametersLink = readLink(properties, "parametersLink");
  requireOneTemplate(template, templateLink);
  const location = member(envelope, "location");
  const tags = member(envelope, "tags");
  return {
    location: typeof location === "string" ? location : undefined,
    tags: isObject(tags) ? tags : undefined,
    template,
    ...(templateLink ? { templateLink } : {}),
    ...(parametersLink ? { parametersLink } : {}),
    parameters: readParameters(readInline(properties, parametersLink)),
  };
}

function requireOneTemplate(template: Json | undefined, link: ContentLink | undefined): void {
  const target = "properties.template";
  if (template === undefined && !link) {
    const reason = "The body must have 'properties.template' or 'properties.templateLink'.";
    throw invalidContent(reason, target);
  }
  if (template === undefined) return;
  if (link) {
    const reason = "'properties.template' and 'properties.templateLink' cannot both be given.";
    throw invalidContent(reason, target);
  }
  if (JSON.stringify(template).length > limits.templateBytes) {
    throw refuse.InvalidTemplate({
      reason: `The template size exceeds the limit of ${limits.templateBytes} bytes`,
    });
  }
}

const linkMembers = ["uri", "relativePath", "contentVersion", "queryString"] as const;

function readLink(properties: JsonObject, name: string): ContentLink | undefined {
  const link = member(properties, name);
  const target = `properties.${name}`;
  if (link === undefined || link === null) return undefined;
  if (!isObject(link)) throw invalidContent(`'${target}' must be an object.`, target);
  if (member(link, "id") !== undefined) {
    throw notSupported(`A template spec ('${target}.id')`, "templates are sent or linked", target);
  }
  const members = linkMembers.flatMap((each) => {
    const value = member(link, each);
    if (value === undefined || value === null || value === "") return [];
    if (typeof value === "string") return [[each, value] as const];
    throw invalidContent(`'${target}.${each}' must be a string.`, `${target}.${each}`);
  });
  if (members.length === 0) return undefined;
  return Object.fromEntries(members);
}

/** Values are sent or linked, not both. */
function readInline(properties: JsonObject, link: ContentLink | undefined): Json | undefined {
  const parameters = member(properties, "parameters");
  const isEmpty =
    parameters === undefined ||
    parameters === null ||
    (isObject(parameters) && Object.keys(parameters).length === 0);
  if (!link || isEmpty) return parameters;
  throw invalidContent(
    "'properties.parameters' and 'properties.parametersLink' cannot both be given.",
    "properties.parametersLink",
  );
}

function invalidContent(reason: string, target?: string) {
  return fail.InvalidRequestContent({ reason, target });
}

function readMode(mode: Json | undefined): void {
  if (typeof mode === "string" && /^incremental$/i.test(mode)) return;
  if (typeof mode === "string" && /^complete$/i.test(mode)) {
    throw notSupported(
      "The deployment mode 'Complete'",
      "only what a template names is touched; use 'Incremental'",
      "properties.mode",
    );
  }
  throw invalidContent("'properties.mode' must be 'Incremental'.", "properties.mode");
}

function notSupported(what: string, reason: string, target: string) {
  return fail.NotSupportedHere({ what, reason, target });
}

function refuseUnsupported(properties: JsonObject): void {
  const refusals: readonly [string, string][] = [
    ["onErrorDeployment", "a failed deployment is not rolled back"],
    ["extensionConfigs", "only Azure's own resources are deployed"],
    ["externalInputs", "values are sent as parameters"],
  ];
  for (const [name, reason] of refusals) {
    const value = member(properties, name);
    if (value === undefined || value === null) continue;
    if (isObject(value) && Object.keys(value).length === 0) continue;
    throw notSupported(`The property 'properties.${name}'`, reason, `properties.${name}`);
  }
}

/** A parameter object or a whole parameter file. Fails with InvalidRequestContent. */
export function readParameters(value: Json | undefined): JsonObject {
  if (value === undefined || value === null) return {};
  if (!isObject(value))
    throw invalidContent("'properties.parameters' must be an object.", "properties.parameters");
  // A whole parameter file is what people send by mistake, and what az and the portal unwrap.
  const inner = member(value, "parameters");
  const isFile = "$schema" in value && isObject(inner);
  const parameters = isFile ? inner : value;
  for (const [name, item] of Object.entries(parameters)) {
    const target = `properties.parameters.${name}`;
    if (!isObject(item)) {
      throw invalidContent(
        `The parameter '${name}' must be an object with 'value' or 'reference'.`,
        target,
      );
    }
    if (member(item, "expression") !== undefined) {
      throw notSupported(
        `The member 'expression' of parameter '${name}'`,
        "values are sent as 'value'",
        target,
      );
    }
  }
  return parameters;
}

/** The values by name; secrets that are referred to are read as the caller. */
export async function readGiven(
  ports: Pick<DeploymentPorts, "secretReader" | "resources" | "authorizer">,
  parameters: JsonObject,
  principal: Principal,
): Promise<Map<string, Json>> {
  const given = new Map<string, Json>();
  for (const [name, item] of Object.entries(parameters)) {
    if (!isObject(item)) continue;
    const reference = member(item, "reference");
    const value = isObject(reference)
      ? await readSecret(ports, { name, reference, principal })
      : member(item, "value");
    if (value !== undefined) given.set(name, value);
  }
  return given;
}

async function readSecret(
  ports: Pick<DeploymentPorts, "secretReader" | "resources" | "authorizer">,
  { name, reference, principal }: { name: string; reference: JsonObject; principal: Principal },
): Promise<Json> {
  const vault = member(reference, "keyVault");
  const vaultId = isObject(vault) ? member(vault, "id") : undefined;
  const secretName = member(reference, "secretName");
  const version = member(reference, "secretVersion");
  if (typeof vaultId !== "string" || typeof secretName !== "string" || isArray(reference as Json)) {
    const reason = "its reference needs 'keyVault.id' and 'secretName'.";
    throw refuse.InvalidDeploymentParameterValue({ name, reason });
  }
  const action = "Microsoft.KeyVault/vaults/deploy/action";
  await ports.authorizer.require(principal, { action, scope: vaultId });
  const shown = await ports.resources.show(vaultId, () => "");
  const vaultUrl = (shown?.properties as { vaultUri?: string } | undefined)?.vaultUri;
  if (vaultUrl === undefined) {
    const reason = `there is no key vault '${vaultId}'.`;
    throw refuse.InvalidDeploymentParameterValue({ name, reason });
  }
  const question = { vaultUrl, name: secretName };
  const secret = await ports.secretReader.read(
    principal,
    typeof version === "string" ? { ...question, version } : question,
  );
  return secret.text;
}
