// What is in the files of a model: the MLmodel file's flavors and signature, the ONNX graph's inputs and outputs
// (describe-onnx.ts). A broken file is described as broken, so that the registry keeps it and scoring names it.

import type {
  MlflowDescription,
  ModelContent,
  ModelFile,
  OnnxDescription,
} from "@callosum/contract/model-registry.ts";
import { describeOnnx, onnxBytesMax } from "./describe-onnx.ts";
import { readMlmodel } from "./mlmodel.ts";

type BrokenOnnx = Extract<OnnxDescription, { problem: unknown }>;

export async function describeContent(
  files: readonly ModelFile[],
  read: (file: ModelFile) => Promise<Uint8Array>,
): Promise<ModelContent> {
  const length = files.reduce((sum, file) => sum + file.length, 0);
  const [mlmodel, ...others] = nearestMlmodels(files);
  const mlflow =
    others.length > 0
      ? tooManyMlmodels(others.length + 1)
      : mlmodel && readMlmodel(await read(mlmodel));
  const found = findOnnx(files, mlmodel, mlflow);
  const onnx = found && ("problem" in found ? found : await openOnnx(found, read));
  return { files, length, ...(mlflow ? { mlflow } : {}), ...(onnx ? { onnx } : {}) };
}

/** The one at the root, or below the only folder there is: several are several models. */
function nearestMlmodels(files: readonly ModelFile[]): readonly ModelFile[] {
  const depthOf = ({ path }: ModelFile) => path.split("/").length;
  const found = files.filter(({ path }) => /(?:^|\/)MLmodel$/.test(path));
  const depth = Math.min(...found.map(depthOf));
  return found.filter((file) => depthOf(file) === depth);
}

function tooManyMlmodels(count: number): MlflowDescription {
  const message = `There are ${count} MLmodel files and nothing says which one is the model's.`;
  return { problem: { code: "CorruptMlmodel", message } };
}

function problemAt(path: string, code: string, message: string): BrokenOnnx {
  return { path, problem: { code, message } };
}

/** The MLflow flavor says which file it is; else it is the only one that ends in `.onnx`. */
function findOnnx(
  files: readonly ModelFile[],
  mlmodel: ModelFile | undefined,
  mlflow: MlflowDescription | undefined,
): ModelFile | BrokenOnnx | undefined {
  const flavor = mlflow && "flavors" in mlflow ? mlflow.flavors.onnx : undefined;
  if (mlmodel && flavor) {
    const folder = mlmodel.path.slice(0, -"MLmodel".length);
    const path = folder + (flavor.data ?? "model.onnx");
    const file = files.find((candidate) => candidate.path === path);
    return (
      file ??
      problemAt(path, "CorruptModel", `The MLmodel file names '${path}', which is not there.`)
    );
  }
  const candidates = files.filter(({ path }) => /\.onnx$/i.test(path));
  const [first, second] = candidates;
  if (first === undefined || second === undefined) return first;
  return problemAt(
    first.path,
    "UnsupportedModel",
    `There are ${candidates.length} ONNX files and nothing says which one is the model.`,
  );
}

async function openOnnx(
  file: ModelFile,
  read: (file: ModelFile) => Promise<Uint8Array>,
): Promise<OnnxDescription> {
  const { path, length } = file;
  if (length > onnxBytesMax)
    return problemAt(path, "UnsupportedModel", `It has more than ${onnxBytesMax} bytes.`);
  return describeOnnx({ path, bytes: await read(file) });
}
