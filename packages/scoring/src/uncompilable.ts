// Why a model is left to ONNX Runtime. Thrown while compiling, caught by scorer.ts, never seen by callers.

export class Uncompilable extends Error {}

export function uncompilable(reason: string): Uncompilable {
  return new Uncompilable(reason);
}
