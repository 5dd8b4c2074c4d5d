// LightGBM over a ready row-major matrix, with the same trees: where a Python has it. lightgbm-process.py is its process.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Child, openChild } from "./child.ts";
import { lightGbmModel } from "./lightgbm-model.ts";
import { type OpenReadyPeer, type ReadyPeer, type ReadyRows, Unmeasured } from "./peer.ts";

const python = process.env.LIGHTGBM_PYTHON ?? "python3";

export const lightGbm: ReadyPeer = {
  name: "LightGBM",
  async open(given) {
    const model = lightGbmModel(given.bytes);
    const child = await openChild(python, [
      fileURLToPath(new URL("lightgbm-process.py", import.meta.url)),
    ]).catch((error: Error) => {
      throw notInstalled(error.message);
    });
    try {
      return await load(child, model, given);
    } catch (error) {
      await child.close();
      throw error;
    }
  },
};

async function load(child: Child, model: string, given: ReadyRows): Promise<OpenReadyPeer> {
  const { inputs, threads } = given;
  const [input] = inputs;
  if (input?.type !== "float32") throw new Error("LightGBM is given one matrix of float32");
  const directory = await mkdtemp(join(tmpdir(), "callosum-lightgbm-"));
  const files = { model: join(directory, "model.txt"), matrix: join(directory, "matrix.f32") };
  await writeFile(files.model, model);
  await writeFile(files.matrix, input.values as Float32Array);
  const opened = (await child
    .ask({ op: "open", ...files, width: input.width, threads })
    .finally(() => rm(directory, { recursive: true }))) as { version: string; absent?: string };
  if (opened.absent !== undefined) throw notInstalled(opened.absent);
  return {
    ways: [
      {
        name: `${opened.version}, ${threads} thread${threads === 1 ? "" : "s"}`,
        run: () => child.ask({ op: "predict" }),
      },
    ],
    async scores(rowCount) {
      return ((await child.ask({ op: "scores", rowCount })) as { scores: number[] }).scores;
    },
    close: () => child.close(),
  };
}

function notInstalled(reason: string): Unmeasured {
  return new Unmeasured(
    `LightGBM is not installed (${python}: ${reason}). 'python3 -m venv lgbm && lgbm/bin/pip install lightgbm', then LIGHTGBM_PYTHON=lgbm/bin/python`,
  );
}
