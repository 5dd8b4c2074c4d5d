// The scoring wizard of a Synapse workspace: ONNX models of linked machine learning workspaces, copied
// into a dedicated SQL pool, and the T-SQL that scores a table with one. Callosum's own requests: Azure's
// wizard has no documented ones (features.md G-03 … G-12).

import type { Connection } from "./connection.ts";

const apiVersion = "2020-12-01";

/** A model version that a linked service's identity may read. */
export interface ScorableModel {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** `Onnx`, `ScikitLearn`, …; empty when the model does not tell. */
  readonly framework: string;
  /** As the registry keeps them: a time, and who registered it. */
  readonly createdAt: string;
  readonly createdBy: string;
  readonly inputs: readonly ModelField[];
  readonly outputs: readonly ModelField[];
  /** Why PREDICT cannot score it; null when it can. */
  readonly problem: string | null;
}

export interface ModelField {
  readonly name: string;
  /** ONNX element type: `float`, `int64`, `string`, … */
  readonly element: string;
}

/** The models behind one linked service, or why there are none to see. */
export interface LinkedModels {
  readonly linkedService: string;
  /** Resource id of the machine learning workspace; null while parameters leave it open. */
  readonly workspaceId: string | null;
  readonly models: readonly ScorableModel[];
  readonly error?: { readonly code: string; readonly message: string };
}

export interface ScoringRequest {
  /** The dedicated SQL pool. */
  readonly database: string;
  /** `dbo.flights` or `[dbo].[flights]` */
  readonly table: string;
  /** The latest version unless one is given. */
  readonly model: {
    readonly linkedService: string;
    readonly name: string;
    readonly version?: string;
  };
  /**
   * Columns by input; null leaves an input open. Those that are left out are proposed by the model's
   * signature.
   */
  readonly inputs?: Readonly<Record<string, string | null>>;
  /** All that a column can hold unless given. */
  readonly outputs?: readonly string[];
  readonly script?: { readonly kind?: "procedure" | "view"; readonly name?: string };
  readonly modelTable?: { readonly name?: string; readonly create?: boolean };
}

/** A column, by its T-SQL type. */
export interface ScoringColumn {
  readonly name: string;
  readonly type: string;
}

export interface ScoringPlan {
  readonly model: {
    /** `name:version` */
    readonly id: string;
    readonly framework: string;
    /** Whether the columns were proposed by the model's signature. */
    readonly isPrefilled: boolean;
  };
  /** Bracketed, like every name here that a script carries. */
  readonly table: string;
  readonly columns: readonly ScoringColumn[];
  readonly inputs: readonly {
    readonly input: string;
    readonly type: string;
    /** Absent while nobody chose. */
    readonly column?: ScoringColumn;
  }[];
  readonly outputs: readonly { readonly output: string; readonly type: string }[];
  readonly unusableOutputs: readonly { readonly name: string; readonly reason: string }[];
  /** `ddl` makes the table where it does not exist. */
  readonly modelTable: { readonly name: string; readonly exists: boolean; readonly ddl?: string };
  /** What the script makes; it fails where there is one already. */
  readonly object: { readonly name: string; readonly exists: boolean };
  /** Batches separated by GO; absent while an input has no column. */
  readonly script?: string;
}

export type Scoring = ReturnType<typeof openScoring>;

/** The wizard of a workspace by its name; nothing is sent yet. Refusals are RequestFailed. */
export function openScoring(workspace: string, connection: Connection) {
  const at = (path: string) => ({
    service: "synapse" as const,
    subject: workspace,
    path: `/callosum/score/${path}`,
    query: { "api-version": apiVersion },
  });
  const post = async (path: string, body: ScoringRequest) =>
    (await connection.send({ ...at(path), method: "POST", body })).body as ScoringPlan;
  return {
    /** ONNX models of every linked machine learning workspace. */
    async models(): Promise<readonly LinkedModels[]> {
      const { body } = await connection.send(at("models"));
      return (body as { value: readonly LinkedModels[] }).value;
    },

    /** How the table and the model meet, and the script that comes of it; changes nothing. */
    plan: (request: ScoringRequest) => post("plan", request),

    /**
     * Copies the model into the pool's model table, replacing the row of the same `name:version`, and
     * gives the script to run. MappingIncomplete while an input has no column.
     */
    deploy: (request: ScoringRequest) => post("deploy", request),
  };
}
