// `callosum deploy`: an Azure Resource Manager template into this instance, or what it would change.

import { CommandError, defineCommand, exitCodes, type Outcome, usageError } from "../command.ts";
import { requireInstance } from "../instance.ts";
import type { OwnAnswer } from "../own-request.ts";

const apiVersion = "2022-09-01";

export const deploy = defineCommand({
  name: "deploy",
  summary: "Deploy an ARM template",
  description:
    "Sends the template as it is and waits for it. Parameters come from files and from NAME=VALUE, later ones first; a value that is JSON is taken as JSON. A template of a subscription needs --location, any other --group, which must be there. Exit code 1 when the deployment fails, 3 when it is not allowed.",
  arguments: [{ name: "TEMPLATE", summary: "File; - reads stdin", isRequired: true }],
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
    "what-if": { kind: "flag", summary: "Show what it would change, and change nothing" },
    as: { kind: "text", value: "PRINCIPAL", summary: "Who deploys", otherwise: "admin" },
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
    const { options, dataDirectory, environment, terminal } = request;
    const file = request.arguments.TEMPLATE ?? "-";
    const template = await readText(file, () => terminal.readInput());
    const parameters = await readParameters(options.parameters);
    const contract = await requireInstance(dataDirectory);
    const { openApiAs } = await import("../sign-in.ts");
    const { sendToAzure } = await import("../azure-request.ts");
    const name = options.name ?? nameOf(file);
    const url = deploymentUrl({
      ...options,
      name,
      subscriptionId: contract.subscriptionId,
      template,
    });
    const { credential, close } = await openApiAs(options.as, { contract, environment });
    try {
      const token =
        (await credential.getToken("https://management.azure.com/.default"))?.token ?? "";
      const send = (method: string, path: string, body?: string) =>
        sendToAzure(contract, {
          method,
          url: new URL(`${path}?api-version=${apiVersion}`),
          token,
          ...(body === undefined ? {} : { body }),
        });
      // The template goes first and as it is written, so that the places in answers are the file's.
      const body = `${bodyStart}${template},"parameters":${JSON.stringify(parameters)}}${options.location === undefined ? "" : `,"location":${JSON.stringify(options.location)}`}}`;
      if (options["what-if"])
        return showChanges(requireDone(await send("POST", `${url}/whatIf`, body), file));
      requireDone(await send("PUT", url, body), file);
      return showDeployment(requireDone(await send("GET", url), file));
    } finally {
      await close();
    }
  },
});

const bodyStart = '{"properties":{"mode":"Incremental","template":';

async function readText(file: string, readInput: () => Promise<string>): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  const text = await (file === "-" ? readInput() : readFile(file, "utf8")).catch((error) => {
    throw usageError(`${file} cannot be read: ${error.message}`);
  });
  const json = text.replace(/^\uFEFF/, "").trimEnd();
  parseJson(json, file);
  return json;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw usageError(`${file} is not JSON: ${(error as Error).message}`);
  }
}

async function readParameters(given: readonly string[]): Promise<Record<string, unknown>> {
  const parameters: Record<string, unknown> = {};
  for (const item of given) {
    const pair = /^([A-Za-z_][\w-]*)=(.*)$/s.exec(item);
    if (pair) parameters[pair[1] ?? ""] = { value: jsonOrText(pair[2] ?? "") };
    else Object.assign(parameters, await readParameterFile(item));
  }
  return parameters;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function readParameterFile(file: string): Promise<Record<string, unknown>> {
  const content = parseJson(await readText(file, async () => ""), file);
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw usageError(`${file} is no parameter file: it is not an object.`);
  }
  const { parameters } = content as { parameters?: Record<string, unknown> };
  return parameters ?? (content as Record<string, unknown>);
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
  template: string;
}): string {
  const { group, location, name, subscriptionId, template } = options;
  const isOfSubscription = /"\$schema"\s*:\s*"[^"]*subscriptionDeploymentTemplate\.json/i.test(
    template,
  );
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
    readonly info?: { readonly lineNumber?: number; readonly linePosition?: number };
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
  const { lineNumber = 0, linePosition = 0 } = error?.additionalInfo?.[0]?.info ?? {};
  if (lineNumber === 0) return "";
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

interface Deployed {
  readonly name: string;
  readonly properties: {
    readonly duration: string;
    readonly outputs?: Record<string, { type: string; value?: unknown }>;
    readonly outputResources?: readonly { readonly id: string }[];
  };
}

function showDeployment(body: unknown): Outcome {
  const { name, properties } = body as Deployed;
  const { outputs = {}, outputResources = [], duration } = properties;
  const seconds = duration.replace(/^PT/, "").toLowerCase();
  return {
    json: body,
    text: [
      ...outputResources.map(({ id }) => `  ${shortId(id)}`),
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
    };
  };
  const lines = properties.changes.map(({ resourceId, changeType, delta = [] }) => {
    const paths = delta.map(({ path }) => path).join(", ");
    return `${marks[changeType] ?? "?"} ${shortId(resourceId)}${paths === "" ? "" : ` (${paths})`}`;
  });
  return { json: body, text: lines.length === 0 ? ["It would change nothing."] : lines };
}
