// `callosum models`: what `score` can score with.

import { asOption, asPrincipal } from "../as-principal.ts";
import { defineCommand } from "../command.ts";
import { synapseOption } from "../workspace-option.ts";

export const models = defineCommand({
  name: "models",
  summary: "List the ONNX models that linked workspaces offer to SQL pools",
  description:
    "Every linked service is asked as the identity that it acts as, so what it may not read is said.",
  arguments: [],
  options: {
    workspace: { ...synapseOption, otherwise: "every one" },
    ml: {
      kind: "text",
      value: "WORKSPACE",
      summary: "Only of this machine learning workspace, by name or resource id",
    },
    as: asOption("Who asks"),
  },
  examples: [
    { command: "callosum models --workspace ws1", summary: "Of all workspaces linked to ws1" },
    { command: "callosum models --ml ml1", summary: "Of ml1, through every link to it" },
  ],
  async run(request) {
    const { options, terminal } = request;
    return asPrincipal(request, async ({ api, contract }) => {
      const { subscriptionId } = contract;
      const { listByType, machineLearningType, requireByName, synapseType } = await import(
        "../find-resource.ts"
      );
      const { openScoring } = await import("@callosum/sdk/scoring.ts");
      const { modelLines } = await import("../score/score-report.ts");
      const workspaces =
        options.workspace === undefined
          ? await listByType(api, { type: synapseType, subscriptionId })
          : [
              await requireByName(api, {
                type: synapseType,
                text: options.workspace,
                subscriptionId,
              }),
            ];
      const wanted =
        options.ml === undefined
          ? undefined
          : await requireByName(api, {
              type: machineLearningType,
              text: options.ml,
              subscriptionId,
            });
      const isWanted = (id: string | null) =>
        wanted === undefined || id?.toLowerCase() === wanted.id.toLowerCase();
      const found = await Promise.all(
        workspaces.map(async ({ name }) => {
          const links = await openScoring(name, api).models();
          return links.map((link) => ({ workspace: name, ...link }));
        }),
      );
      const links = found.flat().filter(({ workspaceId }) => isWanted(workspaceId));
      return { json: { links }, text: modelLines(links, terminal.paint) };
    });
  },
});
