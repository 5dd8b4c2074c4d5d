// Exact bytes of every type (MS-TDS 2.2.5.4 and 2.2.5.5), and rows cut into packets.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SqlType, SqlValue } from "../session.ts";
import { createSink, written } from "./byte-sink.ts";
import type { Cells } from "./cell.ts";
import { cursorOf, remaining } from "./cursor.ts";
import { createSlabPool, Output } from "./output.ts";
import { readTypeInfo } from "./parameter.ts";
import { createRowWriter, encodeValue } from "./row-writer.ts";
import { writeTypeInfo } from "./type-info.ts";

const day = 864_000_000_000n;
const decimal = (precision: number, scale: number): SqlType => ({
  name: "decimal",
  precision,
  scale,
});
const text = (
  name: "varchar" | "nvarchar" | "char" | "nchar",
  length: number | "max",
): SqlType => ({ name, length });
const collation = "0904d00034";

/** Type, value, TYPE_INFO of a nullable column, value with its length, as read off the specification. */
const rows: [type: SqlType, value: SqlValue, info: string, bytes: string][] = [
  [{ name: "bit" }, true, "68 01", "01 01"],
  [{ name: "tinyint" }, 255, "26 01", "01 ff"],
  [{ name: "smallint" }, -2, "26 02", "02 feff"],
  [{ name: "int" }, 1, "26 04", "04 01000000"],
  [{ name: "bigint" }, -(2n ** 63n), "26 08", "08 0000000000000080"],
  [{ name: "bigint" }, 2n ** 33n + 5n, "26 08", "08 0500000002000000"],
  [{ name: "real" }, 1.5, "6d 04", "04 0000c03f"],
  [{ name: "float" }, -2, "6d 08", "08 00000000000000c0"],
  [{ name: "money" }, 10_000n, "6e 08", "08 00000000 10270000"],
  [{ name: "money" }, -1n, "6e 08", "08 ffffffff ffffffff"],
  [{ name: "money" }, 2n ** 32n + 1n, "6e 08", "08 01000000 01000000"],
  [{ name: "smallmoney" }, -10_000n, "6e 04", "04 f0d8ffff"],
  [decimal(9, 2), -123_456n, "6a 05 09 02", "05 00 40e20100"],
  [decimal(9, 0), 0n, "6a 05 09 00", "05 01 00000000"],
  [decimal(18, 4), 10n ** 18n - 1n, "6a 09 12 04", "09 01 ffff63a7b3b6e00d"],
  [decimal(18, 4), -(2n ** 32n), "6a 09 12 04", "09 00 0000000001000000"],
  [decimal(19, 0), 10n ** 19n - 1n, "6a 09 13 00", "09 01 ffffe7890423c78a"],
  [decimal(28, 0), -(2n ** 64n + 1n), "6a 0d 1c 00", "0d 00 010000000000000001000000"],
  [decimal(38, 5), 2n ** 96n, "6a 11 26 05", "11 01 00000000000000000000000001000000"],
  [{ name: "date" }, -719_162n, "28", "03 000000"],
  [{ name: "date" }, 0n, "28", "03 3af90a"],
  [{ name: "date" }, 2_932_896n, "28", "03 dab937"],
  [{ name: "time", scale: 0 }, day - 10_000_000n, "29 00", "03 7f5101"],
  [{ name: "time", scale: 3 }, 1_230_000n, "29 03", "04 7b000000"],
  [{ name: "time", scale: 7 }, day - 1n, "29 07", "05 ffbf692ac9"],
  [{ name: "datetime2", scale: 0 }, 0n, "2a 00", "06 000000 3af90a"],
  [{ name: "datetime2", scale: 4 }, 12_000n, "2a 04", "07 0c000000 3af90a"],
  [{ name: "datetime2", scale: 7 }, -1n, "2a 07", "08 ffbf692ac9 39f90a"],
  [{ name: "datetime2", scale: 7 }, 2_932_897n * day - 1n, "2a 07", "08 ffbf692ac9 dab937"],
  [{ name: "datetime2", scale: 7 }, -719_162n * day, "2a 07", "08 0000000000 000000"],
  [
    { name: "datetimeoffset", scale: 7 },
    { ticks: 0n, offsetMinutes: -90 },
    "2b 07",
    "0a 0000000000 3af90a a6ff",
  ],
  [
    { name: "datetimeoffset", scale: 0 },
    { ticks: day, offsetMinutes: 840 },
    "2b 00",
    "08 000000 3bf90a 4803",
  ],
  [{ name: "datetime" }, 0n, "6f 08", "08 df630000 00000000"],
  [{ name: "datetime" }, 30_000n, "6f 08", "08 df630000 01000000"],
  [{ name: "smalldatetime" }, 600_000_000n, "6f 04", "04 df63 0100"],
  [
    { name: "uniqueidentifier" },
    "00112233-4455-6677-8899-AABBCCDDEEFF",
    "24 10",
    "10 33221100 5544 7766 8899 aabbccddeeff",
  ],
  [text("varchar", 10), "a€\u0081", `a7 0a00 ${collation}`, "0300 618081"],
  [text("char", 3), "abc", `af 0300 ${collation}`, "0300 616263"],
  [text("varchar", 8000), "", `a7 401f ${collation}`, "0000"],
  [text("nvarchar", 4000), "aé", `e7 401f ${collation}`, "0400 6100e900"],
  [text("nchar", 1), "日", `ef 0200 ${collation}`, "0200 e565"],
  [text("nvarchar", "max"), "", `e7 ffff ${collation}`, "0000000000000000 00000000"],
  [text("nvarchar", "max"), "a", `e7 ffff ${collation}`, "0200000000000000 02000000 6100 00000000"],
  [text("varchar", "max"), "a", `a7 ffff ${collation}`, "0100000000000000 01000000 61 00000000"],
  [{ name: "binary", length: 2 }, Uint8Array.of(1, 2), "ad 0200", "0200 0102"],
  [{ name: "varbinary", length: 8 }, new Uint8Array(0), "a5 0800", "0000"],
  [
    { name: "varbinary", length: "max" },
    Uint8Array.of(9),
    "a5 ffff",
    "0100000000000000 01000000 09 00000000",
  ],
];

const tidy = (hex: string) => hex.replaceAll(" ", "");

describe("a value has the bytes of the specification", () => {
  for (const [type, value, info, bytes] of rows) {
    test(`${JSON.stringify(type)} ${tidy(bytes)}`, () => {
      const sink = createSink();
      writeTypeInfo(sink, type, true);
      assert.equal(written(sink).toString("hex"), tidy(info));
      assert.equal(encodeValue(type, value).toString("hex"), tidy(bytes));
      // And what a client sends in these bytes is read as the same type and value.
      const cursor = cursorOf(Buffer.from(tidy(info + bytes), "hex"));
      const wireType = readTypeInfo(cursor);
      assert.deepEqual(wireType.type, type);
      assert.deepEqual(wireType.read(cursor), value);
      assert.equal(remaining(cursor), 0);
    });
  }

  test("NOT NULL columns of fixed types carry no length", () => {
    const columns: [SqlType, SqlValue, string][] = [
      [{ name: "bit" }, false, "32 00"],
      [{ name: "tinyint" }, 7, "30 07"],
      [{ name: "smallint" }, 7, "34 0700"],
      [{ name: "int" }, 7, "38 07000000"],
      [{ name: "bigint" }, 7n, "7f 0700000000000000"],
      [{ name: "real" }, 1, "3b 0000803f"],
      [{ name: "float" }, 1, "3e 000000000000f03f"],
      [{ name: "money" }, 7n, "3c 00000000 07000000"],
      [{ name: "smallmoney" }, 7n, "7a 07000000"],
      [{ name: "datetime" }, 0n, "3d df630000 00000000"],
      [{ name: "smalldatetime" }, 0n, "3a df63 0000"],
      [{ name: "date" }, 0n, "28 03 3af90a"],
    ];
    for (const [type, value, expected] of columns) {
      const sink = createSink();
      writeTypeInfo(sink, type, false);
      const body = payloadOf(cut([{ type, nullable: false }], [[value]], 4096)).subarray(1);
      assert.equal(written(sink).toString("hex") + body.toString("hex"), tidy(expected));
    }
  });

  test("halves of a datetime's last tick round into the next day", () => {
    const value = encodeValue({ name: "datetime" }, day - 1n).toString("hex");
    assert.equal(value, tidy("08 e0630000 00000000"));
  });
});

type Column = { type: SqlType; nullable: boolean };

/** The packets of rows given as vectors, without waiting for a socket. */
function cut(columns: Column[], vectors: Cells[], packetBytes: number, compactRows = true): Buffer {
  const chunks: Buffer[] = [];
  const write = (bytes: Uint8Array, done: () => void): void => {
    chunks.push(Buffer.from(bytes));
    done();
  };
  const output = new Output({ pool: createSlabPool({ slabBytes: 70_000 }), write, packetBytes });
  const named = columns.map((column) => ({ ...column, name: "c" }));
  createRowWriter(named, { compactRows }).write(output, vectors, vectors[0]!.length);
  output.endMessage();
  return Buffer.concat(chunks);
}

/** Checks every header on the way. */
function payloadOf(packets: Buffer, packetBytes?: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0, sequence = 1; at < packets.length; sequence++) {
    const length = packets.readUInt16BE(at + 2);
    const last = at + length === packets.length;
    assert.equal(packets[at], 4);
    assert.equal(packets[at + 1], last ? 1 : 0);
    assert.equal(packets[at + 6], sequence & 0xff);
    if (packetBytes !== undefined && !last) assert.equal(length, packetBytes);
    parts.push(packets.subarray(at + 8, at + length));
    at += length;
  }
  return Buffer.concat(parts);
}

/** Rows one after the other by the plainest code there is: what the column loops must equal. */
function plainRows(columns: Column[], vectors: Cells[], compactRows: boolean): Buffer {
  const parts: Buffer[] = [];
  for (let row = 0; row < vectors[0]!.length; row++) {
    const values = vectors.map((vector) => vector[row]!);
    const markers = columns.map(({ type }, index) =>
      values[index] === null ? encodeValue(type, null).length : 0,
    );
    const bitmap = Buffer.alloc(Math.ceil(columns.length / 8));
    const compact = compactRows && markers.reduce((sum, bytes) => sum + bytes, 0) > bitmap.length;
    parts.push(Buffer.of(compact ? 0xd2 : 0xd1));
    values.forEach((value, index) => {
      if (value === null) bitmap[index >> 3]! |= 1 << (index & 7);
    });
    if (compact) parts.push(bitmap);
    columns.forEach(({ type }, index) => {
      if (compact && values[index] === null) return;
      parts.push(encodeValue(type, values[index]!));
    });
  }
  return Buffer.concat(parts);
}

describe("rows equal the same rows written one by one", () => {
  const nullable = (type: SqlType): Column => ({ type, nullable: true });
  const columns = [
    nullable({ name: "bigint" }),
    nullable({ name: "datetime2", scale: 6 }),
    nullable(decimal(18, 2)),
    nullable(text("nvarchar", 4000)),
    nullable({ name: "float" }),
    nullable(text("varchar", "max")),
    nullable({ name: "uniqueidentifier" }),
    nullable({ name: "datetimeoffset", scale: 3 }),
    nullable({ name: "varbinary", length: "max" }),
  ];
  const guid = "0E984725-C51C-4BF4-9960-E1C80E27ABA0";

  for (const packetBytes of [512, 513, 4096, 8000, 32_767]) {
    for (const compactRows of [true, false]) {
      for (const lengthMax of [3, 60, 600, 4000]) {
        test(`in packets of ${packetBytes}, text up to ${lengthMax}, compact rows ${compactRows}`, () => {
          const count = 1300;
          const some = (column: number, make: (row: number) => SqlValue) =>
            Array.from({ length: count }, (_, row) =>
              (row * 31 + column * 17) % 11 < 3 || row % 101 < 5 ? null : make(row),
            );
          const vectors: Cells[] = [
            BigInt64Array.from({ length: count }, (_, row) => BigInt(row) - 600n),
            some(1, (row) => BigInt(row - 600) * 3n * day - BigInt(row)),
            some(2, (row) => BigInt(600 - row) * 12_345_678_901n),
            some(3, (row) => "é".repeat((row * 7919) % (lengthMax + 1))),
            Float64Array.from({ length: count }, (_, row) => row / 3),
            some(5, (row) => "v".repeat((row * 104_729) % (lengthMax * 2 + 1))),
            some(6, () => guid),
            some(7, (row) => ({ ticks: BigInt(row - 600) * day, offsetMinutes: row - 600 })),
            some(8, (row) => new Uint8Array(row % 5 === 0 ? (row * 613) % lengthMax : 0).fill(row)),
          ];
          const payload = payloadOf(cut(columns, vectors, packetBytes, compactRows), packetBytes);
          assert.ok(payload.equals(plainRows(columns, vectors, compactRows)));
        });
      }
    }
  }

  test("where one row is longer than a slab", () => {
    const long = [nullable({ name: "int" }), nullable({ name: "varbinary", length: "max" })];
    const vectors: Cells[] = [
      Int32Array.of(1, 2, 3),
      [Uint8Array.of(1), new Uint8Array(300_000).fill(7), null],
    ];
    const payload = payloadOf(cut(long, vectors, 4096), 4096);
    assert.ok(payload.equals(plainRows(long, vectors, true)));
  });

  test("where a row or a packet ends exactly at a packet's end", () => {
    for (let length = 480; length < 520; length++) {
      const one = [nullable({ name: "varbinary", length: 8000 })];
      const vectors: Cells[] = [[1, 2, 3].map((fill) => new Uint8Array(length).fill(fill))];
      const payload = payloadOf(cut(one, vectors, 512), 512);
      assert.ok(payload.equals(plainRows(one, vectors, true)), `length ${length}`);
    }
  });
});
