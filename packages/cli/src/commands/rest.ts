// `callosum rest`: one request to Azure's own address of it, answered by this instance. What has no
// command of its own can be done with it.

import { asOption, asPrincipal } from "../as-principal.ts";
import { CommandError, defineCommand, exitCodes, usageError } from "../command.ts";

const methods = ["GET", "PUT", "PATCH", "POST", "DELETE", "HEAD"] as const;

/** Which tokens a host takes (protocols.md 4, 5). */
const audiences: readonly { readonly host: RegExp; readonly audience: string }[] = [
  {
    host: /^management\.(?:azure\.com|core\.windows\.net)$/,
    audience: "https://management.azure.com",
  },
  { host: /^graph\.microsoft\.com$/, audience: "https://graph.microsoft.com" },
  { host: /\.dev\.azuresynapse\.net$/, audience: "https://dev.azuresynapse.net" },
  { host: /\.vault\.azure\.net$/, audience: "https://vault.azure.net" },
  { host: /\.(?:blob|dfs)\.core\.windows\.net$/, audience: "https://storage.azure.com" },
  { host: /\.api\.azureml\.ms$/, audience: "https://ml.azure.com" },
];

export const rest = defineCommand({
  name: "rest",
  summary: "Send one request to an Azure address, answered by this instance",
  description:
    "Signs in for the address's service and waits for the work that the request starts. Prints the answer's body; exit code 1 for an error status or work that failed, 3 for 401 and 403.",
  arguments: [],
  options: {
    method: {
      kind: "text",
      value: "METHOD",
      summary: "Of the request",
      choices: methods,
      otherwise: "GET",
    },
    url: {
      kind: "text",
      value: "URL",
      summary: "Azure's address; a path alone is Resource Manager's",
      isRequired: true,
    },
    body: { kind: "text", value: "JSON", summary: "The body; - reads stdin" },
    as: asOption("Who sends it"),
  },
  examples: [
    {
      command: "callosum rest --url '/subscriptions?api-version=2022-12-01'",
      summary: "From Resource Manager",
    },
    {
      command: "callosum rest --method POST --url https://graph.microsoft.com/v1.0/groups --body -",
      summary: "To Graph, with the body from stdin",
    },
  ],
  async run(request) {
    const { options, terminal } = request;
    const url = URL.parse(options.url, "https://management.azure.com");
    const known = audiences.find(({ host }) => host.test(url?.hostname ?? ""));
    if (url?.protocol !== "https:" || !known) {
      throw usageError(`--url '${options.url}' is none of Azure's addresses that are served here.`);
    }
    const given = options.body === "-" ? await terminal.readInput() : options.body;
    const body = given === undefined ? undefined : requireJson(given);
    return asPrincipal(request, async ({ credential, contract }) => {
      const { sendToAzure } = await import("../azure-request.ts");
      const token = await credential.getToken(`${known.audience}/.default`);
      const answer = await sendToAzure(contract, {
        method: options.method ?? "GET",
        url,
        token: token?.token ?? "",
        ...(body === undefined ? {} : { body }),
      });
      return show(answer);
    });
  },
});

function requireJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch (error) {
    throw usageError(`--body is not JSON: ${(error as Error).message}`);
  }
}

function show({ status, body }: { status: number; body: unknown }) {
  const exitCode =
    status < 400
      ? exitCodes.ok
      : status === 401 || status === 403
        ? exitCodes.refused
        : exitCodes.failed;
  if (exitCode === exitCodes.ok) {
    const text = typeof body === "string" ? body : JSON.stringify(body, undefined, 2);
    return { json: body ?? null, text: body === undefined ? [] : [text] };
  }
  const { code, message } = errorOf(body);
  throw new CommandError({
    code: code ?? `Status${status}`,
    message: `${message ?? "The request was refused"} (${code ?? "no code"}, status ${status})`,
    exitCode,
  });
}

function errorOf(body: unknown): { code?: string; message?: string } {
  if (typeof body !== "object" || body === null) return {};
  const { error } = body as { error?: { code?: string; message?: string } };
  return error ?? (body as { code?: string; message?: string });
}
