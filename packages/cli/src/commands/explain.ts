// `callosum explain`: who can use a link and why, assignment by assignment.

import { asOption, asPrincipal } from "../as-principal.ts";
import { defineCommand, usageError } from "../command.ts";

export const explain = defineCommand({
  name: "explain",
  summary: "Say who can use a link and why, assignment by assignment",
  description:
    "Of a linked service in Synapse (--synapse, --service) or of a link in machine learning (--ml, --link): what the link's identity may do at the other end, and who may use or change the link. Group members count through their group.",
  arguments: [],
  options: {
    synapse: {
      kind: "text",
      value: "WORKSPACE",
      summary: "Synapse workspace of the linked service",
    },
    service: { kind: "text", value: "NAME", summary: "Name of the linked service" },
    ml: { kind: "text", value: "WORKSPACE", summary: "Machine learning workspace of the link" },
    link: { kind: "text", value: "NAME", summary: "Name of the link" },
    as: asOption("Whose view"),
  },
  examples: [
    { command: "callosum explain --synapse ws1 --service ml1", summary: "From Synapse" },
    { command: "callosum explain --ml ml1 --link ws1", summary: "From machine learning" },
  ],
  async run(request) {
    const { options, terminal } = request;
    const { synapse, service, ml, link } = options;
    const isService = synapse !== undefined && service !== undefined && (ml ?? link) === undefined;
    const isLink = ml !== undefined && link !== undefined && (synapse ?? service) === undefined;
    if (!isService && !isLink) {
      throw usageError("'callosum explain' needs --synapse and --service, or --ml and --link.");
    }
    return asPrincipal(request, async ({ api, contract }) => {
      const { machineLearningType, requireByName, synapseType } = await import(
        "../find-resource.ts"
      );
      const { explanationLines } = await import("../explain/explanation.ts");
      const workspace = await requireByName(api, {
        type: isService ? synapseType : machineLearningType,
        text: synapse ?? ml ?? "",
        subscriptionId: contract.subscriptionId,
      });
      const name = service ?? link ?? "";
      const explanation = isService
        ? await (await import("../explain/explain-service.ts")).explainService(api, {
            workspace,
            name,
          })
        : await (await import("../explain/explain-link.ts")).explainLink(api, { workspace, name });
      return { json: explanation, text: explanationLines(explanation, terminal.paint) };
    });
  },
});
