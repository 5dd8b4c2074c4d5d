// `callosum unlink`: takes back exactly what `callosum link` made for two workspaces.

import { agree, consentOptions } from "../agree.ts";
import { asOption, asPrincipal } from "../as-principal.ts";
import { type CommandRequest, defineCommand, type Outcome } from "../command.ts";
import type { LinkPair, LinkRecord } from "../link/link-record.ts";
import { pairOptions } from "../workspace-option.ts";

export const unlink = defineCommand({
  name: "unlink",
  summary: "Take back what 'callosum link' made for two workspaces",
  description:
    "Links, roles, attached pools and the application that link made, and nothing that was there before or was made otherwise. Run again, it finds nothing to do.",
  arguments: [],
  options: {
    ...pairOptions,
    as: asOption("Who unlinks"),
    ...consentOptions,
  },
  examples: [
    { command: "callosum unlink --synapse ws1 --ml ml1 --dry-run", summary: "What would go" },
    { command: "callosum unlink --synapse ws1 --ml ml1 --yes", summary: "Without asking" },
  ],
  async run(request) {
    const { options, dataDirectory } = request;
    return asPrincipal(request, async ({ api, contract }) => {
      const { machineLearningType, requireByName, synapseType } = await import(
        "../find-resource.ts"
      );
      const { readRecord } = await import("../link/link-record.ts");
      const { subscriptionId } = contract;
      const [synapse, machineLearning] = await Promise.all([
        requireByName(api, { type: synapseType, text: options.synapse, subscriptionId }),
        requireByName(api, { type: machineLearningType, text: options.ml, subscriptionId }),
      ]);
      const pair = { dataDirectory, synapse: synapse.id, machineLearning: machineLearning.id };
      const record = readRecord(pair);
      if (!record) {
        const { id: synapseId } = synapse;
        const text = `'callosum link' has made nothing between '${synapse.name}' and '${machineLearning.name}'.`;
        return {
          json: { synapse: synapseId, machineLearning: machineLearning.id, steps: [] },
          text: [text],
        };
      }
      return await carryOut(request, { api, pair, record, synapseName: synapse.name });
    });
  },
});

async function carryOut(
  request: CommandRequest,
  found: {
    api: Parameters<typeof import("../link/unlink-work.ts").planUnlink>[0];
    pair: LinkPair;
    record: LinkRecord;
    synapseName: string;
  },
): Promise<Outcome> {
  const { api, pair, record, synapseName } = found;
  const { options, terminal } = request;
  const { planUnlink } = await import("../link/unlink-work.ts");
  const { steps, run } = await planUnlink(api, { record, synapseName });
  const show = (verb: string) =>
    steps.map(({ made, isThere }) => {
      const word = isThere ? terminal.paint("red", verb) : terminal.paint("dim", "gone   ");
      return `  ${word}  ${made.summary}`;
    });
  const describe = (state: string) => ({
    synapse: pair.synapse,
    machineLearning: pair.machineLearning,
    steps: steps.map(({ made, isThere }) => ({ ...made, state: isThere ? state : "gone" })),
  });
  if (options["dry-run"]) {
    return { json: { ...describe("planned"), isDryRun: true }, text: show("remove ") };
  }
  const count = steps.filter(({ isThere }) => isThere).length;
  if (count > 0) {
    await agree(request, { lines: show("remove "), question: `Remove these ${count}?` });
  }
  const startedMs = performance.now();
  await run();
  const { writeRecord } = await import("../link/link-record.ts");
  writeRecord(pair, []);
  const elapsedMs = Math.round(performance.now() - startedMs);
  return {
    json: { ...describe("removed"), elapsedMs },
    text: [...show("removed"), `Unlinked (${elapsedMs} ms).`],
  };
}
