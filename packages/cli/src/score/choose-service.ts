// Which linked service a model is read through, where none is named: that of the only linked workspace
// which has the model.

import type { LinkedModels, ScorableModel } from "@callosum/sdk/scoring.ts";
import { CommandError, exitCodes, usageError } from "../command.ts";
import { nearest } from "../nearest.ts";
import type { WantedModel } from "./score-request.ts";

/** The linked service's name. Two links to the same workspace give the same model: the first does. */
export function chooseService(links: readonly LinkedModels[], model: WantedModel): string {
  const holders = links.filter(({ models }) =>
    models.some(
      ({ name, version }) =>
        isSame(name, model.name) && (model.version === undefined || isSame(version, model.version)),
    ),
  );
  const [first] = holders;
  if (!first) throw noModel(links, model);
  const workspaces = new Set(holders.map(({ workspaceId }) => workspaceId?.toLowerCase()));
  if (workspaces.size === 1) return first.linkedService;
  const names = holders.map(({ linkedService }) => linkedService).join(", ");
  throw usageError(
    `Several linked workspaces have a model '${model.name}'.`,
    `Say which with --service: ${names}.`,
  );
}

/** Names of models and versions are resource names: casing does not count. */
function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Codes of a role that is missing: of Resource Manager and of the Synapse endpoint. */
const refusals = new Set(["AuthorizationFailed", "Unauthorized"]);

function noModel(links: readonly LinkedModels[], { name, version }: WantedModel): CommandError {
  const wanted = version === undefined ? name : `${name}:${version}`;
  const known = links.flatMap(({ models }) => models);
  const closed = links.flatMap(({ linkedService, error }) =>
    error ? [`'${linkedService}' cannot be read: ${error.message}`] : [],
  );
  const isRefused =
    links.length > 0 && links.every(({ error }) => error && refusals.has(error.code));
  const there =
    links.length === 0
      ? "The workspace has no linked service of type AzureMLService."
      : whatThereIs(known, name);
  return new CommandError({
    code: "ModelNotFound",
    message: `No linked workspace has an ONNX model '${wanted}'.`,
    exitCode: isRefused ? exitCodes.refused : exitCodes.failed,
    hint: [there, ...closed].join("\n"),
  });
}

const shownMax = 12;

/** The versions of the model that was meant, or the names of the models. */
function whatThereIs(known: readonly ScorableModel[], wanted: string): string {
  const names = [...new Set(known.map(({ name }) => name))];
  const close = nearest(wanted, names);
  const meant = names.find((name) => isSame(name, wanted));
  const ids = known.filter(({ name }) => name === meant).map((each) => `${meant}:${each.version}`);
  const list = meant === undefined ? names : [...new Set(ids)];
  const more = list.length - shownMax;
  const shown = list.slice(0, shownMax).join(", ") || "none";
  const rest = more > 0 ? ` and ${more} more; 'callosum models' lists them` : "";
  return `${close && !meant ? `Did you mean '${close}'? ` : ""}There are: ${shown}${rest}.`;
}
