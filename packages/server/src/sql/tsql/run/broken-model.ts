// Why the engine could not open a model, in words: it gives its failure as a text, the bytes say whether
// they are an ONNX model at all.
import { ModelError } from "@callosum/scoring/model-error.ts";
import { readModel } from "@callosum/scoring/onnx/model.ts";
import { signatureOf } from "@callosum/scoring/onnx/signature.ts";

/** The end of a sentence about the model. */
export function whyUnusable(bytes: Uint8Array, failure: string): string {
  try {
    const { inputs } = signatureOf(readModel(bytes, bytes.byteLength));
    return inputs.length === 0 ? "it has no inputs" : failure;
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return error.code === "CorruptModel" ? `it is corrupt (${error.message})` : failure;
  }
}
