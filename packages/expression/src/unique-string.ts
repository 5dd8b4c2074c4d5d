// The two hashes of templates. guid() is a version-5 UUID (RFC 4122 4.3) in a fixed namespace over
// the arguments joined by '-' (Bicep's string function page states the rule). uniqueString() is a
// 64-bit Murmur hash of the same text in base 32, as the azapi provider of Azure publishes it
// (function unique_string, checked against its vector). One doubt: with 5 to 7 bytes left over, that
// code negates a word that is negative; here the word keeps its bits, as a .NET cast would.
import { utf8Bytes } from "./encoding.ts";

const guidNamespace = "11fb06fb-712d-4ddd-98c7-e71bbd588830";
const base32Digits = "abcdefghijklmnopqrstuvwxyz234567";

/** Thirteen lower-case letters and digits. */
export function uniqueStringOf(parts: readonly string[]): string {
  let rest = murmurHash64(utf8Bytes(parts.join("-")));
  let text = "";
  for (let i = 0; i < 13; i++) {
    text += base32Digits[Number(rest >> 59n)];
    rest = BigInt.asUintN(64, rest << 5n);
  }
  return text;
}

/** In lower case with hyphens. */
export function guidOf(parts: readonly string[]): string {
  const name = utf8Bytes(parts.join("-"));
  const message = new Uint8Array(16 + name.length);
  const namespace = guidNamespace.replaceAll("-", "").match(/../g)!;
  message.set(namespace.map((hex) => Number.parseInt(hex, 16)));
  message.set(name, 16);
  const hash = sha1(message);
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = Array.from(hash.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const firstFactor = 0x239b961b;
const secondFactor = 0xab0e9789;

function murmurHash64(bytes: Uint8Array): bigint {
  let [h1, h2] = [0, 0];
  const blocksEnd = bytes.length - (bytes.length % 8);
  for (let at = 0; at < blocksEnd; at += 8) {
    h1 ^= mix(littleEndian(bytes, at, 4), { first: firstFactor, turn: 15, second: secondFactor });
    h1 = Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b;
    h2 ^= mix(littleEndian(bytes, at + 4, 4), {
      first: secondFactor,
      turn: 17,
      second: firstFactor,
    });
    h2 = Math.imul(rotate(h2, 13) + h1, 5) + 0x0bcaa747;
  }
  const tail = bytes.length - blocksEnd;
  if (tail > 0) {
    const low = littleEndian(bytes, blocksEnd, Math.min(tail, 4));
    h1 ^= mix(low, { first: firstFactor, turn: 15, second: secondFactor });
  }
  if (tail > 4) {
    const high = littleEndian(bytes, blocksEnd + 4, tail - 4);
    h2 ^= mix(high, { first: secondFactor, turn: 17, second: firstFactor });
  }
  h1 ^= bytes.length;
  h2 ^= bytes.length;
  h1 = (h1 + h2) | 0;
  h2 = (h2 + h1) | 0;
  h1 = finish(h1);
  h2 = finish(h2);
  h1 = (h1 + h2) | 0;
  h2 = (h2 + h1) | 0;
  return (BigInt(h2 >>> 0) << 32n) | BigInt(h1 >>> 0);
}

function mix(
  word: number,
  { first, turn, second }: { first: number; turn: number; second: number },
): number {
  return Math.imul(rotate(Math.imul(word, first), turn), second);
}

function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function littleEndian(bytes: Uint8Array, start: number, count: number): number {
  let word = 0;
  for (let i = 0; i < count; i++) word |= bytes[start + i]! << (8 * i);
  return word;
}

/** FIPS 180-4. */
function sha1(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(((message.length + 72) >> 6) << 6);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  const schedule = new Int32Array(80);
  for (let block = 0; block < padded.length; block += 64) {
    for (let t = 0; t < 80; t++) {
      schedule[t] =
        t < 16
          ? view.getInt32(block + t * 4)
          : rotate(schedule[t - 3]! ^ schedule[t - 8]! ^ schedule[t - 14]! ^ schedule[t - 16]!, 1);
    }
    let [a, b, c, d, e] = state as unknown as [number, number, number, number, number];
    for (let t = 0; t < 80; t++) {
      const next = (rotate(a, 5) + roundFunction(t, b, c, d) + e + schedule[t]!) | 0;
      [a, b, c, d, e] = [next, a, rotate(b, 30), c, d];
    }
    [a, b, c, d, e].forEach((word, i) => {
      state[i] = state[i]! + word;
    });
  }
  const digest = new DataView(new ArrayBuffer(20));
  state.forEach((word, i) => {
    digest.setInt32(i * 4, word);
  });
  return new Uint8Array(digest.buffer);
}

function roundFunction(t: number, b: number, c: number, d: number): number {
  if (t < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (t < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (t < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}
