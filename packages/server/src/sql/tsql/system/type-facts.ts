// The numbers by which catalogue views and drivers know types.
// Source: "sys.types". ODBC's codes are in odbc-type.ts.
import type { SqlType } from "../../session.ts";

export interface TypeFacts {
  systemTypeId: number;
  userTypeId: number;
  /** Bytes, -1 for max. */
  maxLength: number;
  precision: number;
  scale: number;
}

const ids: Readonly<
  Record<SqlType["name"], readonly [id: number, bytes: number, precision: number, scale: number]>
> = {
  uniqueidentifier: [36, 16, 0, 0],
  date: [40, 3, 10, 0],
  time: [41, 5, 16, 7],
  datetime2: [42, 8, 27, 7],
  datetimeoffset: [43, 10, 34, 7],
  tinyint: [48, 1, 3, 0],
  smallint: [52, 2, 5, 0],
  int: [56, 4, 10, 0],
  smalldatetime: [58, 4, 16, 0],
  real: [59, 4, 24, 0],
  money: [60, 8, 19, 4],
  datetime: [61, 8, 23, 3],
  float: [62, 8, 53, 0],
  bit: [104, 1, 1, 0],
  decimal: [106, 17, 38, 38],
  smallmoney: [122, 4, 10, 4],
  bigint: [127, 8, 19, 0],
  varbinary: [165, 8000, 0, 0],
  varchar: [167, 8000, 0, 0],
  binary: [173, 8000, 0, 0],
  char: [175, 8000, 0, 0],
  nvarchar: [231, 8000, 0, 0],
  nchar: [239, 8000, 0, 0],
};

export function typeFacts(type: SqlType): TypeFacts {
  const [id, bytes, precision, scale] = ids[type.name];
  const facts = { systemTypeId: id, userTypeId: id, maxLength: bytes, precision, scale };
  if ("length" in type) {
    const wide = type.name.startsWith("n") ? 2 : 1;
    return { ...facts, maxLength: type.length === "max" ? -1 : type.length * wide };
  }
  if (type.name === "decimal") {
    const size =
      type.precision <= 9 ? 5 : type.precision <= 19 ? 9 : type.precision <= 28 ? 13 : 17;
    return { ...facts, maxLength: size, precision: type.precision, scale: type.scale };
  }
  if ("scale" in type) {
    const base = { time: [3, 8], datetime2: [6, 19], datetimeoffset: [8, 26] }[type.name]!;
    const size = base[0]! + (type.scale <= 2 ? 0 : type.scale <= 4 ? 1 : 2);
    return {
      ...facts,
      maxLength: size,
      precision: base[1]! + (type.scale === 0 ? 0 : type.scale + 1),
      scale: type.scale,
    };
  }
  return facts;
}

/** Rows of sys.types; numeric and sysname are second names. */
export const systemTypes: readonly Readonly<Record<string, string | number>>[] = [
  ...Object.entries(ids).map(([name, [id, bytes, precision, scale]]) => ({
    name,
    system_type_id: id,
    user_type_id: id,
    max_length: bytes,
    precision,
    scale,
  })),
  {
    name: "numeric",
    system_type_id: 108,
    user_type_id: 108,
    max_length: 17,
    precision: 38,
    scale: 38,
  },
  {
    name: "sysname",
    system_type_id: 231,
    user_type_id: 256,
    max_length: 256,
    precision: 0,
    scale: 0,
  },
];
