// The publish branch: TemplateForWorkspace.json with its parameters. Its resources are those of the
// workspace's endpoint, so the template is evaluated here, by the instance's own engine, and never
// deployed as one.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ServiceError } from "@callosum/contract/error.ts";
import { openContext } from "@callosum/server/deployments/template/context.ts";
import { readTemplate } from "@callosum/server/deployments/template/document.ts";
import type { Json } from "@callosum/server/deployments/template/json.ts";
import { expandResources } from "@callosum/server/deployments/template/resource.ts";
import { targetScope } from "@callosum/server/deployments/template/resource-function.ts";
import { evaluationAt } from "@callosum/server/deployments/template/scope.ts";
import { evaluateValue } from "@callosum/server/deployments/template/value.ts";
import { isJsonObject, type JsonFile, parseJsonFile, placeIn } from "../json-file.ts";
import { parametersOf } from "../parameter.ts";
import type { Fault } from "./fault.ts";
import { hasSecretPart, mask } from "./secret.ts";
import {
  artifactKind,
  type Kind,
  type Properties,
  type Refusal,
  resourceLabels,
  type Source,
  type SourceItem,
} from "./source.ts";

export const templateName = "TemplateForWorkspace.json";
const parametersName = "TemplateParametersForWorkspace.json";
const workspaceType = /^Microsoft\.Synapse\/workspaces\//i;
const endpointType =
  /^Microsoft\.Synapse\/workspaces\/managedVirtualNetworks\/managedPrivateEndpoints$/i;

export interface PublishRequest {
  readonly directory: string;
  /** Folder of the template below the directory; "" for the directory itself. */
  readonly folder: string;
  readonly workspace: string;
  /** Values of the command, by name: text, or what a parameter file says. */
  readonly given: ReadonlyMap<string, { text: string } | { value: unknown }>;
}

/** Evaluates the template for the workspace. Faults carry their place in it. */
export async function readPublishTemplate(
  request: PublishRequest,
): Promise<{ source: Source; faults: readonly Fault[]; declared: readonly string[] }> {
  const { directory, folder } = request;
  const shown = (name: string) => (folder === "" ? name : `${folder}/${name}`);
  const read = async (name: string) =>
    parseJsonFile(shown(name), await readFile(join(directory, folder, name), "utf8"));
  const template = await read(templateName);
  const parameters = existsSync(join(directory, folder, parametersName))
    ? await read(parametersName)
    : undefined;
  const found: Found = { items: [], refusals: [] };
  const source: Source = { form: "publishBranch", ...found, notes: [] };
  try {
    const declared = evaluate(found, { request, template, parameters });
    return { source, faults: [], declared };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const path = typeof error.facts.path === "string" ? error.facts.path : "";
    const fault = { place: placeIn(template, path), code: error.code, message: error.message };
    return { source, faults: [fault], declared: [] };
  }
}

interface Found {
  readonly items: SourceItem[];
  readonly refusals: Refusal[];
}

interface Evaluated {
  readonly request: PublishRequest;
  readonly template: JsonFile;
  readonly parameters: JsonFile | undefined;
}

/** Gives the names of the template's parameters. */
function evaluate(found: Found, evaluated: Evaluated): string[] {
  const { template: json } = evaluated;
  const template = readTemplate(json.value as Json);
  const declared = [...template.parameters.keys()];
  const nothing = () => undefined;
  const context = openContext({
    template,
    // The names of the resources are all that counts; they lie below any group.
    target: targetScope({ subscriptionId: "", resourceGroup: "" }),
    facts: {
      deployer: {},
      deployment: {},
      environment: {},
      subscription: {},
      tenant: {},
      resourceGroup: {},
      provider: nothing,
    },
    environment: { now: () => new Date(), newGuid: () => crypto.randomUUID(), random: () => 0 },
    given: givenValues(template.parameters, evaluated),
  });
  for (const resource of expandResources(context)) {
    if (!resource.condition) continue;
    const { path, type, name, copies } = resource;
    const place = (below: string) => placeIn(json, `${path}.${below}`);
    const kind = kindOf(type);
    if (!kind) {
      const what = `The resource type '${type}'`;
      const reason = workspaceType.test(type)
        ? "there is none in workspaces here"
        : "it is not of a workspace";
      found.refusals.push({ place: place("type"), what, reason });
      continue;
    }
    const value = (part: string): unknown =>
      evaluateValue(
        resource.json[part] ?? null,
        evaluationAt(context, { copies }),
        `${path}.${part}`,
      );
    const properties = value("properties");
    found.items.push({
      kind,
      name: name.split("/").at(-1) ?? "",
      properties: (isJsonObject(properties) ? properties : {}) as Properties,
      envelope: Object.fromEntries(
        ["sku", "location"]
          .filter((part) => part in resource.json)
          .map((part) => [part, value(part)]),
      ),
      file: json.file,
      place,
    });
  }
  return declared;
}

function kindOf(type: string): Kind | undefined {
  if (endpointType.test(type)) return { how: "endpoint", label: "managedPrivateEndpoints" };
  const [, , collection = "", ...deeper] = type.split("/");
  if (!workspaceType.test(type) || deeper.length > 0) return undefined;
  const label = resourceLabels.find((each) => each.toLowerCase() === collection.toLowerCase());
  return label ? { how: "resource", label } : artifactKind(collection);
}

/**
 * The command's values first, then the repository's own. A secure parameter takes none from the
 * repository unless it holds no secret (the connection string of the workspace's own SQL).
 */
function givenValues(
  declared: ReadonlyMap<string, Readonly<Record<string, Json>>>,
  { request, parameters }: Evaluated,
): Map<string, Json> {
  const written = new Map(parameters ? parametersOf(parameters.value, parameters.file) : []);
  const given = new Map([...request.given].map(([name, value]) => [name.toLowerCase(), value]));
  const values = new Map<string, Json>([["workspaceName", request.workspace]]);
  for (const [name, declaration] of declared) {
    if (name === "workspaceName") continue;
    const type = String(declaration.type).toLowerCase();
    const own = given.get(name.toLowerCase());
    const committed = written.get(name)?.value ?? declaration.defaultValue;
    if (own) values.set(name, typed(own, type));
    else if (type.startsWith("secure")) values.set(name, openPart(committed, type));
    else if (written.has(name)) values.set(name, (committed ?? null) as Json);
  }
  return values;
}

function openPart(committed: unknown, type: string): Json {
  if (type === "secureobject") return {};
  const isOpen =
    typeof committed === "string" && committed.includes("=") && !hasSecretPart(committed);
  return isOpen ? committed : mask;
}

function typed(own: { text: string } | { value: unknown }, type: string): Json {
  if ("value" in own) return own.value as Json;
  if (type === "string" || type === "securestring") return own.text;
  try {
    return JSON.parse(own.text) as Json;
  } catch {
    return own.text;
  }
}
