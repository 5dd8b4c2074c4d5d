// Lists of an attribute, each element a field of its own as skl2onnx writes them, or packed as onnxmltools does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readAttribute } from "./attribute.ts";

const varint = (value: bigint): number[] => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
};
const floatBytes = (value: number) => [...new Uint8Array(Float32Array.of(value).buffer)];
const textBytes = (value: string) => [...new TextEncoder().encode(value)];
const sized = (bytes: readonly number[]) => [...varint(BigInt(bytes.length)), ...bytes];

const ints = [0n, 1n, 127n, 128n, 16_383n, 16_384n, -1n, 2n ** 53n + 1n, -(2n ** 63n), 5n];
const floats = [0, 1.5, -0.25, 3e38, Number.POSITIVE_INFINITY];
const strings = ["LEAF", "BRANCH_LEQ", "LEAF", "", "LEAX", "LEAF", "Zürich"];
const key = {
  floats: 7 * 8 + 5,
  ints: 8 * 8,
  strings: 9 * 8 + 2,
  packedFloats: 58,
  packedInts: 66,
};

const single = [
  ...ints.flatMap((value) => [key.ints, ...varint(value)]),
  ...floats.flatMap((value) => [key.floats, ...floatBytes(value)]),
  ...strings.flatMap((value) => [key.strings, ...sized(textBytes(value))]),
];
const packed = [
  ...[key.packedInts, ...sized(ints.flatMap(varint))],
  ...[key.packedFloats, ...sized(floats.flatMap(floatBytes))],
  ...strings.flatMap((value) => [key.strings, ...sized(textBytes(value))]),
];
const name = [10, ...sized(textBytes("list"))];
const half = ints.length / 2;
const parted = [
  ...[key.packedInts, ...sized(ints.slice(0, half).flatMap(varint))],
  ...name,
  ...[key.packedInts, ...sized(ints.slice(half, half + 2).flatMap(varint))],
  ...[key.packedInts, ...sized([])],
  ...ints.slice(half + 2).flatMap((value) => [key.ints, ...varint(value)]),
  ...floats.flatMap((value) => [key.floats, ...floatBytes(value)]),
  ...strings.flatMap((value) => [key.strings, ...sized(textBytes(value))]),
];

const read = (bytes: readonly number[]) => {
  const whole = Uint8Array.from([255, ...bytes, 255]);
  const message = { bytes: whole, start: 1, end: whole.length - 1, what: "an attribute" };
  return readAttribute(message, () => assert.fail("there is no graph"));
};

for (const [what, bytes] of [
  ["fields of their own", [...name, ...single]],
  ["packed", [...name, ...packed]],
  ["some so and some so", parted],
] as const) {
  test(`lists whose elements are ${what} are read`, () => {
    const attribute = read(bytes);
    assert.equal(attribute.name, "list");
    assert.deepEqual(attribute.ints, ints);
    assert.deepEqual(attribute.integers, ints.map(Number));
    assert.deepEqual(attribute.floats, floats.map(Math.fround));
    assert.deepEqual(attribute.strings, strings);
  });
}

for (const [what, bytes, message] of [
  ["a number that does not end", [key.ints, 1, key.ints, 255], /ends inside a number/],
  ["a number of eleven bytes", [key.ints, 1, key.ints, ...new Array(11).fill(255)], /longer/],
  ["a float that does not end", [key.floats, 0, 0, 0, 0, key.floats, 0], /claims 4 bytes/],
  ["a text that does not end", [key.strings, 0, key.strings, 9, 65], /claims 9 bytes/],
] as const) {
  test(`a list with ${what} is corrupt before it is asked for`, () => {
    assert.throws(() => read(bytes), { code: "CorruptModel", message });
  });
}

for (const [what, bytes, list] of [
  ["packed number that does not end", [key.packedInts, 1, 255], "integers"],
  ["packed float that does not end", [key.packedFloats, 3, 0, 0, 0], "floats"],
  ["list of integers that are texts", [8 * 8 + 5, 0, 0, 0, 0], "ints"],
  ["list of floats that are integers", [7 * 8, 1], "floats"],
] as const) {
  test(`a ${what} is corrupt`, () => {
    assert.throws(() => read(bytes)[list], { code: "CorruptModel" });
  });
}
