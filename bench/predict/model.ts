// Models of the PREDICT benchmark, written as ONNX from a seed: the shapes that tabular work uses.
import { readFileSync } from "node:fs";
import { writeModel } from "../../packages/scoring/src/onnx/write-model.ts";
import { type Random, random } from "../../packages/scoring/test/random.ts";
import { randomEnsemble } from "../../packages/scoring/test/random-ensemble.ts";
import { treeModel } from "../../packages/scoring/test/tree-model.ts";

export const FEATURES = 20;

export interface BenchModel {
  name: string;
  bytes: Uint8Array;
  /** Rows for a full run, so that the slowest engine takes seconds and not minutes. */
  rowCount: number;
}

const input = { name: "x", type: "float" as const, shape: [-1, FEATURES] };
const output = { name: "y", type: "float" as const, shape: [-1, 1] };
const normals = (count: number, chance: Random) =>
  Array.from({ length: count }, () => chance.normal());

function linear(): Uint8Array {
  const chance = random(1);
  const coefficients = { floats: normals(FEATURES, chance) };
  return writeModel({
    inputs: [input],
    outputs: [output],
    nodes: [
      {
        op: "LinearRegressor",
        domain: "ai.onnx.ml",
        inputs: ["x"],
        outputs: ["y"],
        attributes: { coefficients, intercepts: { floats: [0.5] }, targets: { int: 1 } },
      },
    ],
  });
}

/** Thresholds as a histogram booster leaves them: at most 255 per feature, at quantiles of the data. */
function trees(treeCount: number, leafCount: number): Uint8Array {
  const shape = {
    treeCount,
    leafCount,
    featureCount: FEATURES,
    thresholdCount: 255,
    targetCount: 1,
    equalShare: 0,
    nanRightShare: 0,
  };
  const ensemble = randomEnsemble(shape, random(2));
  return treeModel(ensemble, { featureCount: FEATURES, modes: ["BRANCH_LEQ"] }, random(3));
}

function perceptron(sizes: readonly number[]): Uint8Array {
  const chance = random(4);
  const layers = sizes.slice(1).map((width, i) => ({ from: sizes[i] as number, width, i }));
  const last = layers.length - 1;
  return writeModel({
    inputs: [input],
    outputs: [output],
    initializers: Object.fromEntries(
      layers.flatMap(({ from, width, i }) => [
        [
          `w${i}`,
          {
            dims: [from, width],
            floats: normals(from * width, chance).map((w) => w / Math.sqrt(from)),
          },
        ],
        [`b${i}`, { dims: [width], floats: normals(width, chance) }],
      ]),
    ),
    nodes: layers.flatMap(({ i }) => {
      const [source, sum] = [i === 0 ? "x" : `h${i - 1}`, i === last ? "y" : `s${i}`];
      const gemm = { op: "Gemm", inputs: [source, `w${i}`, `b${i}`], outputs: [sum] };
      return i === last ? [gemm] : [gemm, { op: "Relu", inputs: [sum], outputs: [`h${i}`] }];
    }),
  });
}

const fixture = (name: string) =>
  readFileSync(new URL(`../../packages/scoring/models/${name}.onnx`, import.meta.url));

export function benchModels(): BenchModel[] {
  return [
    { name: "linear 20", bytes: linear(), rowCount: 2_000_000 },
    { name: "1 × 31 leaves", bytes: trees(1, 31), rowCount: 2_000_000 },
    { name: "10 × 16 leaves", bytes: trees(10, 16), rowCount: 2_000_000 },
    { name: "100 × 31 leaves", bytes: trees(100, 31), rowCount: 2_000_000 },
    { name: "300 × 63 leaves", bytes: trees(300, 63), rowCount: 500_000 },
    { name: "MLP 20-64-64-1", bytes: perceptron([20, 64, 64, 1]), rowCount: 2_000_000 },
    { name: "sklearn pipeline", bytes: fixture("pipeline-boosting"), rowCount: 500_000 },
  ];
}
