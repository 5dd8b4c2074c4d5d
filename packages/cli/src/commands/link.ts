// `callosum link`: two workspaces, both ways, with every grant. `unlink` takes back what it made.

import { agree, consentOptions } from "../agree.ts";
import { asOption, asPrincipal } from "../as-principal.ts";
import { type CommandRequest, defineCommand, exitCodes, type Outcome } from "../command.ts";
import type { LinkPlan } from "../link/link-plan.ts";
import { pairOptions } from "../workspace-option.ts";

export const link = defineCommand({
  name: "link",
  summary: "Link a Synapse and a machine learning workspace, both ways",
  description:
    "Plans everything first: the linked service in Synapse with Contributor for its identity, and the link in machine learning with Synapse Apache Spark Administrator for its identity, and the Spark pools to attach. Shows the plan, asks, does what is missing and tests the connection. What is there already is left as it is.",
  arguments: [],
  options: {
    ...pairOptions,
    auth: {
      kind: "text",
      value: "AUTH",
      summary: "How Synapse signs in: its managed identity, or an application made for it",
      choices: ["msi", "sp"],
      otherwise: "msi",
    },
    pools: {
      kind: "text",
      value: "POOL=NAME,…",
      summary: "Spark pools to attach, with their names in machine learning",
    },
    "link-name": {
      kind: "text",
      value: "NAME",
      summary: "Name of the link in machine learning",
      otherwise: "the Synapse workspace's",
    },
    "service-name": {
      kind: "text",
      value: "NAME",
      summary: "Name of the linked service in Synapse",
      otherwise: "the machine learning workspace's",
    },
    as: asOption("Who links"),
    ...consentOptions,
  },
  examples: [
    { command: "callosum link --synapse ws1 --ml ml1", summary: "With the managed identity" },
    {
      command: "callosum link --synapse ws1 --ml ml1 --auth sp --pools pool1=spark1 --yes",
      summary: "With an application of its own, and a Spark pool",
    },
    { command: "callosum link --synapse ws1 --ml ml1 --dry-run", summary: "What it would do" },
  ],
  async run(request) {
    const { options } = request;
    const { readPools } = await import("../link/link-request.ts");
    const pools = readPools(options.pools);
    return asPrincipal(request, async ({ api, contract }) => {
      const { planLink } = await import("../link/link-plan.ts");
      const startedMs = performance.now();
      const plan = await planLink(api, {
        synapse: options.synapse,
        machineLearning: options.ml,
        authentication: options.auth ?? "msi",
        pools,
        linkName: options["link-name"],
        serviceName: options["service-name"],
        subscriptionId: contract.subscriptionId,
        tenantId: contract.tenantId,
      });
      const plannedMs = performance.now() - startedMs;
      return await carryOut(request, { plan, plannedMs });
    });
  },
});

async function carryOut(
  request: CommandRequest,
  { plan, plannedMs }: { plan: LinkPlan; plannedMs: number },
): Promise<Outcome> {
  const { dataDirectory, environment, options, terminal } = request;
  const { describeLink, linkLines } = await import("../link/link-report.ts");
  if (options["dry-run"]) {
    return {
      json: { ...describeLink(plan), isDryRun: true },
      text: linkLines(plan, terminal.paint),
    };
  }
  const count = plan.steps.filter(({ isThere }) => !isThere).length;
  const lines = linkLines(plan, terminal.paint);
  if (count > 0) await agree(request, { lines, question: `Make these ${count}?` });
  const { prepareWork } = await import("../link/link-work.ts");
  const { addToRecord } = await import("../link/link-record.ts");
  const { verdictLines } = await import("../verdict-lines.ts");
  const startedMs = performance.now();
  const work = prepareWork(plan);
  const synapse = plan.synapse.id;
  const machineLearning = plan.machineLearning.id;
  if (work.made.length > 0) addToRecord({ dataDirectory, synapse, machineLearning }, work.made);
  const { durations, test } = await work.run().catch((error) => {
    terminal.note("Not all of it is made. Run the same again to go on, or 'callosum unlink'.");
    throw error;
  });
  const elapsedMs = Math.round(plannedMs + performance.now() - startedMs);
  const pair = `'${plan.synapse.name}' and '${plan.machineLearning.name}'`;
  return {
    json: { ...describeLink(plan, durations), test, elapsedMs },
    text: [
      ...linkLines(plan, terminal.paint, durations),
      `${pair} are linked both ways (${elapsedMs} ms).`,
      ...verdictLines(test, { paint: terminal.paint, caller: { environment, dataDirectory } }),
    ],
    exitCode: test.succeeded ? exitCodes.ok : exitCodes.failed,
  };
}
