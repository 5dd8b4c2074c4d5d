// CRC-64/NVME, which Azure Storage sends as x-ms-content-crc64 (eight bytes, least first). Sixteen
// table look-ups for sixteen bytes in WebAssembly: four times what plain JavaScript reaches.

const polynomial = 0x9a6c9329ac4bc9b5n;
const ones = 0xffffffffffffffffn;
const sliceCount = 16;
const tableBytes = sliceCount * 256 * 8;
const windowBytes = 256 * 1024;
const pageBytes = 65536;

export interface Crc64 {
  update(bytes: Uint8Array): void;
  /** Eight bytes, least significant first. */
  digest(): Buffer;
}

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Folds the `length` bytes of the window (a multiple of 16, then the rest singly) into `crc`. */
  fold(length: number, crc: bigint): bigint;
}

let kernel: { run: Kernel["fold"]; window: Uint8Array } | undefined;

export function createCrc64(): Crc64 {
  kernel ??= openKernel();
  const { run, window } = kernel;
  let crc = ones;
  return {
    update(bytes) {
      for (let from = 0; from < bytes.length; from += windowBytes) {
        const part = bytes.subarray(from, from + windowBytes);
        window.set(part);
        crc = BigInt.asUintN(64, run(part.length, crc));
      }
    },
    digest() {
      const digest = Buffer.alloc(8);
      digest.writeBigUInt64LE(crc ^ ones);
      return digest;
    },
  };
}

function openKernel() {
  const module = new WebAssembly.Module(Uint8Array.from(moduleBytes()));
  const { exports } = new WebAssembly.Instance(module, {} as never);
  const { memory, fold } = exports as unknown as Kernel;
  writeTables(new BigUint64Array(memory.buffer, 0, sliceCount * 256));
  return { run: fold, window: new Uint8Array(memory.buffer, tableBytes, windowBytes) };
}

/** Table k folds a byte that lies k bytes before the end of what is folded at once. */
function writeTables(tables: BigUint64Array): void {
  for (let byte = 0; byte < 256; byte += 1) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) {
      value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    }
    tables[byte] = value;
  }
  for (let index = 256; index < sliceCount * 256; index += 1) {
    const before = tables[index - 256] as bigint;
    tables[index] = (before >> 8n) ^ (tables[Number(before & 0xffn)] as bigint);
  }
}

// The module, assembled by hand: one memory, one function (i32 length, i64 crc) → i64.
const i32 = 0x7f;
const i64 = 0x7e;
const op = {
  block: [0x02, 0x40],
  loop: [0x03, 0x40],
  end: [0x0b],
  brIf: (depth: number) => [0x0d, depth],
  br: (depth: number) => [0x0c, depth],
  get: (local: number) => [0x20, local],
  set: (local: number) => [0x21, local],
  i32Const: (value: number) => [0x41, ...signed(value)],
  i64Const: (value: number) => [0x42, ...signed(value)],
  i32Add: [0x6a],
  i32And: [0x71],
  i32NotLess: [0x4f],
  i32ShiftLeft: [0x74],
  i64And: [0x83],
  i64Xor: [0x85],
  i64ShiftRight: [0x88],
  i32Wrap: [0xa7],
  i64Load: (offset: number) => [0x29, 3, ...unsigned(offset)],
  i64Load8: (offset: number) => [0x31, 0, ...unsigned(offset)],
};
const local = { length: 0, crc: 1, at: 2, low: 3, high: 4, last: 5 };

function moduleBytes(): number[] {
  const pages = Math.ceil((tableBytes + windowBytes) / pageBytes);
  // Locals: at (i32), low and high (i64), last (i32).
  const code = [3, 1, i32, 2, i64, 1, i32, ...foldBody()];
  return [
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 2, i32, i64, 1, i64]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, ...unsigned(pages)]),
    ...section(7, [2, ...text("memory"), 2, 0, ...text("fold"), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ];
}

function foldBody(): number[] {
  const look = (value: number, shift: number, table: number) => [
    ...op.get(value),
    ...(shift === 0 ? [] : [...op.i64Const(shift), ...op.i64ShiftRight]),
    ...op.i64Const(255),
    ...op.i64And,
    ...op.i32Wrap,
    ...op.i32Const(3),
    ...op.i32ShiftLeft,
    ...op.i64Load(table * 2048),
  ];
  const looks: number[] = [];
  for (let byte = 0; byte < sliceCount; byte += 1) {
    const value = byte < 8 ? local.low : local.high;
    looks.push(...look(value, (byte % 8) * 8, sliceCount - 1 - byte));
    if (byte > 0) looks.push(...op.i64Xor);
  }
  return [
    // last = length & ~15, so that whole slices go first.
    ...[...op.get(local.length), ...op.i32Const(-16), ...op.i32And, ...op.set(local.last)],
    ...op.block,
    ...op.loop,
    ...[...op.get(local.at), ...op.get(local.last), ...op.i32NotLess, ...op.brIf(1)],
    ...[...op.get(local.at), ...op.i64Load(tableBytes), ...op.get(local.crc), ...op.i64Xor],
    ...op.set(local.low),
    ...[...op.get(local.at), ...op.i64Load(tableBytes + 8), ...op.set(local.high)],
    ...looks,
    ...op.set(local.crc),
    ...[...op.get(local.at), ...op.i32Const(16), ...op.i32Add, ...op.set(local.at)],
    ...op.br(0),
    ...op.end,
    ...op.end,
    ...op.block,
    ...op.loop,
    ...[...op.get(local.at), ...op.get(local.length), ...op.i32NotLess, ...op.brIf(1)],
    ...[...op.get(local.at), ...op.i64Load8(tableBytes), ...op.get(local.crc), ...op.i64Xor],
    ...op.set(local.low),
    ...look(local.low, 0, 0),
    ...[...op.get(local.crc), ...op.i64Const(8), ...op.i64ShiftRight, ...op.i64Xor],
    ...op.set(local.crc),
    ...[...op.get(local.at), ...op.i32Const(1), ...op.i32Add, ...op.set(local.at)],
    ...op.br(0),
    ...op.end,
    ...op.end,
    ...op.get(local.crc),
    ...op.end,
  ];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function text(name: string): number[] {
  return [name.length, ...Buffer.from(name)];
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const byte = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? byte : byte | 0x80);
  } while (rest !== 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    const isLast = (rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0);
    bytes.push(isLast ? byte : byte | 0x80);
    if (isLast) return bytes;
  }
}
