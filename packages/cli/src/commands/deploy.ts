// `callosum deploy`: an Azure Resource Manager template into this instance, or what it would change.

import { asOption, asPrincipal } from "../as-principal.ts";
import { CommandError, defineCommand, exitCodes, type Outcome, usageError } from "../command.ts";
import { isJsonObject, parseJsonFile } from "../json-file.ts";
import type { OwnAnswer } from "../own-request.ts";
import { type GivenParameter, jsonOrText, readParameters } from "../parameter.ts";

const apiVersion = "2022-09-01";

export const deploy = defineCommand({
  name: "deploy",
  summary: "Deploy an ARM template",
  description:
    "Sends the template as it is, or its https address, and waits for it. Parameters come from files, whose values may be Key Vault references, and from NAME=VALUE, later ones first; a value is taken as its parameter is declared. A template of a subscription needs --location, any other --group, which must be there. Exit code 1 when the deployment fails, 3 when it is not allowed.",
  arguments: [
    { name: "TEMPLATE", summary: "File or https address; - reads stdin", isRequired: true },
  ],
  options: {
    parameters: {
      kind: "list",
      value: "FILE|NAME=VALUE",
      summary: "Parameter file, or one value; may be repeated",
    },
    group: { kind: "text", value: "GROUP", summary: "Resource group to deploy to" },
    location: { kind: "text", value: "REGION", summary: "Of a deployment at the subscription" },
    name: {
      kind: "text",
      value: "NAME",
      summary: "Of the deployment",
      otherwise: "the template's file name",
    },
    "skip-unsupported": {
      kind: "flag",
      summary: "Leave out, with a warning, resources of types that are not run here",
    },
    "what-if": { kind: "flag", summary: "Show what it would change, and change nothing" },
    as: asOption("Who deploys"),
  },
  examples: [
    {
      command:
        "callosum deploy azuredeploy.json --group rg1 --parameters azuredeploy.parameters.json",
      summary: "As with az deployment group create",
    },
    {
      command: "callosum deploy main.json --group rg1 --parameters location=westeurope --what-if",
      summary: "What it would change",
    },
  ],
  async run(request) {
    const { options, terminal } = request;
    const file = request.arguments.TEMPLATE ?? "-";
    const template = await readTemplate(file, () => terminal.readInput());
    const parameters = parametersBody(await readParameters(options.parameters), template);
    return asPrincipal(request, async ({ credential, contract }) => {
      const { sendToAzure } = await import("../azure-request.ts");
      const name = options.name ?? nameOf(file);
      const url = deploymentUrl({
        ...options,
        name,
        subscriptionId: contract.subscriptionId,
        isOfSubscription: template.isOfSubscription ?? options.group === undefined,
      });
      const token =
        (await credential.getToken("https://management.azure.com/.default"))?.token ?? "";
      const send = (method: string, path: string, body?: string) =>
        sendToAzure(contract, {
          method,
          url: new URL(`${path}?api-version=${apiVersion}`),
          token,
          ...(body === undefined ? {} : { body }),
        });
      const { location } = options;
      const rest = [
        `"parameters":${JSON.stringify(parameters)}`,
        ...(options["skip-unsupported"] ? ['"skipUnsupported":true'] : []),
      ].join(",");
      const place = location === undefined ? "" : `,"location":${JSON.stringify(location)}`;
      const body = `${template.start},${rest}}${place}}`;
      if (options["what-if"])
        return showChanges(requireDone(await send("POST", `${url}/whatIf`, body), file));
      requireDone(await send("PUT", url, body), file);
      return showDeployment(requireDone(await send("GET", url), file));
    });
  },
});

const bodyStart = '{"properties":{"mode":"Incremental","template":';

interface TemplateText {
  /** The body up to the parameters: the template as it is written, or a link to it. */
  readonly start: string;
  /** Undefined where only the address of the template is known. */
  readonly isOfSubscription: boolean | undefined;
  /** Type of a declared parameter in lower case; undefined where it is not known. */
  typeOf(name: string): string | undefined;
}

/** The template goes first and as it is written, so that the places in answers are the file's. */
async function readTemplate(file: string, readInput: () => Promise<string>): Promise<TemplateText> {
  if (/^https:\/\//i.test(file)) {
    const start = `{"properties":{"mode":"Incremental","templateLink":${JSON.stringify({ uri: file })}`;
    return { start, isOfSubscription: undefined, typeOf: () => undefined };
  }
  const { readFile } = await import("node:fs/promises");
  const content = await (file === "-" ? readInput() : readFile(file, "utf8")).catch((error) => {
    throw usageError(`${file} cannot be read: ${error.message}`);
  });
  // Templates may have comments and texts over lines: lines and columns stay where they are.
  const { readRelaxed } = await import("@callosum/server/deployments/relaxed-json.ts");
  const { text, value } =
    valueIfAny(() => readRelaxed(content.replace(/^\uFEFF/, ""))) ?? parseJsonFile(file, content);
  const template = isJsonObject(value) ? value : {};
  const declared = isJsonObject(template.parameters) ? Object.entries(template.parameters) : [];
  const types = new Map(
    declared.map(([name, parameter]) => [
      name.toLowerCase(),
      isJsonObject(parameter) ? String(parameter.type).toLowerCase() : undefined,
    ]),
  );
  return {
    start: `${bodyStart}${text.trimEnd()}`,
    isOfSubscription: /subscriptionDeploymentTemplate\.json/i.test(String(template.$schema)),
    typeOf: (name) => types.get(name.toLowerCase()),
  };
}

/** Undefined for what is no JSON even so: the strict reader says where. */
function valueIfAny<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** `{ name: { value } | { reference } }`; a value on the line has the type that is declared. */
function parametersBody(
  given: ReadonlyMap<string, GivenParameter>,
  { typeOf }: TemplateText,
): Record<string, unknown> {
  const entries = [...given].map(([name, parameter]) => {
    if ("item" in parameter) return [name, parameter.item];
    const isText = /^(?:secure)?string$/.test(typeOf(name) ?? "");
    return [name, { value: isText ? parameter.text : jsonOrText(parameter.text) }];
  });
  return Object.fromEntries(entries);
}

/** az's rule: the name of the file without its ending. */
function nameOf(file: string): string {
  const last = file.split(/[\\/]/).at(-1) ?? "";
  const name = last.replace(/\.[^.]*$/, "").replace(/[^-\w.()]/g, "-");
  return file === "-" || name === "" ? "deployment" : name.slice(0, 64);
}

function deploymentUrl(options: {
  group?: string | undefined;
  location?: string | undefined;
  name: string;
  subscriptionId: string;
  isOfSubscription: boolean;
}): string {
  const { group, location, name, subscriptionId, isOfSubscription } = options;
  const subscription = `https://management.azure.com/subscriptions/${subscriptionId}`;
  const below = `providers/Microsoft.Resources/deployments/${encodeURIComponent(name)}`;
  if (isOfSubscription) {
    if (group !== undefined)
      throw usageError("The template is one of a subscription: leave --group out.");
    if (location === undefined) throw usageError("A template of a subscription needs --location.");
    return `${subscription}/${below}`;
  }
  if (group === undefined)
    throw usageError("Say --group: the template is one of a resource group.");
  return `${subscription}/resourcegroups/${encodeURIComponent(group)}/${below}`;
}

interface Failure {
  readonly code?: string;
  readonly message?: string;
  readonly target?: string;
  readonly details?: readonly Failure[];
  readonly additionalInfo?: readonly {
    readonly info?: {
      readonly lineNumber?: number;
      readonly linePosition?: number;
      /** Of the linked template that the place is in. */
      readonly uri?: string;
    };
  }[];
}

function requireDone({ status, body }: OwnAnswer, file: string): unknown {
  if (status < 400) return body;
  const { error } = (body ?? {}) as { error?: Failure };
  const lines = [
    `${placeOf(error, file)}${error?.message ?? `The request was refused with status ${status}.`}`,
    ...detailLines(error?.details, 1),
  ];
  throw new CommandError({
    code: error?.code ?? `Status${status}`,
    message: lines.join("\n"),
    exitCode: status === 401 || status === 403 ? exitCodes.refused : exitCodes.failed,
  });
}

/** `main.json:12:7: `, where the server found the place. */
function placeOf(error: Failure | undefined, file: string): string {
  const { lineNumber = 0, linePosition = 0, uri } = error?.additionalInfo?.[0]?.info ?? {};
  if (lineNumber === 0) return "";
  if (uri !== undefined) return `${uri}:${lineNumber}:${linePosition}: `;
  const column = lineNumber === 1 ? Math.max(1, linePosition - bodyStart.length) : linePosition;
  return `${file}:${lineNumber}:${column}: `;
}

function detailLines(details: readonly Failure[] = [], depth: number): string[] {
  return details.flatMap(({ code, message, target, details: inner }) => [
    `${"  ".repeat(depth)}${code}: ${message}${target === undefined ? "" : ` (${shortId(target)})`}`,
    ...detailLines(inner, depth + 1),
  ]);
}

function shortId(id: string): string {
  return id.split("/providers/").at(-1) ?? id;
}

interface Warning {
  readonly message: string;
  readonly target: string;
}

const warningLines = (warnings: readonly Warning[] = []) =>
  warnings.map(({ message, target }) => `warning: ${message} (${shortId(target)})`);

interface Deployed {
  readonly name: string;
  readonly properties: {
    readonly duration: string;
    readonly outputs?: Record<string, { type: string; value?: unknown }>;
    readonly outputResources?: readonly { readonly id: string }[];
    readonly diagnostics?: readonly Warning[];
  };
}

function showDeployment(body: unknown): Outcome {
  const { name, properties } = body as Deployed;
  const { outputs = {}, outputResources = [], duration, diagnostics } = properties;
  const seconds = duration.replace(/^PT/, "").toLowerCase();
  return {
    json: body,
    text: [
      ...outputResources.map(({ id }) => `  ${shortId(id)}`),
      ...warningLines(diagnostics),
      `'${name}' is deployed: ${outputResources.length} resources (${seconds}).`,
      ...Object.entries(outputs).map(([output, { value }]) =>
        value === undefined ? `${output}: (secure)` : `${output}: ${textOf(value)}`,
      ),
    ],
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

const marks: Readonly<Record<string, string>> = {
  Create: "+",
  Modify: "~",
  NoChange: "=",
  Deploy: "!",
};

function showChanges(body: unknown): Outcome {
  const { properties } = body as {
    properties: {
      changes: readonly {
        resourceId: string;
        changeType: string;
        delta?: readonly { path: string }[];
      }[];
      diagnostics?: readonly Warning[];
    };
  };
  const lines = properties.changes.map(({ resourceId, changeType, delta = [] }) => {
    const paths = delta.map(({ path }) => path).join(", ");
    return `${marks[changeType] ?? "?"} ${shortId(resourceId)}${paths === "" ? "" : ` (${paths})`}`;
  });
  const warnings = warningLines(properties.diagnostics);
  const none = lines.length === 0 ? ["It would change nothing."] : [];
  return { json: body, text: [...lines, ...none, ...warnings] };
}
