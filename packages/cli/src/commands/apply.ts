// `callosum apply`: a Synapse workspace's Git folder, or its publish branch, into a workspace.

import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { agree, consentOptions } from "../agree.ts";
import type { ApplyPlan } from "../apply/apply-plan.ts";
import type { Fault } from "../apply/fault.ts";
import type { Refusal, Source } from "../apply/source.ts";
import { asOption, asPrincipal } from "../as-principal.ts";
import { type CommandRequest, defineCommand, type Outcome, usageError } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import { synapseOption } from "../workspace-option.ts";

export const apply = defineCommand({
  name: "apply",
  summary: "Put a Synapse workspace's repository into a workspace",
  description:
    "Takes the Git folder of a workspace (linkedService/, pipeline/, notebook/, …) or its publish branch (TemplateForWorkspace.json), checks all of it, shows what would change, asks, and writes it in the order in which things need each other. A repository that is wrong is told with file, line and column, and nothing is changed. What only the workspace has stays, unless --prune says otherwise; pools always stay. Secrets come from --parameters, never from Git: LINK_PROPERTY=VALUE, or a parameter file whose values may be Key Vault references; LINK_properties_… sets any other property.",
  arguments: [{ name: "DIR", summary: "The repository, or the folder in it", isRequired: true }],
  options: {
    workspace: { ...synapseOption, otherwise: "the only one" },
    parameters: { kind: "list", value: "FILE|NAME=VALUE", summary: "Secrets and other values" },
    prune: { kind: "flag", summary: "Remove what the repository does not have" },
    "skip-unsupported": {
      kind: "flag",
      summary: "Leave out, with a warning, what workspaces here do not have",
    },
    as: asOption("Who writes"),
    ...consentOptions,
  },
  examples: [
    { command: "callosum apply . --workspace ws1 --dry-run", summary: "What it would change" },
    {
      command: "callosum apply . --workspace ws1 --yes --parameters secrets.json --prune",
      summary: "In a pipeline: exactly what the repository says",
    },
  ],
  async run(request) {
    const { options } = request;
    const directory = resolve(request.arguments.DIR ?? ".");
    if (!existsSync(directory) || !statSync(directory).isDirectory()) {
      throw usageError(`${directory} is no directory.`);
    }
    const { readParameters } = await import("../parameter.ts");
    const given = await readParameters(options.parameters);
    return asPrincipal(request, async ({ api, credential, contract }) => {
      const workspace = await chooseWorkspace(api, {
        text: options.workspace,
        subscriptionId: contract.subscriptionId,
      });
      const { openValues } = await import("../apply/command-values.ts");
      const { readRepository } = await import("../apply/repository.ts");
      const values = await openValues(given, { contract, credential });
      const repository = await readRepository({ directory, workspace: workspace.name, values });
      const { requireNone } = await import("../apply/fault.ts");
      requireNone([
        ...repository.faults,
        ...(options["skip-unsupported"] ? [] : repository.source.refusals.map(refusalFault)),
      ]);
      const { readWorkspace } = await import("../apply/workspace-state.ts");
      const { planApply } = await import("../apply/apply-plan.ts");
      const plan = await planApply({
        source: repository.source,
        state: await readWorkspace(api, workspace),
        values,
        isPruning: options.prune,
      });
      requireNone(plan.faults);
      values.requireUsed(repository.declared);
      return await carry(request, { plan, source: repository.source, api });
    });
  },
});

type Api = Parameters<typeof import("../apply/apply-work.ts").carryOut>[0];

async function chooseWorkspace(
  api: Api,
  { text, subscriptionId }: { text: string | undefined; subscriptionId: string },
) {
  const { listByType, requireByName, synapseType } = await import("../find-resource.ts");
  const type = synapseType;
  if (text !== undefined) return requireByName(api, { type, text, subscriptionId });
  const all = await listByType(api, { type, subscriptionId });
  const [only, ...others] = all;
  if (only && others.length === 0)
    return requireByName(api, { type, text: only.id, subscriptionId });
  const names = all.map(({ name }) => name).join(", ");
  throw usageError(
    only ? `Say --workspace: there are ${names}.` : "There is no Synapse workspace yet.",
  );
}

function refusalFault({ place, what, reason }: Refusal): Fault {
  const message = `${what} is not supported: ${reason}. (--skip-unsupported leaves it out.)`;
  return { place, code: "NotSupported", message };
}

async function carry(
  request: CommandRequest,
  { plan, source, api }: { plan: ApplyPlan; source: Source; api: Api },
): Promise<Outcome> {
  const { options, terminal } = request;
  const skipped = source.refusals.map(({ place, what }) => `${place}: ${what} is left out.`);
  const warnings = [...skipped, ...plan.warnings];
  const described = {
    workspace: plan.state.workspace.name,
    form: source.form,
    changes: plan.changes,
    warnings,
  };
  const lines = planLines(plan, { warnings, notes: source.notes, paint: terminal.paint });
  const count = [...plan.rounds, ...plan.removals].flat().length;
  if (options["dry-run"]) return { json: { ...described, isDryRun: true }, text: lines };
  if (count > 0) await agree(request, { lines, question: `Make these ${count} changes?` });
  const { carryOut } = await import("../apply/apply-work.ts");
  const startedMs = performance.now();
  let made = 0;
  await carryOut(api, plan, () => {
    made += 1;
  }).catch((error) => {
    terminal.note(`${made} of ${count} changes are made. Run the same again to go on.`);
    throw error;
  });
  const elapsedMs = Math.round(performance.now() - startedMs);
  const end =
    count === 0 ? "Nothing was to be done." : `${count} changes are made (${elapsedMs} ms).`;
  return { json: { ...described, isDryRun: false, made, elapsedMs }, text: [...lines, end] };
}

const marks = { create: "+", update: "~", remove: "-", unchanged: "=", keep: "?" } as const;
const colours = {
  create: "green",
  update: "yellow",
  remove: "red",
  unchanged: "dim",
  keep: "dim",
} as const;

function planLines(
  { changes, state }: ApplyPlan,
  about: { warnings: readonly string[]; notes: readonly string[]; paint: Terminal["paint"] },
): string[] {
  const { warnings, notes, paint } = about;
  const counted = (action: keyof typeof marks) =>
    changes.filter((change) => change.action === action).length;
  const kept = counted("keep");
  return [
    `${state.workspace.name}: ${counted("create")} to create, ${counted("update")} to update, ${counted("unchanged")} unchanged, ${counted("remove")} to remove`,
    ...changes.map(({ action, title, file }) =>
      paint(colours[action], `${marks[action]} ${title}${file === undefined ? "" : `  (${file})`}`),
    ),
    ...(kept === 0 ? [] : [`${kept} are in the workspace only and stay; --prune removes them.`]),
    ...notes,
    ...warnings.map((warning) => paint("yellow", `warning: ${warning}`)),
  ];
}
