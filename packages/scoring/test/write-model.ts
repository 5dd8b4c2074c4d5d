// Writes small ONNX files for tests and benches. Source: onnx/onnx.proto field numbers.

type Bytes = number[];

function varint(value: number | bigint): Bytes {
  let rest = BigInt.asUintN(64, BigInt(value));
  const out: Bytes = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    out.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return out;
}

const field = (number: number, payload: ArrayLike<number>): Bytes => {
  const out = [...varint(number * 8 + 2), ...varint(payload.length)];
  for (let i = 0; i < payload.length; i += 1) out.push(payload[i] as number);
  return out;
};
const number = (at: number, value: number | bigint): Bytes => [...varint(at * 8), ...varint(value)];
const text = (at: number, value: string): Bytes => field(at, new TextEncoder().encode(value));
const floatBytes = (values: Iterable<number>): Bytes => [
  ...new Uint8Array(Float32Array.from(values).buffer),
];

interface TensorSpec {
  dims: number[];
  floats?: readonly number[];
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
  inputs: string[];
  outputs: string[];
  attributes?: Record<string, AttributeSpec>;
}

interface ValueSpec {
  name: string;
  type: "float" | "int64" | "string" | "double" | "int32";
  /** -1 is an open dimension. */
  shape: number[];
}

export interface ModelSpec {
  inputs: ValueSpec[];
  outputs: ValueSpec[];
  nodes: NodeSpec[];
  initializers?: Record<string, TensorSpec>;
  opset?: number;
  machineLearningOpset?: number;
}

const typeCodes = { float: 1, uint8: 2, int32: 6, int64: 7, string: 8, double: 11 } as const;

function tensor(spec: TensorSpec, name = ""): Bytes {
  const dims = spec.dims.flatMap((dim) => number(1, dim));
  if (spec.floats)
    return [...dims, ...number(2, 1), ...text(8, name), ...field(9, floatBytes(spec.floats))];
  if (spec.uint8s) return [...dims, ...number(2, 2), ...text(8, name), ...field(9, spec.uint8s)];
  const raw = new Uint8Array(BigInt64Array.from((spec.int64s ?? []).map(BigInt)).buffer);
  return [...dims, ...number(2, 7), ...text(8, name), ...field(9, raw)];
}

function attribute(name: string, spec: AttributeSpec): Bytes {
  const head = text(1, name);
  if (typeof spec === "number") {
    return [...head, ...varint(2 * 8 + 5), ...floatBytes([spec]), ...number(20, 1)];
  }
  if (typeof spec === "string") return [...head, ...text(4, spec), ...number(20, 3)];
  if ("int" in spec) return [...head, ...number(3, spec.int), ...number(20, 2)];
  if ("tensor" in spec) return [...head, ...field(5, tensor(spec.tensor)), ...number(20, 4)];
  if ("floats" in spec) return [...head, ...field(7, floatBytes(spec.floats)), ...number(20, 6)];
  if ("ints" in spec) return [...head, ...field(8, spec.ints.flatMap(varint)), ...number(20, 7)];
  return [...head, ...spec.strings.flatMap((item) => text(9, item)), ...number(20, 8)];
}

function node(spec: NodeSpec): Bytes {
  return [
    ...spec.inputs.flatMap((name) => text(1, name)),
    ...spec.outputs.flatMap((name) => text(2, name)),
    ...text(4, spec.op),
    ...Object.entries(spec.attributes ?? {}).flatMap(([name, value]) =>
      field(5, attribute(name, value)),
    ),
    ...text(7, spec.domain ?? ""),
  ];
}

function value({ name, type, shape }: ValueSpec): Bytes {
  const dims = shape.flatMap((dim) => field(1, dim < 0 ? text(2, "N") : number(1, dim)));
  const tensorType = [...number(1, typeCodes[type]), ...field(2, dims)];
  return [...text(1, name), ...field(2, field(1, tensorType))];
}

export function writeModel(spec: ModelSpec): Uint8Array {
  const graph: Bytes = [];
  const push = (bytes: Bytes) => {
    for (const byte of bytes) graph.push(byte);
  };
  for (const one of spec.nodes) push(field(1, node(one)));
  push(text(2, "test"));
  for (const [name, one] of Object.entries(spec.initializers ?? {}))
    push(field(5, tensor(one, name)));
  for (const one of spec.inputs) push(field(11, value(one)));
  for (const one of spec.outputs) push(field(12, value(one)));
  const opset = (domain: string, version: number) =>
    field(8, [...text(1, domain), ...number(2, version)]);
  const head = [...number(1, 8), ...opset("", spec.opset ?? 17)];
  const more = opset("ai.onnx.ml", spec.machineLearningOpset ?? 3);
  return Uint8Array.from([...head, ...more, ...field(7, graph)]);
}
