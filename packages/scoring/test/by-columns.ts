// A model over one matrix input, rewritten to take its columns one by one, as PREDICT gives them.
// Source: onnx/onnx.proto field numbers.
import { writeModel } from "../src/onnx/write-model.ts";

interface Field {
  number: number;
  /** The whole field, tag included. */
  whole: Uint8Array;
  /** What a length-delimited field holds. */
  payload: Uint8Array;
}

const graphField = 7;
const nodeField = 1;
const inputField = 11;

function readVarint(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at] as number;
    at += 1;
    value += (byte & 0x7f) * scale;
    if (byte < 128) return { value, next: at };
  }
}

function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  for (let at = 0; at < bytes.length; ) {
    const tag = readVarint(bytes, at);
    const value = readVarint(bytes, tag.next);
    const isBytes = tag.value % 8 === 2;
    const end = isBytes ? value.next + value.value : value.next;
    yield {
      number: Math.floor(tag.value / 8),
      whole: bytes.subarray(at, end),
      payload: isBytes ? bytes.subarray(value.next, end) : new Uint8Array(),
    };
    at = end;
  }
}

function delimited(number: number, payload: Uint8Array): Uint8Array {
  const head: number[] = [number * 8 + 2];
  let rest = payload.length;
  for (; rest > 127; rest = Math.floor(rest / 128)) head.push((rest % 128) + 128);
  return Buffer.concat([Uint8Array.from([...head, rest]), payload]);
}

/** `input` of shape [rows, width] becomes `c0`, `c1`, …; a Concat in front makes it of them. */
export function byColumns(model: Uint8Array, width: number, input = "x"): Uint8Array {
  const names = Array.from({ length: width }, (_, index) => `c${index}`);
  const front = writeModel({
    inputs: names.map((name) => ({ name, type: "float", shape: [-1, 1] })),
    outputs: [],
    nodes: [{ op: "Concat", inputs: names, outputs: [input], attributes: { axis: { int: 1 } } }],
  });
  const graphOf = (bytes: Uint8Array) =>
    [...fieldsOf(bytes)].find(({ number }) => number === graphField) as Field;
  const added = [...fieldsOf(graphOf(front).payload)].filter(
    ({ number }) => number === nodeField || number === inputField,
  );
  const kept = [...fieldsOf(graphOf(model).payload)].filter(({ number }) => number !== inputField);
  const graph = Buffer.concat([...added, ...kept].map(({ whole }) => whole));
  const rest = [...fieldsOf(model)].filter(({ number }) => number !== graphField);
  return new Uint8Array(
    Buffer.concat([...rest.map(({ whole }) => whole), delimited(graphField, graph)]),
  );
}
