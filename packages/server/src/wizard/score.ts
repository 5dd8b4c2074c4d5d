// The wizard's two steps. A plan says how a table's columns meet a model's inputs and what script comes
// of it; a deployment copies the model into the pool and gives the script (features.md G-03 … G-12).

import type { ModelRegistry, RegisteredModel } from "@callosum/contract/model-registry.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import {
  type MachineLearningLinks,
  type ScoringDatabase,
  type ScoringDatabases,
  SqlRefusal,
} from "@callosum/contract/wizard.ts";
import { createTurns } from "../platform/turn.ts";
import { chooseColumns, chooseOutputs, type Graph, requireDistinct } from "./choice.ts";
import { failWizard } from "./error-catalogue.ts";
import {
  type InputMapping,
  mapInputs,
  type OutputMapping,
  type TableColumn,
  type Unusable,
  unusableFields,
  usableOutputs,
} from "./mapping.ts";
import {
  modelIdOf,
  modelRow,
  shapeProblems,
  writeModelRow,
  writeModelTable,
} from "./model-table.ts";
import { objectNameOf, type ScoreRequest } from "./score-request.ts";
import { writeScript } from "./script.ts";
import {
  isSameName,
  literal,
  nameLengthMax,
  type ObjectName,
  qualified,
  twinNames,
} from "./sql-text.ts";

export interface WizardPorts {
  readonly links: MachineLearningLinks;
  readonly models: ModelRegistry;
  readonly databases: ScoringDatabases;
}

export interface ScoreCaller {
  readonly principal: Principal;
  readonly workspace: ArmResource;
}

export interface ScorePlan {
  readonly model: {
    readonly id: string;
    readonly framework: string;
    readonly isPrefilled: boolean;
  };
  readonly table: string;
  readonly columns: readonly TableColumn[];
  readonly inputs: readonly InputMapping[];
  readonly outputs: readonly OutputMapping[];
  /** Outputs that no column can hold: a map of probabilities, say. */
  readonly unusableOutputs: readonly Unusable[];
  readonly modelTable: {
    readonly name: string;
    readonly exists: boolean;
    /** What creates it where it does not exist. */
    readonly ddl: string | undefined;
  };
  /** What the script makes; it fails where there is one already. */
  readonly object: { readonly name: string; readonly exists: boolean };
  /** Undefined while an input has no column. */
  readonly script: string | undefined;
}

interface Opened {
  readonly request: ScoreRequest;
  readonly database: ScoringDatabase;
  /** The machine learning workspace that the link leads to, and as whom. */
  readonly workspaceId: string;
  readonly identity: Principal;
}

interface Drafted {
  readonly plan: ScorePlan;
  readonly model: RegisteredModel;
  readonly modelTable: ObjectName;
}

export async function planScore(
  ports: WizardPorts,
  caller: ScoreCaller,
  request: ScoreRequest,
): Promise<ScorePlan> {
  return withDatabase(
    ports,
    caller,
    request,
    async (options) => (await draft(ports, options)).plan,
  );
}

const turns = createTurns();

/** Copies the model and gives the plan whose script is then run. */
export async function deployScore(
  ports: WizardPorts,
  caller: ScoreCaller,
  request: ScoreRequest,
): Promise<ScorePlan> {
  return withDatabase(ports, caller, request, async (options) => {
    const { plan, model, modelTable } = await draft(ports, options);
    const { database, identity } = options;
    if (plan.script === undefined) {
      const open = plan.inputs.filter(({ column }) => column === undefined);
      throw failWizard.MappingIncomplete({
        inputs: open.map(({ input }) => input).join(", "),
        target: "inputs",
      });
    }
    const { workspaceId, name, version } = model;
    const { bytes } = await ports.models.openOnnx(identity, { workspaceId, name, version });
    const place =
      `${caller.workspace.id}/${request.database}/${qualified(modelTable)}`.toLowerCase();
    // Two deployments of one id at a time would each delete nothing and both insert.
    await turns(place, async () => {
      if (plan.modelTable.ddl !== undefined) {
        if (request.modelTable?.create !== true) {
          throw failWizard.ModelTableNotFound({ table: plan.modelTable.name });
        }
        await createTable(database, modelTable, plan.modelTable.ddl);
      }
      await database.query(
        `SET XACT_ABORT ON;
BEGIN TRANSACTION;
${writeModelRow(modelTable)}
COMMIT TRANSACTION;`,
        modelRow(model, bytes),
      );
    });
    return { ...plan, modelTable: { ...plan.modelTable, exists: true, ddl: undefined } };
  });
}

/** Another deployment may have made it since the plan. */
async function createTable(
  database: ScoringDatabase,
  table: ObjectName,
  ddl: string,
): Promise<void> {
  const found = await columnsOf(database, table);
  if (found.length === 0) await database.query(ddl);
  else requireShape(table, found);
}

/** The right to the link is asked for first, then the pool is entered as the caller. */
async function withDatabase<Result>(
  ports: WizardPorts,
  { principal, workspace }: ScoreCaller,
  request: ScoreRequest,
  work: (opened: Opened) => Promise<Result>,
): Promise<Result> {
  const { linkedService: name } = request.model;
  const { workspaceId, identity } = await ports.links.open(principal, { workspace, name });
  try {
    const place = { workspace: workspace.name, database: request.database };
    const database = await ports.databases.open(principal, place);
    try {
      return await work({ request, database, workspaceId, identity });
    } finally {
      await database.close();
    }
  } catch (error) {
    if (!(error instanceof SqlRefusal)) throw error;
    const { number, message } = error;
    throw failWizard[refusalCodes[number] ?? "SqlError"]({ number, message });
  }
}

/** Message numbers that say more than that a statement failed. */
const refusalCodes: Readonly<Record<number, "SqlPermissionDenied" | "SqlPoolPaused">> = {
  229: "SqlPermissionDenied",
  230: "SqlPermissionDenied",
  262: "SqlPermissionDenied",
  4060: "SqlPermissionDenied",
  18456: "SqlPermissionDenied",
  42108: "SqlPoolPaused",
};

async function draft(ports: WizardPorts, opened: Opened): Promise<Drafted> {
  const { request, database, workspaceId, identity } = opened;
  const { linkedService: _link, ...wanted } = request.model;
  const model = await ports.models.get(identity, { workspaceId, ...wanted });
  const graph = requireGraph(model);
  const table = objectNameOf(request.table, "table");
  const columns = await columnsOf(database, table);
  if (columns.length === 0) {
    throw failWizard.TableNotFound({ table: qualified(table), database: request.database });
  }
  const inputs = mapInputs({
    model,
    graph,
    columns,
    chosen: chooseColumns({ request, graph, columns }),
  });
  const kind = request.script?.kind ?? "procedure";
  const outputs = chooseOutputs(request, graph, modelIdOf(model));
  requireDistinct({ kind, inputs, outputs });
  const modelTable = objectNameOf(request.modelTable?.name ?? "dbo.models", "modelTable.name");
  const found = await columnsOf(database, modelTable);
  if (found.length > 0) requireShape(modelTable, found);
  const object = objectOf(request, { table, modelTable, model });
  const mapped = inputs.flatMap((input) =>
    input.column ? [{ ...input, column: input.column }] : [],
  );
  const modelId = modelIdOf(model);
  const script =
    mapped.length === inputs.length
      ? writeScript({ kind, object, table, modelTable, modelId, inputs: mapped, outputs })
      : undefined;
  const objectExists = await isTaken(database, object);
  const plan: ScorePlan = {
    model: { id: modelId, framework: model.framework, isPrefilled: hasSignature(model) },
    table: qualified(table),
    columns,
    inputs,
    outputs,
    unusableOutputs: unusableFields(graph.outputs),
    modelTable: {
      name: qualified(modelTable),
      exists: found.length > 0,
      ddl: found.length > 0 ? undefined : writeModelTable(modelTable),
    },
    object: { name: qualified(object), exists: objectExists },
    script,
  };
  return { plan, model, modelTable };
}

/** What the script makes: named after the model unless the request says otherwise. */
function objectOf(
  { script }: ScoreRequest,
  {
    table,
    modelTable,
    model,
  }: { table: ObjectName; modelTable: ObjectName; model: RegisteredModel },
): ObjectName {
  const target = "script.name";
  const object =
    script?.name === undefined
      ? { schema: table.schema, name: `predict_${model.name}`.slice(0, nameLengthMax) }
      : objectNameOf(script.name, target);
  const taken = [table, modelTable].find((other) => isSameName(object, other));
  if (!taken) return object;
  const what = taken === table ? "the table to score" : "the model table";
  throw failWizard.InvalidMapping({
    reason: `${qualified(object)} is ${what}: choose another name for the ${script?.kind ?? "procedure"}.`,
    target,
  });
}

/** Whether there is an object of this name; refuses a name whose schema takes none. */
async function isTaken(database: ScoringDatabase, name: ObjectName): Promise<boolean> {
  const asked = `SELECT SCHEMA_ID(${literal(name.schema)}), OBJECT_ID(${literal(qualified(name))})`;
  const [[schemaId = null, objectId = null] = []] = await database.query(asked);
  if (schemaId === null || /^(?:sys|information_schema)$/i.test(name.schema)) {
    throw failWizard.InvalidMapping({
      reason: `${qualified(name)} cannot be made: there is no schema '${name.schema}' for it.`,
      target: "script.name",
    });
  }
  return objectId !== null;
}

/** What PREDICT can score, or the refusal that says why it cannot. */
export function requireGraph(model: RegisteredModel): Graph {
  const { onnx } = model;
  const refuse = (reason: string) =>
    failWizard.ModelNotScorable({ model: modelIdOf(model), reason });
  if (!onnx) throw refuse("it has no ONNX file");
  if ("problem" in onnx) throw refuse(whyBroken(onnx.problem));
  if (onnx.inputs.length === 0) throw refuse("it has no inputs");
  const [broken] = unusableFields(onnx.inputs);
  if (broken) throw refuse(`its input '${broken.name}' cannot be a column: ${broken.reason}`);
  const twins = twinNames(onnx.inputs.map(({ name }) => name));
  if (twins) throw refuse(`its inputs '${twins.join("' and '")}' are one name in SQL`);
  if (usableOutputs(onnx).length === 0) throw refuse("none of its outputs is a column");
  return onnx;
}

/** The registry's sentence as the end of another one. */
function whyBroken({ code, message }: { code: string; message: string }): string {
  const reason = message
    .replace(/\.$/, "")
    .replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
  return code === "CorruptModel" ? `its ONNX file is corrupt (${reason})` : reason;
}

function hasSignature({ mlflow }: RegisteredModel): boolean {
  return mlflow !== undefined && "signature" in mlflow && mlflow.signature !== undefined;
}

function requireShape(table: ObjectName, found: readonly TableColumn[]): void {
  const problems = shapeProblems(found);
  if (problems.length === 0) return;
  throw failWizard.ModelTableShape({
    table: qualified(table),
    problems: problems.join("; "),
    target: "modelTable.name",
  });
}

async function columnsOf(database: ScoringDatabase, table: ObjectName): Promise<TableColumn[]> {
  const rows = await database.query(
    `SELECT COLUMN_NAME, DATA_TYPE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = ${literal(table.schema)} AND TABLE_NAME = ${literal(table.name)} ORDER BY ORDINAL_POSITION`,
  );
  return rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
}
