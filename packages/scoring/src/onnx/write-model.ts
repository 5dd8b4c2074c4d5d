// Writes small ONNX files: graphs of our own for ONNX Runtime (ort/layer-graph.ts), and models for tests and benches.
// The other half is model.ts. Source: onnx/onnx.proto field numbers.

type Bytes = Uint8Array;

const joined = (parts: readonly Bytes[]): Bytes => Buffer.concat(parts);

function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const out: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    out.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return out;
}

const field = (number: number, payload: Bytes): Bytes =>
  joined([Uint8Array.from([...varint(number * 8 + 2), ...varint(payload.length)]), payload]);
const number = (at: number, value: number | bigint): Bytes =>
  Uint8Array.from([...varint(at * 8), ...varint(value)]);
const text = (at: number, value: string): Bytes => field(at, new TextEncoder().encode(value));
const floatBytes = (values: readonly number[] | Float32Array): Bytes => {
  const floats = values instanceof Float32Array ? values : Float32Array.from(values);
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
};

export interface TensorSpec {
  dims: readonly number[];
  floats?: readonly number[] | Float32Array;
  int64s?: readonly number[];
  uint8s?: readonly number[];
}

export type AttributeSpec =
  | number
  | string
  | { int: number }
  | { ints: readonly (number | bigint)[] }
  | { floats: readonly number[] }
  | { strings: readonly string[] }
  | { tensor: TensorSpec };

export interface NodeSpec {
  op: string;
  domain?: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Readonly<Record<string, AttributeSpec>>;
}

export interface ValueSpec {
  name: string;
  type: "float" | "int64" | "string" | "double" | "int32" | "bool";
  /** -1 is an open dimension. */
  shape: readonly number[];
}

export interface ModelSpec {
  inputs: readonly ValueSpec[];
  outputs: readonly ValueSpec[];
  nodes: readonly NodeSpec[];
  initializers?: Readonly<Record<string, TensorSpec>>;
  opset?: number;
  machineLearningOpset?: number;
}

const typeCodes = {
  float: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  double: 11,
} as const;

function tensor(spec: TensorSpec, name = ""): Bytes {
  const dims = spec.dims.map((dim) => number(1, dim));
  const of = (type: keyof typeof typeCodes, raw: Bytes) =>
    joined([...dims, number(2, typeCodes[type]), text(8, name), field(9, raw)]);
  if (spec.floats) return of("float", floatBytes(spec.floats));
  if (spec.uint8s) return of("uint8", Uint8Array.from(spec.uint8s));
  return of("int64", new Uint8Array(BigInt64Array.from((spec.int64s ?? []).map(BigInt)).buffer));
}

function attribute(name: string, spec: AttributeSpec): Bytes {
  const of = (type: number, ...content: Bytes[]) =>
    joined([text(1, name), ...content, number(20, type)]);
  if (typeof spec === "number") {
    return of(1, Uint8Array.from([...varint(2 * 8 + 5), ...floatBytes([spec])]));
  }
  if (typeof spec === "string") return of(3, text(4, spec));
  if ("int" in spec) return of(2, number(3, spec.int));
  if ("tensor" in spec) return of(4, field(5, tensor(spec.tensor)));
  if ("floats" in spec) return of(6, field(7, floatBytes(spec.floats)));
  if ("ints" in spec) return of(7, field(8, Uint8Array.from(spec.ints.flatMap(varint))));
  return of(8, ...spec.strings.map((item) => text(9, item)));
}

function node(spec: NodeSpec): Bytes {
  return joined([
    ...spec.inputs.map((name) => text(1, name)),
    ...spec.outputs.map((name) => text(2, name)),
    text(4, spec.op),
    ...Object.entries(spec.attributes ?? {}).map(([name, value]) =>
      field(5, attribute(name, value)),
    ),
    text(7, spec.domain ?? ""),
  ]);
}

function value({ name, type, shape }: ValueSpec): Bytes {
  const dims = shape.map((dim) => field(1, dim < 0 ? text(2, "N") : number(1, dim)));
  const tensorType = joined([number(1, typeCodes[type]), field(2, joined(dims))]);
  return joined([text(1, name), field(2, field(1, tensorType))]);
}

export function writeModel(spec: ModelSpec): Uint8Array {
  const graph = joined([
    ...spec.nodes.map((one) => field(1, node(one))),
    text(2, "graph"),
    ...Object.entries(spec.initializers ?? {}).map(([name, one]) => field(5, tensor(one, name))),
    ...spec.inputs.map((one) => field(11, value(one))),
    ...spec.outputs.map((one) => field(12, value(one))),
  ]);
  const opset = (domain: string, version: number) =>
    field(8, joined([text(1, domain), number(2, version)]));
  return joined([
    number(1, 8),
    opset("", spec.opset ?? 17),
    opset("ai.onnx.ml", spec.machineLearningOpset ?? 3),
    field(7, graph),
  ]);
}
