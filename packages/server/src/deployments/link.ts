// Templates and parameters that are linked rather than sent: read before anything is checked, as the
// caller, from a storage account of this instance or from a host that the operator listed
// (learn.microsoft.com: linked templates).

import { ServiceError } from "@callosum/contract/error.ts";
import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ContentLink, LinkedFrom } from "./content-link.ts";
import { refuse } from "./error-catalogue.ts";
import { locate, type Position, pathSteps } from "./json-position.ts";
import type { DeploymentPorts } from "./ports.ts";
import { readRelaxed } from "./relaxed-json.ts";
import { type DeploymentInput, readParameters } from "./request.ts";
import type { Requested } from "./state.ts";
import { limits } from "./template/document.ts";
import { isObject, type Json, type JsonObject, member } from "./template/json.ts";

type Ports = Pick<DeploymentPorts, "content">;

/** What is linked, read. Fails with InvalidContentLink, InvalidTemplate. */
export async function resolveLinks(ports: Ports, requested: Requested): Promise<Requested> {
  const { templateLink, parametersLink } = requested.input;
  if (!templateLink && !parametersLink) return requested;
  const { linked, input } = templateLink
    ? await readTemplateLink(ports, requested, templateLink)
    : { linked: undefined, input: requested.input };
  const parameters = parametersLink
    ? await readParametersLink(ports, requested, parametersLink)
    : input.parameters;
  const { templateLink: _template, parametersLink: _parameters, ...rest } = input;
  return { ...requested, ...linked, input: { ...rest, parameters } };
}

async function readTemplateLink(
  ports: Ports,
  requested: Requested,
  link: ContentLink,
): Promise<{
  linked: { linkedFrom: LinkedFrom; linkedText: string };
  input: DeploymentInput;
}> {
  const { uri, text, value } = await read(ports, requested, { link, name: "templateLink" });
  const found = isObject(value) ? member(value, "contentVersion") : undefined;
  requireVersion(link, found, uri);
  const linkedFrom = {
    uri,
    ...(typeof found === "string" ? { contentVersion: found } : {}),
  };
  return {
    linked: { linkedFrom, linkedText: text },
    input: { ...requested.input, template: value },
  };
}

async function readParametersLink(
  ports: Ports,
  requested: Requested,
  link: ContentLink,
): Promise<JsonObject> {
  const { uri, value } = await read(ports, requested, { link, name: "parametersLink" });
  const parameters = isObject(value) ? member(value, "parameters") : undefined;
  if (!isObject(value) || !isObject(parameters)) {
    throw refuse.InvalidContentLink({ uri: shown(uri), reason: "It is no parameter file." });
  }
  requireVersion(link, member(value, "contentVersion"), uri);
  return readParameters(parameters);
}

async function read(
  ports: Ports,
  { principal, parentLink }: Requested,
  { link, name }: { link: ContentLink; name: "templateLink" | "parametersLink" },
): Promise<{ uri: string; text: string; value: Json }> {
  const uri = uriOf(link, { name, parentLink });
  const bytes = await ports.content
    .read(uri, { principal, bytesMax: limits.templateBytes })
    .catch((error: unknown) => {
      if (!(error instanceof Error)) throw error;
      throw refuse.InvalidContentLink({ uri: shown(uri), reason: error.message });
    });
  try {
    const { text, value } = readRelaxed(new TextDecoder("utf8").decode(bytes));
    return { uri, text, value: value as Json };
  } catch (error) {
    throw refuse.InvalidContentLink({ uri: shown(uri), reason: (error as Error).message });
  }
}

function uriOf(
  { uri, relativePath, queryString }: ContentLink,
  { name, parentLink }: { name: string; parentLink: LinkedFrom | undefined },
): string {
  const target = `properties.${name}`;
  if (relativePath !== undefined && uri === undefined) {
    if (!parentLink) {
      const reason = `'${relativePath}' is relative, and the template that names it was sent, not linked.`;
      throw fail.InvalidRequestContent({ reason: `'${target}': ${reason}`, target });
    }
    const base = new URL(parentLink.uri);
    const url = new URL(relativePath, base);
    // What opens the parent opens its neighbours.
    if (url.host === base.host && url.search === "") url.search = queryString ?? base.search;
    return url.href;
  }
  const url = URL.parse(uri ?? "");
  if (!url || uri === undefined) {
    const reason = `'${target}' needs a 'uri', or a 'relativePath'.`;
    throw fail.InvalidRequestContent({ reason, target });
  }
  if (queryString !== undefined && queryString !== "") {
    url.search = [url.search.slice(1), queryString.replace(/^\?/, "")].filter(Boolean).join("&");
  }
  return url.href;
}

function requireVersion(
  { contentVersion }: ContentLink,
  found: Json | undefined,
  uri: string,
): void {
  if (contentVersion === undefined || contentVersion === found) return;
  throw refuse.InvalidTemplate({
    reason: `The content version '${contentVersion}' of the link does not match '${String(found)}' of '${shown(uri)}'`,
  });
}

/** Signatures are not repeated. */
export function shown(uri: string): string {
  return uri.replace(/\?.*$/s, "");
}

/** The same error with the place in the linked text, for the answer. */
export function placedInLink(error: unknown, { linkedFrom, linkedText }: Requested): unknown {
  if (!(error instanceof ServiceError) || error.code !== "InvalidTemplate") return error;
  if (linkedText === undefined || error.facts.position !== undefined) return error;
  const path = typeof error.facts.path === "string" ? error.facts.path : "";
  const position: Position | undefined = locate(linkedText, pathSteps(path));
  const { code, status, message, target, details, facts } = error;
  const more = { ...(position ? { position } : {}), uri: shown(linkedFrom?.uri ?? "") };
  return new ServiceError({ code, status, message, target, details, facts: { ...facts, ...more } });
}
