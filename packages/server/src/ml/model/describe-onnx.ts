// What an ONNX file's graph says of its inputs, outputs and framework. A long file takes seconds and ten times its size
// in memory to read, so it is read on a thread of its own.

import type { ModelField, OnnxDescription } from "@callosum/contract/model-registry.ts";
import { ModelError } from "@callosum/scoring/model-error.ts";
import { readModel } from "@callosum/scoring/onnx/model.ts";
import { signatureOf } from "@callosum/scoring/onnx/signature.ts";
import { callForFile } from "../../platform/call-aside.ts";

/** Graphs beyond this are registered and not scored: a table cell holds a model, and so does memory. */
export const onnxBytesMax = 256 * 1024 * 1024;

interface OnnxBytes {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A broken file is described as broken. */
export function describeOnnx(file: OnnxBytes): Promise<OnnxDescription> {
  return callForFile(readOnnx, new URL(import.meta.url), file);
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
