// The MLmodel file of an MLflow model: flavors and the signature (mlflow.org: MLmodel storage format,
// model signatures). Names are data: nothing is looked up on an object's prototype.

import type { MlflowDescription, SignatureField } from "@callosum/contract/model-registry.ts";
import { parseYaml, YamlError, type YamlMapping, type YamlValue } from "./yaml.ts";

const bytesMax = 1024 * 1024;
const fieldCountMax = 10_000;

export class MlmodelError extends Error {
  constructor(reason: string) {
    super(`The MLmodel file cannot be read: ${reason}.`);
    this.name = "MlmodelError";
  }
}

/** Gives what the file says, or the problem with it. */
export function readMlmodel(bytes: Uint8Array): MlflowDescription {
  try {
    if (bytes.length > bytesMax) throw new MlmodelError(`it has more than ${bytesMax} bytes`);
    const root = parseYaml(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const runId = root.get("run_id");
    return {
      flavors: flavorsOf(root.get("flavors")),
      runId: typeof runId === "string" ? runId : undefined,
      signature: signatureOf(root.get("signature")),
    };
  } catch (error) {
    if (error instanceof MlmodelError) return problem(error.message);
    if (error instanceof YamlError) return problem(new MlmodelError(error.message).message);
    if (error instanceof TypeError) return problem(new MlmodelError("it is not UTF-8").message);
    throw error;
  }
}

function problem(message: string): MlflowDescription {
  return { problem: { code: "CorruptMlmodel", message } };
}

function isMapping(value: YamlValue | undefined): value is YamlMapping {
  return value instanceof Map;
}

function flavorsOf(value: YamlValue | undefined): Record<string, Record<string, string>> {
  if (!isMapping(value) || value.size === 0) throw new MlmodelError("it names no flavors");
  return Object.fromEntries(
    [...value].map(([name, data]) => [
      name,
      Object.fromEntries(
        (isMapping(data) ? [...data] : []).flatMap(([key, item]) =>
          typeof item === "string" ? [[key, item]] : [],
        ),
      ),
    ]),
  );
}

/** Populated only when inputs are there (features.md G-05). */
function signatureOf(value: YamlValue | undefined) {
  if (value === undefined || value === null) return undefined;
  if (!isMapping(value)) throw new MlmodelError("its signature is no mapping");
  const inputs = fieldsOf(value.get("inputs"), "inputs");
  const outputs = fieldsOf(value.get("outputs"), "outputs");
  return inputs.length === 0 ? undefined : { inputs, outputs };
}

function fieldsOf(value: YamlValue | undefined, what: string): SignatureField[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== "string") throw new MlmodelError(`the signature's ${what} are no JSON text`);
  const list = parseJson(value, what);
  if (!Array.isArray(list) || list.length > fieldCountMax) {
    throw new MlmodelError(`the signature's ${what} are no list`);
  }
  return list.map((item) => fieldOf(item, what));
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MlmodelError(`the signature's ${what} are not JSON`);
  }
}

function fieldOf(item: unknown, what: string): SignatureField {
  const field = (typeof item === "object" ? item : undefined) as
    | { name?: unknown; type?: unknown; "tensor-spec"?: { dtype?: unknown; shape?: unknown } }
    | null
    | undefined;
  const tensor = field?.["tensor-spec"];
  const type = field?.type === "tensor" ? tensor?.dtype : field?.type;
  if (typeof type !== "string")
    throw new MlmodelError(`one of the signature's ${what} has no type`);
  const shape = tensor?.shape;
  return {
    name: typeof field?.name === "string" ? field.name : undefined,
    type,
    shape:
      Array.isArray(shape) && shape.every((size) => Number.isInteger(size)) ? shape : undefined,
  };
}
