import assert from "node:assert/strict";
import { test } from "node:test";
import { differences } from "../test/difference.ts";
import { modelNames, type RowStyle, randomColumns, readFixture } from "../test/fixture.ts";
import { random } from "../test/random.ts";
import { writeModel } from "./onnx/write-model.ts";
import { openScorer } from "./scorer.ts";

const styles: readonly (readonly [what: string, style: RowStyle])[] = [
  ["small numbers", { scale: 0.05, edgeShare: 0, nullShare: 0 }],
  ["numbers", { scale: 2, edgeShare: 0, nullShare: 0 }],
  ["large numbers", { scale: 20, edgeShare: 0, nullShare: 0 }],
  ["odd numbers", { scale: 1, edgeShare: 0.1, nullShare: 0 }],
  ["NULLs", { scale: 1, edgeShare: 0.02, nullShare: 0.2 }],
];

for (const name of modelNames()) {
  test(`${name} scores as ONNX Runtime does`, () => {
    const bytes = readFixture(name);
    const scorer = openScorer(bytes);
    const oracle = openScorer(bytes, { engine: "onnxruntime" });
    for (const [what, style] of styles) {
      const rowCount = 700;
      const columns = randomColumns(scorer.columns, rowCount, random(11), style);
      const actual = scorer.score(columns, rowCount);
      const expected = oracle.score(columns, rowCount);
      assert.deepEqual(actual.validity, expected.validity);
      assert.deepEqual(differences(actual, expected), [], `${what}, ${scorer.kind}`);
    }
    scorer.close();
    oracle.close();
  });
}

function layers(sizes: readonly number[]): Uint8Array {
  const tenths = (length: number) => new Array<number>(length).fill(0.1);
  const tables = sizes.slice(1).map((to, i) => ({ name: `w${i}`, dims: [sizes[i] as number, to] }));
  return writeModel({
    inputs: [{ name: "t0", type: "float", shape: [-1, sizes[0] as number] }],
    outputs: [{ name: `t${tables.length}`, type: "float", shape: [-1, sizes.at(-1) as number] }],
    initializers: Object.fromEntries(
      tables.map(({ name, dims }) => [name, { dims, floats: tenths(dims[0]! * dims[1]!) }]),
    ),
    nodes: tables.map(({ name }, i) => ({
      ...{ op: "MatMul", inputs: [`t${i}`, name], outputs: [`t${i + 1}`] },
    })),
  });
}

const sizesAndKinds: readonly (readonly [sizes: readonly number[], kind: string])[] = [
  [[20, 40, 1], "graph"],
  [[20, 80, 1], "onnxruntime"],
  [[2000, 1], "linear"],
  [[2100, 1], "onnxruntime"],
];
for (const [sizes, kind] of sizesAndKinds) {
  test(`layers of ${sizes.join(", ")} columns run as ${kind}`, () => {
    const scorer = openScorer(layers(sizes));
    assert.equal(scorer.kind, kind);
  });
}

test("promised ranges drop branches and columns, and score rows inside them alike", () => {
  const bytes = readFixture("tree-diabetes");
  const plain = openScorer(bytes);
  const ranges = plain.columns.map(() => ({ min: -0.01, max: 0.01, mayBeMissing: false }));
  const narrow = openScorer(bytes, { ranges });
  const used = (scorer: typeof plain) => scorer.columns.filter(({ isUsed }) => isUsed).length;
  assert.ok(used(narrow) < used(plain));
  const chance = random(2);
  const columns = plain.columns.map(() => ({
    values: Float32Array.from({ length: 200 }, () => (chance.next() - 0.5) / 50),
  }));
  assert.deepEqual(differences(narrow.score(columns, 200), plain.score(columns, 200)), []);
});

test("unused columns may be left out, used ones may not", () => {
  const scorer = openScorer(readFixture("tree-diabetes"));
  const columns = scorer.columns.map(({ isUsed }) =>
    isUsed ? { values: new Float32Array(3) } : null,
  );
  assert.ok(columns.includes(null));
  assert.equal(scorer.score(columns, 3).outputs[0]?.values.length, 3);
  columns[columns.findIndex((column) => column !== null)] = null;
  assert.throws(() => scorer.score(columns, 3), { code: "InvalidColumn", message: /missing/ });
});

test("an integer or text column that is NULL leaves its rows without a score", () => {
  const scorer = openScorer(readFixture("pipeline-ridge"));
  const columns = [
    { values: Float32Array.of(1, 2, 3), validity: Uint8Array.of(0b110) },
    { values: Float32Array.of(1, 2, 3) },
    { values: BigInt64Array.of(1n, 2n, 3n), validity: Uint8Array.of(0b101) },
    { values: ["Delft", "Gouda", ""], validity: Uint8Array.of(0b011) },
  ];
  const validity = scorer.score(columns, 3).validity as Uint8Array;
  assert.equal((validity[0] as number) & 0b111, 0b001);
});

const refused: readonly (readonly [
  what: string,
  columns: (length: number) => unknown[],
  message: RegExp,
])[] = [
  ["too few columns", () => [], /reads 10 columns; 0 were given/],
  [
    "doubles for floats",
    () => Array(10).fill({ values: new Float64Array(9) }),
    /'input' does not hold float/,
  ],
  [
    "too few rows",
    (length) => Array(10).fill({ values: new Float32Array(length - 1) }),
    /has 8 rows where 9/,
  ],
];
for (const [what, columns, message] of refused) {
  test(`${what} are refused by name`, () => {
    const scorer = openScorer(readFixture("linear-diabetes"));
    assert.throws(() => scorer.score(columns(9) as never, 9), { code: "InvalidColumn", message });
  });
}

test("an input that is no table of scalars is refused by its shape", () => {
  const image = writeModel({
    inputs: [{ name: "image", type: "float", shape: [-1, 3, 8, 8] }],
    outputs: [{ name: "y", type: "float", shape: [-1, 3, 8, 8] }],
    nodes: [{ op: "Relu", inputs: ["image"], outputs: ["y"] }],
  });
  const scorer = openScorer(image);
  assert.equal(scorer.inputs[0]?.width, 0);
  const message = /Input 'image' has shape \[\?, 3, 8, 8\], which no column can feed/;
  assert.throws(() => scorer.score([], 1), { code: "InvalidColumn", message });
});

test("an output that is no column is refused by name", () => {
  const scorer = openScorer(readFixture("logistic-iris-zipmap"));
  const columns = scorer.columns.map(() => ({ values: new Float32Array(1) }));
  assert.throws(() => scorer.score(columns, 1, ["output_probability"]), {
    message: /it is a sequence/,
  });
  assert.throws(() => scorer.score(columns, 1, ["nothing"]), { message: /no output 'nothing'/ });
});

test("a model that ONNX Runtime cannot read is corrupt, an unknown operator unsupported", () => {
  const text = (bytes: Uint8Array, from: string, to: string) => {
    const copy = Buffer.from(bytes);
    copy.write(to, copy.indexOf(from), "latin1");
    return copy;
  };
  const svm = readFixture("svm-iris");
  assert.throws(() => openScorer(text(svm, "SVMClassifier", "SVMClassifieX")), {
    code: "UnsupportedModel",
  });
  const dangling = writeModel({
    inputs: [{ name: "x", type: "float", shape: [-1, 1] }],
    outputs: [{ name: "y", type: "float", shape: [-1, 1] }],
    nodes: [{ op: "Erf", inputs: ["nothing"], outputs: ["y"] }],
  });
  assert.throws(() => openScorer(dangling), { code: "CorruptModel", message: /nothing/ });
});

/** A model of versions of ai.onnx, ai.onnx.ml and the file format. */
function versioned(opset: number, machineLearningOpset: number, irVersion: number): Uint8Array {
  const bytes = writeModel({
    inputs: [{ name: "x", type: "float", shape: [-1, 1] }],
    outputs: [{ name: "y", type: "float", shape: [-1, 1] }],
    nodes: [{ op: "Abs", inputs: ["x"], outputs: ["y"] }],
    opset,
    machineLearningOpset,
  });
  // The first field.
  bytes[1] = irVersion;
  return bytes;
}

test("models of the latest versions that ONNX Runtime loads are compiled, later ones refused", () => {
  assert.equal(openScorer(versioned(26, 5, 13)).reason, null);
  openScorer(versioned(26, 5, 13), { engine: "onnxruntime" }).close();
  for (const later of [versioned(27, 5, 13), versioned(26, 6, 13), versioned(26, 5, 14)]) {
    assert.throws(() => openScorer(later), { code: "UnsupportedModel" });
  }
});
