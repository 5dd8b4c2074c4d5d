// DATALENGTH and HASHBYTES: strings and the rest as bytes.
import type { SqlType } from "../../session.ts";
import { utf16Hex } from "../emit/binary-conversion.ts";
import { convert } from "../emit/conversion.ts";
import type { Value } from "../emit/value.ts";
import { fail, refuseOption } from "../error.ts";
import { isBinary, isString, isUnicode, spoken, types } from "../type.ts";
import type { FunctionUse } from "./definition.ts";

export function dataLength(value: Value, _use: FunctionUse): Value {
  const { type } = value;
  const wide = "length" in type && type.length === "max";
  const target = wide ? types.bigint : types.int;
  const cast = wide ? "BIGINT" : "INTEGER";
  const fixed: Partial<Record<SqlType["name"], number>> = {
    bit: 1,
    tinyint: 1,
    smallint: 2,
    int: 4,
    bigint: 8,
    real: 4,
    float: 8,
    money: 8,
    smallmoney: 4,
    date: 3,
    datetime: 8,
    smalldatetime: 4,
    uniqueidentifier: 16,
    time: 5,
    datetime2: 8,
    datetimeoffset: 10,
  };
  if (isString(type))
    return {
      sql: `CAST(length(${value.sql}) * ${isUnicode(type) ? 2 : 1} AS ${cast})`,
      type: target,
      nullable: value.nullable,
    };
  if (isBinary(type))
    return {
      sql: `CAST(octet_length(${value.sql}) AS ${cast})`,
      type: target,
      nullable: value.nullable,
    };
  const size =
    type.name === "decimal"
      ? type.precision <= 9
        ? 5
        : type.precision <= 19
          ? 9
          : type.precision <= 28
            ? 13
            : 17
      : (fixed[type.name] ?? 0);
  return {
    sql: `CASE WHEN ${value.sql} IS NULL THEN NULL ELSE ${size} END`,
    type: types.int,
    nullable: value.nullable,
  };
}

/** nvarchar is hashed as UTF-16, varchar as UTF-8 (docs/sql.md). An unknown algorithm answers NULL. */
export function hashBytes(args: readonly Value[], use: FunctionUse): Value {
  const algorithm = args[0]!.literal?.value;
  if (typeof algorithm !== "string")
    return refuseOption(use.at, "HASHBYTES with an algorithm that is not constant");
  const functions: Readonly<Record<string, string>> = {
    MD5: "md5",
    SHA1: "sha1",
    SHA: "sha1",
    SHA2_256: "sha256",
  };
  const name = functions[algorithm.toUpperCase()];
  const type: SqlType = { name: "varbinary", length: 8000 };
  if (/^(MD2|MD4|SHA2_512)$/i.test(algorithm))
    refuseOption(use.at, `HASHBYTES ${algorithm.toUpperCase()}`);
  const value = args[1]!;
  if (name === undefined || value.bareNull)
    return convert({ ...value, bareNull: true }, type, use.at);
  if (!isString(value.type) && !isBinary(value.type))
    fail(8116, use.at, spoken(value.type), 2, "hashbytes");
  const bytes = isUnicode(value.type) ? `from_hex(${utf16Hex(value.sql)})` : value.sql;
  return { sql: `from_hex(${name}(${bytes}))`, type, nullable: value.nullable };
}
