// The last step before rows leave the engine: each T-SQL type as the DuckDB type that crosses the
// process boundary best, and back to SqlValue on this side. See SqlValue in session.ts.

import type { EngineVector } from "../../engine/port.ts";
import type { SqlType, SqlValue } from "../../session.ts";

export function wireSql(sql: string, type: SqlType): string {
  switch (type.name) {
    case "date":
      return `CAST(${sql} - DATE '1970-01-01' AS BIGINT)`;
    case "time":
      return `(epoch_us(${sql}) * 10)`;
    case "datetime":
    case "smalldatetime":
    case "datetime2":
      return `(epoch_us(${sql}) * 10)`;
    case "datetimeoffset":
      // The field of a constant NULL has no type of its own.
      return `concat_ws(',', epoch_us(CAST((${sql}).utc AS TIMESTAMP)), (${sql}).minutes)`;
    case "decimal":
      return type.precision <= 18 ? `CAST(${sql} AS DECIMAL(18,${type.scale}))` : sql;
    case "smallmoney":
      return `CAST(${sql} AS DECIMAL(18,4))`;
    case "uniqueidentifier":
      return `upper(CAST(${sql} AS VARCHAR))`;
    default:
      return sql;
  }
}

export function wireVector(vector: EngineVector, type: SqlType): ArrayLike<SqlValue> {
  if (type.name !== "datetimeoffset") return vector as ArrayLike<SqlValue>;
  return Array.from(vector, (value) => {
    if (value === null || value === "") return null;
    const [micros = "0", minutes = "0"] = String(value).split(",");
    return { ticks: BigInt(micros) * 10n, offsetMinutes: Number(minutes) };
  });
}
