// `callosum score`: the scoring wizard on the command line. Plans, asks, copies the model into the pool;
// stdout gets the generated T-SQL and nothing else, so that it can be sent to any SQL client.

import type { Scoring, ScoringPlan } from "@callosum/sdk/scoring.ts";
import { agree, consentOptions } from "../agree.ts";
import { asOption, asPrincipal } from "../as-principal.ts";
import { type CommandRequest, defineCommand, exitCodes, type Outcome } from "../command.ts";
import type { WantedScore } from "../score/score-request.ts";
import { synapseOption } from "../workspace-option.ts";

export const score = defineCommand({
  name: "score",
  summary: "Make a linked workspace's model score a table of a SQL pool",
  description:
    "Plans how the table's columns feed the model, shows the plan, asks, copies the model into the pool's model table and prints the T-SQL that makes and runs a stored procedure or view with PREDICT. The script goes to stdout, everything else to stderr; any SQL client runs it unchanged. The same model again replaces its row. A name with commas, '=' or ':' is written in [brackets].",
  arguments: [],
  options: {
    workspace: { ...synapseOption, isRequired: true },
    pool: { kind: "text", value: "POOL", summary: "Dedicated SQL pool", isRequired: true },
    table: {
      kind: "text",
      value: "SCHEMA.TABLE",
      summary: "Table or view to score",
      isRequired: true,
    },
    model: {
      kind: "text",
      value: "NAME[:VERSION]",
      summary: "Model, as 'callosum models' lists it; without a version, the latest",
      isRequired: true,
    },
    service: {
      kind: "text",
      value: "NAME",
      summary: "Linked service to read the model through",
      otherwise: "the one that has it",
    },
    map: {
      kind: "text",
      value: "COLUMN=INPUT,…",
      summary: "Columns for the model's inputs",
      otherwise: "by the model's signature",
    },
    output: {
      kind: "text",
      value: "NAME:TYPE,…",
      summary: "Outputs to give, with the types they have to have",
      otherwise: "all that a column can hold",
    },
    object: {
      kind: "text",
      value: "SCHEMA.NAME",
      summary: "Name of the procedure or view",
      otherwise: "predict_ and the model's",
    },
    "as-view": { kind: "flag", summary: "A view and not a stored procedure" },
    "model-table": {
      kind: "text",
      value: "SCHEMA.TABLE",
      summary: "Where the pool keeps models; made where it does not exist",
      otherwise: "dbo.models",
    },
    as: asOption("Who deploys"),
    "dry-run": { kind: "flag", summary: "Show the plan and the script only" },
    yes: consentOptions.yes,
  },
  examples: [
    {
      command: "callosum score --workspace ws1 --pool pool1 --table dbo.trips --model tip:1",
      summary: "Plan, ask, copy the model, print the stored procedure",
    },
    {
      command:
        "callosum score --workspace ws1 --pool pool1 --table dbo.trips --model tip --as-view --yes",
      summary: "A view over the latest version, without asking",
    },
    {
      command:
        "callosum score --workspace ws1 --pool pool1 --table dbo.trips --model tip --map fare_amount=fare,miles=distance --output tip:real --dry-run",
      summary: "Columns and outputs chosen; nothing is changed",
    },
  ],
  async run(request) {
    const { options } = request;
    const { readMapping, readModel, readOutputs } = await import("../score/score-request.ts");
    const wanted: WantedScore = {
      database: options.pool,
      table: options.table,
      model: readModel(options.model),
      inputs: readMapping(options.map),
      outputs: readOutputs(options.output),
      kind: options["as-view"] ? "view" : "procedure",
      object: options.object,
      modelTable: options["model-table"],
    };
    return asPrincipal(request, async ({ api, contract }) => {
      const { subscriptionId, endpoints } = contract;
      const { requireByName, synapseType } = await import("../find-resource.ts");
      const { openScoring } = await import("@callosum/sdk/scoring.ts");
      const { chooseService } = await import("../score/choose-service.ts");
      const text = options.workspace;
      const { name } = await requireByName(api, { type: synapseType, text, subscriptionId });
      const scoring = openScoring(name, api);
      const service = options.service ?? chooseService(await scoring.models(), wanted.model);
      return await carryOut(request, {
        ...{ scoring, wanted, service, workspace: name },
        endpoint: endpoints.sql,
      });
    });
  },
});

interface Work {
  readonly scoring: Scoring;
  readonly wanted: WantedScore;
  readonly service: string;
  readonly workspace: string;
  /** `host:port` of the SQL pools. */
  readonly endpoint: string;
}

async function carryOut(request: CommandRequest, work: Work): Promise<Outcome> {
  const { options, terminal, isJson } = request;
  const { scoring, wanted, service, workspace } = work;
  const { database } = wanted;
  const { requireMapped, requireTypes, toRequest } = await import("../score/score-request.ts");
  const { planLines } = await import("../score/score-report.ts");
  const body = toRequest(wanted, service);
  const plan = await scoring.plan(body);
  requireTypes(plan, wanted.outputs);
  const lines = planLines({ plan, service, database }, terminal.paint);
  const describe = (each: ScoringPlan) => ({ workspace, database, service, ...each });
  if (options["dry-run"]) {
    if (!isJson) for (const line of lines) terminal.note(line);
    return {
      json: { ...describe(plan), isDryRun: true },
      text: scriptLines(plan),
      exitCode: plan.script === undefined ? exitCodes.failed : exitCodes.ok,
    };
  }
  requireMapped(plan);
  await agree(request, { lines, question: `Copy ${plan.model.id} into '${database}'?` });
  if (options.yes && !isJson) for (const line of lines) terminal.note(line);
  const startedMs = performance.now();
  // The plan was agreed to: a version that was registered since is another plan.
  const model = { ...wanted.model, version: versionOf(plan) };
  const deployed = await scoring.deploy(toRequest({ ...wanted, model }, service));
  const elapsedMs = Math.round(performance.now() - startedMs);
  if (!isJson) {
    terminal.note(`${deployed.model.id} is in ${deployed.modelTable.name} (${elapsedMs} ms).`);
    terminal.note(howToRun(work));
  }
  return { json: { ...describe(deployed), elapsedMs }, text: scriptLines(deployed) };
}

function versionOf({ model }: ScoringPlan): string {
  return model.id.slice(model.id.lastIndexOf(":") + 1);
}

function scriptLines({ script }: ScoringPlan): string[] {
  return script === undefined ? [] : [script.replace(/\n$/, "")];
}

function howToRun({ workspace, wanted, endpoint }: Work): string {
  const server = endpoint.replace(":", ",");
  return `Run it with any SQL client: server ${server}, database ${wanted.database}, user LOGIN@${workspace}.`;
}
