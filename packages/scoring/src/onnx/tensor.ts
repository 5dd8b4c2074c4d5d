// TensorProto: constants inside a model. Source: onnx/onnx.proto (field numbers), onnx/docs/IR.md.
import { corrupt, ModelError } from "../model-error.ts";
import {
  asBytes,
  asInteger,
  asText,
  type Field,
  fieldsOf,
  listDoubles,
  listFloats,
  listInt64s,
  type Message,
} from "./wire.ts";

/** ONNX element types by number; the names are the ones that `tensor(…)` prints. */
const elementTypes = [
  "undefined",
  "float",
  "uint8",
  "int8",
  "uint16",
  "int16",
  "int32",
  "int64",
  "string",
  "bool",
  "float16",
  "double",
  "uint32",
  "uint64",
  "complex64",
  "complex128",
  "bfloat16",
] as const;

export type ElementType = (typeof elementTypes)[number] | "other";

export function elementTypeOf(code: number): ElementType {
  return elementTypes[code] ?? "other";
}

export type TensorData = Float32Array | Float64Array | BigInt64Array | Int32Array | string[];

export interface Tensor {
  name: string;
  type: ElementType;
  dims: number[];
  /** Null for element types that only ONNX Runtime computes with (float16, uint8, …). */
  data: TensorData | null;
}

interface RawTensor {
  name: string;
  typeCode: number;
  dims: number[];
  floats: number[];
  doubles: number[];
  ints: bigint[];
  strings: string[];
  raw: Uint8Array | null;
}

/** Dimensions, floats, integers of 32 and 64 bits, doubles. */
const lists = new Set([1, 4, 5, 7, 10]);

/** Decodes a TensorProto. Throws `CorruptModel` when data and dims disagree, and refuses external data. */
export function readTensor(message: Message): Tensor {
  const tensor: RawTensor = {
    name: "",
    typeCode: 0,
    dims: [],
    floats: [],
    doubles: [],
    ints: [],
    strings: [],
    raw: null,
  };
  for (const field of fieldsOf(message, lists)) readField(message, field, tensor);
  const what = `tensor '${tensor.name}'`;
  const type = elementTypeOf(tensor.typeCode);
  if (type === "undefined") throw corrupt(`${what} has no element type`);
  let count = 1;
  for (const dim of tensor.dims) {
    if (dim < 0) throw corrupt(`${what} has the negative dimension ${dim}`);
    count *= dim;
  }
  const data = dataOf(tensor, type);
  if (data !== null && data.length !== count) {
    throw corrupt(`${what} has ${data.length} elements where its shape needs ${count}`);
  }
  return { name: tensor.name, type, dims: tensor.dims, data };
}

function readField(message: Message, field: Field, tensor: RawTensor): void {
  switch (field.number) {
    case 1: {
      const dims: bigint[] = [];
      listInt64s(message, field, dims);
      for (const dim of dims) tensor.dims.push(Number(dim));
      if (tensor.dims.length > 64) throw corrupt(`${message.what} has more than 64 dimensions`);
      return;
    }
    case 2:
      tensor.typeCode = asInteger(message, field);
      return;
    case 4:
      listFloats(message, field, tensor.floats);
      return;
    case 5:
    case 7:
      listInt64s(message, field, tensor.ints);
      return;
    case 6:
      tensor.strings.push(asText(message, field));
      return;
    case 8:
      tensor.name = asText(message, field);
      return;
    case 9:
      tensor.raw = asBytes(message, field);
      return;
    case 10:
      listDoubles(message, field, tensor.doubles);
      return;
    case 13:
      throw new ModelError("UnsupportedModel", "The model keeps tensors in external files.");
    case 14:
      if (field.value !== 0n) {
        throw new ModelError("UnsupportedModel", "The model keeps tensors in external files.");
      }
  }
}

function dataOf(tensor: RawTensor, type: ElementType): TensorData | null {
  const { raw } = tensor;
  switch (type) {
    case "float":
      return raw ? new Float32Array(copyOf(raw, 4)) : Float32Array.from(tensor.floats);
    case "double":
      return raw ? new Float64Array(copyOf(raw, 8)) : Float64Array.from(tensor.doubles);
    case "int64":
      return raw ? new BigInt64Array(copyOf(raw, 8)) : BigInt64Array.from(tensor.ints);
    case "int32":
      return raw ? new Int32Array(copyOf(raw, 4)) : Int32Array.from(tensor.ints.map(Number));
    case "bool":
      return Int32Array.from(raw ?? tensor.ints.map(Number));
    case "uint8":
      // Tree modes are bytes (ai.onnx.ml TreeEnsemble 5).
      return Int32Array.from(raw ?? tensor.ints.map(Number));
    case "string":
      return tensor.strings;
    default:
      return null;
  }
}

/** Raw data is little-endian and unaligned in the file; typed arrays want alignment. */
function copyOf(raw: Uint8Array, width: number): ArrayBuffer {
  if (raw.byteLength % width !== 0) throw corrupt("a tensor's raw data is cut short");
  // A Buffer's own slice() shares its pool; this one copies.
  return Uint8Array.prototype.slice.call(raw).buffer as ArrayBuffer;
}
