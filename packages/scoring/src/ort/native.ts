// ONNX Runtime's native library: loaded when the first model needs it, one session per model and thread.
// The package's own `run` is this same blocking call behind setImmediate (libraries.md §3, trap 4).
import { createRequire } from "node:module";
import type { InferenceSession } from "onnxruntime-node";
import type { Binding } from "onnxruntime-node/dist/binding.js";
import { ModelError } from "../model-error.ts";

type Ort = typeof import("onnxruntime-node");
type Native = typeof import("onnxruntime-node/dist/binding.js");

export type NativeSession = Binding.InferenceSession;

let loaded: { Tensor: Ort["Tensor"]; native: Native } | null = null;

/** Loads the native library (45 MB) only when a model needs it. */
export function loadOrt(): { Tensor: Ort["Tensor"]; native: Native } {
  if (loaded) return loaded;
  const require = createRequire(import.meta.url);
  const { Tensor } = require("onnxruntime-node") as Ort;
  const native = require("onnxruntime-node/dist/binding.js") as Native;
  native.initOrt();
  loaded = { Tensor, native };
  return loaded;
}

/** Throws `CorruptModel` or `UnsupportedModel` with ONNX Runtime's own reason. */
export function openNative(bytes: Uint8Array, threads: number): NativeSession {
  const { native } = loadOrt();
  const session = new native.binding.InferenceSession();
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    logSeverityLevel: 4,
  };
  try {
    session.loadModel(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength, options);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const isUnsupported =
      /not.?implemented|not a registered|no op registered|is not supported|unsupported|opset/i.test(
        reason,
      );
    throw new ModelError(
      isUnsupported ? "UnsupportedModel" : "CorruptModel",
      `ONNX Runtime cannot load the model: ${reason}`,
    );
  }
  return session;
}
