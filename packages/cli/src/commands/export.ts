// `callosum export`: a linked pair as templates that make it elsewhere, in Azure too.

import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Connection } from "@callosum/sdk/connection.ts";
import type { Resource } from "@callosum/sdk/resource.ts";
import { asOption, asPrincipal } from "../as-principal.ts";
import { CommandError, defineCommand, type Outcome } from "../command.ts";
import { pairOptions } from "../workspace-option.ts";

export const exportPair = defineCommand({
  name: "export",
  summary: "Write a linked pair as templates that make it elsewhere, in Azure too",
  description:
    "Writes azuredeploy.json with its parameters: both workspaces, their storage and other resources, pools, the link and the attached pools, and the Azure roles of their identities, for 'callosum deploy' or 'az deployment group create'. What only the Synapse endpoint takes (linked services, pipelines, …) is written as a publish branch beside it, for 'callosum apply' or Azure's workspace deployment task. No secret is written: each is a secureString parameter.",
  arguments: [{ name: "DIR", summary: "Where to; made if it is not there", isRequired: true }],
  options: {
    ...pairOptions,
    as: asOption("Who reads"),
    force: { kind: "flag", summary: "Write over what is there" },
  },
  examples: [
    { command: "callosum export ./pair --synapse ws1 --ml ml1", summary: "Write the templates" },
    {
      command: "callosum export ./pair --synapse ws1 --ml ml1 --force",
      summary: "Again, over what is there",
    },
  ],
  async run(request) {
    const {
      options,
      arguments: { DIR = "." },
    } = request;
    const directory = resolve(DIR);
    if (!options.force && existsSync(directory) && readdirSync(directory).length > 0) {
      throw new CommandError({
        code: "DirectoryNotEmpty",
        message: `${directory} is not empty.`,
        hint: "--force writes over what is there.",
      });
    }
    return asPrincipal(request, async ({ api, contract }) => {
      const { subscriptionId } = contract;
      const { machineLearningType, requireByName, synapseType } = await import(
        "../find-resource.ts"
      );
      const find = (type: string, text: string) =>
        requireByName(api, { type, text, subscriptionId });
      const synapse = await find(synapseType, options.synapse);
      const machineLearning = await find(machineLearningType, options.ml);
      return await write(api, { directory, synapse, machineLearning, subscriptionId });
    });
  },
});

async function write(
  api: Connection,
  wanted: {
    directory: string;
    synapse: Resource;
    machineLearning: Resource;
    subscriptionId: string;
  },
): Promise<Outcome> {
  const { directory, synapse } = wanted;
  const { collectPair } = await import("../export/collect.ts");
  const { groupsOf, renderPair } = await import("../export/template.ts");
  const { renderWorkspace } = await import("../export/workspace-template.ts");
  const { synapseGrants } = await import("../export/synapse-grant.ts");
  const { readWorkspace } = await import("../apply/workspace-state.ts");
  const pair = await collectPair(api, wanted);
  const azure = renderPair(pair);
  const workspace = renderWorkspace(await readWorkspace(api, synapse));
  const files = {
    "azuredeploy.json": azure.template,
    "azuredeploy.parameters.json": azure.parameters,
    [`${synapse.name}/TemplateForWorkspace.json`]: workspace.template,
    [`${synapse.name}/TemplateParametersForWorkspace.json`]: workspace.parameters,
  };
  mkdirSync(join(directory, synapse.name), { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(join(directory, file), `${JSON.stringify(content, undefined, 2)}\n`);
  }
  const grants = await synapseGrants(api, pair);
  const groups = groupsOf(pair);
  const notes = [
    ...pair.notes,
    ...(groups.length > 1
      ? [`The pair lies in ${groups.length} groups; the template makes it in one.`]
      : []),
    ...grants.notes,
  ];
  const secrets = [...azure.secrets, ...workspace.secrets];
  const steps = [
    `callosum deploy ${join(directory, "azuredeploy.json")} --group GROUP --parameters ${join(directory, "azuredeploy.parameters.json")}${azure.secrets.map((name) => ` --parameters ${name}=…`).join("")}`,
    ...grants.commands,
    ...(workspace.count === 0
      ? []
      : [
          `callosum apply ${directory} --workspace ${synapse.name}${[...elsewhere(workspace.places, wanted.machineLearning), ...workspace.secrets.map((name) => `${name}=…`)].map((each) => ` --parameters ${each}`).join("")}`,
        ]),
  ];
  return {
    json: { directory, files: Object.keys(files), secrets, steps, notes },
    text: [
      `${directory}: ${pair.resources.length} resources, ${pair.assignments.length} role assignments, ${workspace.count} things of the workspace.`,
      ...notes,
      "To make it elsewhere:",
      ...steps.map((step) => `  ${step}`),
    ],
  };
}

/** The links to the pair's own machine learning workspace lead to where it is made. */
function elsewhere(places: ReadonlyMap<string, string>, { id }: Resource): string[] {
  const [, , subscription = "", , group = ""] = id.split("/");
  return [...places].flatMap(([name, value]) => {
    const isSame = (other: string) => value.toLowerCase() === other.toLowerCase();
    if (name.endsWith("_subscriptionId") && isSame(subscription)) return [`${name}=SUBSCRIPTION`];
    if (name.endsWith("_resourceGroupName") && isSame(group)) return [`${name}=GROUP`];
    return [];
  });
}
