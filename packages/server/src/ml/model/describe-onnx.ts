// What an ONNX file's graph says of its inputs, outputs and framework. A long file takes seconds and ten times its size
// in memory to read, so it is read on a thread of its own.

import type { ModelField, OnnxDescription } from "@callosum/contract/model-registry.ts";
import { ModelError } from "@callosum/scoring/model-error.ts";
import { readModel } from "@callosum/scoring/onnx/model.ts";
import { signatureOf } from "@callosum/scoring/onnx/signature.ts";
import { callAside } from "../../platform/call-aside.ts";

/** Graphs beyond this are registered and not scored: a table cell holds a model, and so does memory. */
export const onnxBytesMax = 256 * 1024 * 1024;

/** Reading this much takes a few hundredths of a second, about as long as starting a thread. */
const bytesInPlaceMax = 512 * 1024;

interface OnnxBytes {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A broken file is described as broken. */
export async function describeOnnx(file: OnnxBytes): Promise<OnnxDescription> {
  if (file.bytes.length <= bytesInPlaceMax) return readOnnx(file);
  return callAside({ module: new URL(import.meta.url), name: readOnnx.name, input: file });
}

export function readOnnx({ path, bytes }: OnnxBytes): OnnxDescription {
  try {
    const { inputs, outputs, framework } = signatureOf(readModel(bytes, onnxBytesMax));
    return { path, framework, inputs: inputs.map(fieldOf), outputs: outputs.map(fieldOf) };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { path, problem: { code: error.code, message: error.message } };
  }
}

function fieldOf(field: {
  name: string;
  type: string;
  kind: ModelField["kind"];
  shape: readonly (number | null)[] | null;
}): ModelField {
  const { name, type, kind, shape } = field;
  return { name, element: type, kind, shape };
}
