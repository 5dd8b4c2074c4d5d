// The model registry of machine learning workspaces as the rest of the house sees it. The resource
// types are in server/src/arm/resources/machine-learning/model*.ts, the bytes in server/src/ml/model.

import type { ArmResource } from "./ports.ts";
import type { Principal } from "./principal.ts";

export const modelContainerType = "Microsoft.MachineLearningServices/workspaces/models";
export const modelVersionType = "Microsoft.MachineLearningServices/workspaces/models/versions";

/** One file of a model version. Equal content is kept once, whatever refers to it. */
export interface ModelFile {
  /** Below the model's root, with `/`; a single file has its own name. */
  readonly path: string;
  readonly fileId: string;
  readonly sha256: string;
  readonly length: number;
}

/** An input or output of an ONNX graph. */
export interface ModelField {
  readonly name: string;
  /** As ONNX names element types: `float`, `double`, `int64`, `string`, … */
  readonly element: string;
  readonly kind: "tensor" | "sequence" | "map" | "other";
  /** Null is an open dimension; null altogether: the model does not say. */
  readonly shape: readonly (number | null)[] | null;
}

/** What the ONNX file of a version says of itself; `problem` when it cannot be used. */
export type OnnxDescription =
  | {
      readonly path: string;
      readonly framework: string;
      readonly inputs: readonly ModelField[];
      readonly outputs: readonly ModelField[];
    }
  | {
      readonly path: string;
      readonly problem: { readonly code: string; readonly message: string };
    };

/** A column or tensor of an MLflow signature; `type` is MLflow's (`double`, `long`, `float32`, …). */
export interface SignatureField {
  readonly name: string | undefined;
  readonly type: string;
  readonly shape: readonly number[] | undefined;
}

/** What the MLmodel file of a version says; `problem` when it cannot be read. */
export type MlflowDescription =
  | {
      readonly flavors: Readonly<Record<string, Readonly<Record<string, string>>>>;
      readonly runId: string | undefined;
      readonly signature:
        | {
            readonly inputs: readonly SignatureField[];
            readonly outputs: readonly SignatureField[];
          }
        | undefined;
    }
  | { readonly problem: { readonly code: string; readonly message: string } };

/** The bytes of a version and what was found in them. Stored with the version, never answered. */
export interface ModelContent {
  readonly files: readonly ModelFile[];
  readonly length: number;
  readonly mlflow?: MlflowDescription;
  readonly onnx?: OnnxDescription;
}

/** Content that was copied in and stays until it is released or a committed version refers to it. */
export interface TakenContent {
  readonly content: ModelContent;
  release(): void;
}

/** How bytes get into the registry. The resource type uses it before its transaction. */
export interface ModelIntake {
  /**
   * Copies what a model URI names and reads it. `azureml://…/datastores/{d}/paths/{p}`,
   * `azureml://jobs/{j}/outputs/artifacts/paths/{p}` and URLs of storage accounts are understood.
   * Rejects with UserError (nothing there, not of this instance, too large) or the 403 of the place.
   */
  take(request: {
    principal: Principal;
    workspace: ArmResource;
    uri: string;
    modelType: string;
  }): Promise<TakenContent>;
}

/** A version as its users see it. */
export interface RegisteredModel {
  /** Resource id of the version. */
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly version: string;
  readonly modelType: "custom_model" | "mlflow_model" | "triton_model";
  readonly description: string;
  readonly createdAt: string;
  readonly createdBy: string;
  /** `Onnx`, `ScikitLearn`, … as far as the model tells; empty when it does not. */
  readonly framework: string;
  readonly isArchived: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** Bytes of all files. */
  readonly length: number;
  readonly onnx: OnnxDescription | undefined;
  readonly mlflow: MlflowDescription | undefined;
}

/**
 * Reads for other planes. Every method authorizes
 * `Microsoft.MachineLearningServices/workspaces/models/read` first and rejects with
 * AuthorizationFailed; what is not there is ResourceNotFound.
 */
export interface ModelRegistry {
  /** Versions that are not archived, by name, the latest first. */
  list(principal: Principal, workspaceId: string): Promise<RegisteredModel[]>;
  /** Without a version: the latest that is not archived. */
  get(
    principal: Principal,
    model: { workspaceId: string; name: string; version?: string },
  ): Promise<RegisteredModel>;
  /**
   * The bytes of the version's ONNX file, checked against their hash. Rejects with
   * `NotOnnxModel`, `CorruptModel` or `UnsupportedModel` when it has none that can be used.
   */
  openOnnx(
    principal: Principal,
    model: { workspaceId: string; name: string; version?: string },
  ): Promise<{ model: RegisteredModel; bytes: Uint8Array }>;
}
