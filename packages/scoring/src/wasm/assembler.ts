// A small WebAssembly assembler: expressions are byte arrays that nest like function calls.
// Source: webassembly.github.io/spec (binary format, SIMD and relaxed SIMD opcodes). kernel-*.ts are written in it.

export type Code = readonly number[];
export type ValueType = "i32" | "f32" | "v128";

const typeCodes: Record<ValueType, number> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

/** A local variable of the function being written. */
export interface Local {
  get: Code;
  set(value: Code): Code;
}

export interface FunctionWriter {
  param(index: number): Local;
  i32(): Local;
  f32(): Local;
  v128(): Local;
  /** A vector that is made once, before the body: V8 would put together a constant in a loop on every turn. */
  constant(value: Code): Code;
}

export interface ModuleWriter {
  /** Adds an exported function without result. `call` gives code that calls it. */
  add(
    name: string,
    params: readonly ValueType[],
    body: (writer: FunctionWriter) => Code,
  ): { call(...args: Code[]): Code };
  /** The module's bytes: it imports a shared memory as `env.memory`. */
  bytes(memoryPagesMax: number): Uint8Array<ArrayBuffer>;
}

function unsigned(value: number): number[] {
  const out: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    out.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return out;
}

function signed(value: number): number[] {
  const out: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    out.push(isLast ? low : low | 0x80);
    if (isLast) return out;
  }
}

const vector = (items: readonly number[][]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];
const text = (value: string): number[] => [
  ...unsigned(value.length),
  ...new TextEncoder().encode(value),
];
const section = (id: number, payload: number[]): number[] => [
  id,
  ...unsigned(payload.length),
  ...payload,
];

interface Written {
  name: string;
  params: readonly ValueType[];
  locals: ValueType[];
  body: Code;
}

export function moduleWriter(): ModuleWriter {
  const functions: Written[] = [];
  return {
    add(name, params, body) {
      const locals: ValueType[] = [];
      const localAt = (index: number): Local => ({
        get: [0x20, ...unsigned(index)],
        set: (value) => [...value, 0x21, ...unsigned(index)],
      });
      const local = (type: ValueType) => localAt(params.length + locals.push(type) - 1);
      const constants: number[] = [];
      const code = body({
        param: localAt,
        i32: () => local("i32"),
        f32: () => local("f32"),
        v128: () => local("v128"),
        constant(value) {
          const { get, set } = local("v128");
          constants.push(...set(value));
          return get;
        },
      });
      const index = functions.push({ name, params, locals, body: [...constants, ...code] }) - 1;
      return { call: (...args) => [...args.flat(), 0x10, ...unsigned(index)] };
    },
    bytes: (memoryPagesMax) => assemble(functions, memoryPagesMax),
  };
}

function assemble(functions: readonly Written[], memoryPagesMax: number): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ params }) => [
    0x60,
    ...vector(params.map((type) => [typeCodes[type]])),
    0,
  ]);
  const shared = 3;
  const memory = [...text("env"), ...text("memory"), 2, shared, 1, ...unsigned(memoryPagesMax)];
  const bodies = functions.map(({ locals, body }) => {
    const content = [...vector(locals.map((type) => [1, typeCodes[type]])), ...body, 0x0b];
    return [...unsigned(content.length), ...content];
  });
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types)),
    ...section(2, vector([memory])),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(7, vector(functions.map(({ name }, i) => [...text(name), 0, ...unsigned(i)]))),
    ...section(10, vector(bodies)),
  ]);
}

const operator =
  (...opcode: number[]) =>
  (...operands: Code[]): Code => [...operands.flat(), ...opcode];
const simd = (opcode: number) => operator(0xfd, ...unsigned(opcode));
const access =
  (opcode: number[], align: number) =>
  (address: Code, offset = 0): Code => [...address, ...opcode, align, ...unsigned(offset)];
const storing =
  (opcode: number[], align: number) =>
  (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    ...opcode,
    align,
    ...unsigned(offset),
  ];

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  load: access([0x28], 2),
  load8u: access([0x2d], 0),
  load16u: access([0x2f], 1),
  store: storing([0x36], 2),
  add: operator(0x6a),
  sub: operator(0x6b),
  mul: operator(0x6c),
  and: operator(0x71),
  or: operator(0x72),
  shl: operator(0x74),
  shrU: operator(0x76),
  eq: operator(0x46),
  ltU: operator(0x49),
  gtU: operator(0x4b),
  geU: operator(0x4f),
};

export const f32 = {
  load: access([0x2a], 2),
  store: storing([0x38], 2),
  add: operator(0x92),
  gt: operator(0x5e),
  ne: operator(0x5c),
};

export const v128 = {
  load: access([0xfd, 0], 0),
  store: storing([0xfd, 11], 0),
  load32Splat: access([0xfd, 9], 2),
  load32Zero: access([0xfd, 92], 2),
  load64Zero: access([0xfd, 93], 3),
  /** Replaces lane `lane` of `value` with 1 or 4 bytes from memory. */
  load8Lane: (address: Code, value: Code, lane: number, offset = 0): Code => [
    ...[...address, ...value, 0xfd, 84, 0, ...unsigned(offset), lane],
  ],
  load32Lane: (address: Code, value: Code, lane: number, offset = 0): Code => [
    ...[...address, ...value, 0xfd, 86, 2, ...unsigned(offset), lane],
  ],
  /** Stores 8 bytes of `value`. */
  store64Lane: (address: Code, value: Code, lane: number, offset = 0): Code => [
    ...[...address, ...value, 0xfd, 91, 3, ...unsigned(offset), lane],
  ],
  zero: [0xfd, 12, ...Array<number>(16).fill(0)] as Code,
  /** Sixteen times the same byte. */
  bytes: (value: number): Code => [0xfd, 12, ...Array<number>(16).fill(value & 255)],
  /** Twice the same double. */
  doubles(value: number): Code {
    const bytes = new Uint8Array(Float64Array.of(value, value).buffer);
    return [0xfd, 12, ...bytes];
  },
  and: simd(78),
  not: simd(77),
  /** a & ~b */
  andNot: simd(79),
  or: simd(80),
  xor: simd(81),
  /** Bits of `a` where `mask` is 1, of `b` elsewhere. */
  select: (a: Code, b: Code, mask: Code): Code => [...a, ...b, ...mask, 0xfd, 82],
  shuffle: (a: Code, b: Code, lanes: readonly number[]): Code => [...a, ...b, 0xfd, 13, ...lanes],
};

export const i8x16 = {
  splat: simd(15),
  add: simd(110),
  sub: simd(113),
  addSaturatedU: simd(112),
  gtS: simd(39),
  ltS: simd(37),
  narrow: simd(102),
  narrowSigned: simd(101),
  /** Table look-up whose indices must be 0 to 15 or ≥ 128 (those give 0): there relaxed equals strict. */
  swizzle: simd(0x100),
};

export const i16x8 = { shl: simd(139), shrU: simd(141), narrow: simd(133) };

export const i32x4 = {
  splat: simd(17),
  shl: simd(171),
  shrU: simd(173),
  shrS: simd(172),
  add: simd(174),
  sub: simd(177),
  min: simd(182),
  max: simd(184),
  truncF32: simd(0x101),
};

export const i64x2 = { shl: simd(203), shrU: simd(205), add: simd(206) };

export const f64x2 = {
  promoteLow: simd(95),
  /** Two floats, then zeros. */
  demoteZero: simd(94),
  lt: simd(73),
  abs: simd(236),
  neg: simd(237),
  add: simd(240),
  sub: simd(241),
  mul: simd(242),
  div: simd(243),
  pmin: simd(246),
  pmax: simd(247),
  /** a * b + c, fused where the machine can. */
  madd: simd(0x107),
};

export const f32x4 = {
  splat: simd(19),
  add: simd(228),
  sub: simd(229),
  mul: simd(230),
  div: simd(231),
  min: simd(232),
  max: simd(233),
  /** b < a ? b : a and a < b ? b : a: a when either is NaN. */
  pmin: simd(234),
  pmax: simd(235),
  abs: simd(224),
  neg: simd(225),
  sqrt: simd(227),
  ceil: simd(103),
  floor: simd(104),
  eq: simd(65),
  ne: simd(66),
  lt: simd(67),
  gt: simd(68),
  le: simd(69),
  ge: simd(70),
  convertI32: simd(250),
  /** a * b + c, fused where the machine can. */
  madd: simd(0x105),
};

/** Runs `body` while `counter` (already set) is below `limit`, adding `step` each time. At least once. */
export function loop(counter: Local, limit: Code, step: number, body: Code): Code {
  return [
    ...[0x03, 0x40],
    ...body,
    ...counter.set(i32.add(counter.get, i32.const(step))),
    ...i32.ltU(counter.get, limit),
    ...[0x0d, 0, 0x0b],
  ];
}

/** Runs `body` at least once, until `condition` is 0 after it. */
export function doWhile(condition: Code, body: Code): Code {
  return [0x03, 0x40, ...body, ...condition, 0x0d, 0, 0x0b];
}

/** Runs `body` while `condition` holds; it may hold at no time. */
export function whileLoop(condition: Code, body: Code): Code {
  return [0x02, 0x40, 0x03, 0x40, ...condition, 0x45, 0x0d, 1, ...body, 0x0c, 0, 0x0b, 0x0b];
}

export function when(condition: Code, then: Code, otherwise: Code = []): Code {
  if (otherwise.length === 0) return [...condition, 0x04, 0x40, ...then, 0x0b];
  return [...condition, 0x04, 0x40, ...then, 0x05, ...otherwise, 0x0b];
}
