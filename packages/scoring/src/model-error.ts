// What can be wrong with a model or with the way it is called. Callers map the code to their own error numbers.

/**
 * - `CorruptModel`: the bytes are no valid ONNX model; the message says what is wrong.
 * - `UnsupportedModel`: a valid model that cannot run here (external data, an operator nobody has).
 * - `InvalidColumn`: a column that does not fit its input (missing, wrong type, too short).
 */
export type ModelErrorCode = "CorruptModel" | "UnsupportedModel" | "InvalidColumn";

export class ModelError extends Error {
  readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, message: string) {
    super(message);
    this.name = "ModelError";
    this.code = code;
  }
}

export function corrupt(message: string): ModelError {
  return new ModelError("CorruptModel", message);
}
