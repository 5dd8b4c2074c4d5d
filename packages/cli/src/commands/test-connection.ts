// `callosum test-connection`: a linked service tried hop by hop, saved or from a file.

import { asOption, asPrincipal } from "../as-principal.ts";
import { defineCommand, exitCodes, usageError } from "../command.ts";
import { synapseOption } from "../workspace-option.ts";

export const testConnection = defineCommand({
  name: "test-connection",
  summary: "Test a linked service of a Synapse workspace, hop by hop",
  description:
    "Names who is at fault and prints the command that repairs it. Exit code 1 when the connection does not work.",
  arguments: [],
  options: {
    workspace: { ...synapseOption, isRequired: true },
    service: { kind: "text", value: "NAME", summary: "A saved linked service" },
    file: {
      kind: "text",
      value: "FILE",
      summary: "A definition that need not be saved, as JSON; - reads stdin",
    },
    parameter: {
      kind: "list",
      value: "NAME=VALUE",
      summary: "A value for a parameter of the linked service",
    },
    as: asOption("Who tests"),
  },
  examples: [
    { command: "callosum test-connection --workspace ws1 --service ml1", summary: "A saved one" },
    {
      command: "callosum test-connection --workspace ws1 --file service.json --json",
      summary: "One that is not saved, with the whole verdict as JSON",
    },
  ],
  async run(request) {
    const { options, dataDirectory, environment, terminal } = request;
    const { service, file } = options;
    if ((service === undefined) === (file === undefined)) {
      throw usageError("'callosum test-connection' needs either --service NAME or --file FILE.");
    }
    const parameters = readParameters(options.parameter);
    const tested = service ?? (await readDefinition(file ?? "", terminal.readInput));
    return asPrincipal(request, async ({ api, contract }) => {
      const { requireByName, synapseType } = await import("../find-resource.ts");
      const { openSynapseWorkspace } = await import("@callosum/sdk/synapse-workspace.ts");
      const { verdictLines } = await import("../verdict-lines.ts");
      const { subscriptionId } = contract;
      const wanted = { type: synapseType, text: options.workspace, subscriptionId };
      const { name } = await requireByName(api, wanted);
      const { linkedServices } = openSynapseWorkspace(name, api);
      const result = await linkedServices.test(tested, parameters);
      return {
        json: result,
        text: verdictLines(result, {
          paint: terminal.paint,
          caller: { environment, dataDirectory },
        }),
        exitCode: result.succeeded ? exitCodes.ok : exitCodes.failed,
      };
    });
  },
});

function readParameters(pairs: readonly string[]): Record<string, string> | undefined {
  if (pairs.length === 0) return undefined;
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) throw usageError(`--parameter is NAME=VALUE, not '${pair}'.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

type Definition = Exclude<
  Parameters<
    ReturnType<
      typeof import("@callosum/sdk/synapse-workspace.ts").openSynapseWorkspace
    >["linkedServices"]["test"]
  >[0],
  string
>;

async function readDefinition(file: string, readInput: () => Promise<string>): Promise<Definition> {
  const { readFile } = await import("node:fs/promises");
  const text = await (file === "-" ? readInput() : readFile(file, "utf8")).catch((error) => {
    throw usageError(`--file ${file} cannot be read: ${error.message}`);
  });
  let definition: Partial<Definition>;
  try {
    definition = JSON.parse(text) as Partial<Definition>;
  } catch (error) {
    throw usageError(`${file} is not JSON: ${(error as Error).message}`);
  }
  const { properties } = definition;
  if (properties) return { ...definition, properties };
  throw usageError(`${file} is no linked service: it has no 'properties'.`);
}
