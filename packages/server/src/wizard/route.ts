// The wizard under the workspace's endpoint: our own addition, for the studio, the SDK and the CLI.
//   GET  /{workspace}/callosum/score/models   ONNX models of all linked workspaces
//   POST /{workspace}/callosum/score/plan     how a table and a model meet; changes nothing
//   POST /{workspace}/callosum/score/deploy   copies the model into the pool, gives the script

import { ServiceError } from "@callosum/contract/error.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { MachineLearningLink } from "@callosum/contract/wizard.ts";
import { recordActivity } from "../artifacts/activity.ts";
import { workspaceRoute } from "../artifacts/route.ts";
import { checkShape, requireObject } from "../artifacts/validation.ts";
import { artifactApiVersions, requireAction, type WorkspaceCall } from "../artifacts/workspace.ts";
import type { Answer, Route } from "../http/route.ts";
import { statusNumber } from "../http/status.ts";
import { failWizard } from "./error-catalogue.ts";
import { deployScore, planScore, requireGraph, type WizardPorts } from "./score.ts";
import { type ScoreRequest, ScoreRequestShape } from "./score-request.ts";

const deployAction = "sqlPools/models/deploy/action";

export function wizardRoutes(services: PlaneServices, ports: WizardPorts): Route[] {
  const route = (options: {
    method: "GET" | "POST";
    path: string;
    summary: string;
    run(opened: WorkspaceCall): Promise<unknown>;
  }): Route =>
    workspaceRoute(services, {
      method: options.method,
      path: `/callosum/score/${options.path}`,
      source: "features.md G-03 … G-12",
      summary: options.summary,
      action: "read",
      apiVersions: artifactApiVersions,
      async handle(opened): Promise<Answer> {
        await requireAction(opened, "read");
        return { status: 200, body: await options.run(opened) };
      },
    });
  return [
    route({
      method: "GET",
      path: "models",
      summary: "Scoring wizard: ONNX models of linked workspaces",
      run: (opened) => listModels(opened, ports),
    }),
    route({
      method: "POST",
      path: "plan",
      summary: "Scoring wizard: mapping and script",
      run: async (opened) => planScore(ports, opened, await readRequest(opened)),
    }),
    route({
      method: "POST",
      path: "deploy",
      summary: "Scoring wizard: copies the model into the pool",
      run: (opened) => deploy(opened, ports),
    }),
  ];
}

async function readRequest({ call, services, workspace }: WorkspaceCall): Promise<ScoreRequest> {
  const value = requireObject(call.body ?? {}, "body");
  const request = checkShape<ScoreRequest>(ScoreRequestShape, { value, at: "" });
  const pool = await services.resources.find(`${workspace.id}/sqlPools/${request.database}`);
  if (pool) return request;
  const { name } = workspace;
  throw failWizard.PoolNotFound({ workspace: name, name: request.database, target: "database" });
}

async function deploy(opened: WorkspaceCall, ports: WizardPorts): Promise<unknown> {
  const request = await readRequest(opened);
  const record = (httpStatus: number, error?: ServiceError) =>
    opened.services.store.transaction((writer) =>
      recordActivity(writer, {
        opened,
        action: deployAction,
        item: `sqlPools/${request.database}`,
        httpStatus,
        error,
      }),
    );
  try {
    const plan = await deployScore(ports, opened, request);
    await record(200);
    return plan;
  } catch (error) {
    if (error instanceof ServiceError) await record(statusNumber(error.status), error);
    throw error;
  }
}

/** A link that cannot be used is listed with the reason, so that others still can. */
async function listModels(opened: WorkspaceCall, ports: WizardPorts): Promise<unknown> {
  const links = await ports.links.list(opened.workspace);
  return { value: await Promise.all(links.map((link) => modelsOf(opened, ports, link))) };
}

async function modelsOf(
  { principal, workspace }: WorkspaceCall,
  ports: WizardPorts,
  link: MachineLearningLink,
): Promise<Record<string, unknown>> {
  const base = { linkedService: link.name, workspaceId: link.workspaceId ?? null };
  try {
    const opened = await ports.links.open(principal, { workspace, name: link.name });
    const models = await ports.models.list(opened.identity, opened.workspaceId);
    const onnx = models.filter((model) => model.onnx !== undefined);
    return { ...base, models: onnx.map(present) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { ...base, models: [], error: { code: error.code, message: error.message } };
  }
}

function present(model: Parameters<typeof requireGraph>[0]): Record<string, unknown> {
  const { name, version, description, framework, createdAt, createdBy, onnx } = model;
  const usable = onnx && !("problem" in onnx) ? onnx : undefined;
  return {
    name,
    version,
    description,
    framework,
    createdAt,
    createdBy,
    inputs: usable?.inputs ?? [],
    outputs: usable?.outputs ?? [],
    problem: problemOf(model),
  };
}

function problemOf(model: Parameters<typeof requireGraph>[0]): string | null {
  try {
    requireGraph(model);
    return null;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return error.message;
  }
}
