// Cells as JSON: what a number can't hold exactly is text, dates are ISO 8601 (docs/sql.md, "HTTP").
import type { SqlType, SqlValue } from "../session.ts";

type JsonCell = null | boolean | number | string;
type Cells = ArrayLike<SqlValue>;

const ticksPerSecond = 10_000_000n;
const ticksPerMinute = 600_000_000n;

/** A function from a column's vector and a row to the cell; chosen once per column. */
export function jsonCell(type: SqlType): (cells: Cells, row: number) => JsonCell {
  const show = writerOf(type);
  return (cells, row) => {
    const value = cells[row];
    return value === null || value === undefined ? null : show(value);
  };
}

function writerOf(type: SqlType): (value: NonNullable<SqlValue>) => JsonCell {
  switch (type.name) {
    case "real":
    case "float":
      // JSON has no infinity; the engine's overflow is one (docs/sql.md).
      return (value) => (Number.isFinite(value) ? (value as number) : String(value));
    case "bigint":
      return String;
    case "decimal":
      return (value) => unscaled(value as bigint, type.scale);
    case "money":
    case "smallmoney":
      return (value) => unscaled(value as bigint, 4);
    case "date":
      return (value) => new Date(Number(value) * 86_400_000).toISOString().slice(0, 10);
    case "time":
      return (value) => stamp(value as bigint, type.scale).slice(11);
    case "datetime":
      return (value) => stamp(value as bigint, 3);
    case "smalldatetime":
      return (value) => stamp(value as bigint, 0);
    case "datetime2":
      return (value) => stamp(value as bigint, type.scale);
    case "datetimeoffset":
      return (value) => offsetStamp(value as OffsetTime, type.scale);
    case "binary":
    case "varbinary":
      return (value) =>
        `0x${Buffer.from(value as Uint8Array)
          .toString("hex")
          .toUpperCase()}`;
    default:
      return (value) => value as JsonCell;
  }
}

type OffsetTime = Extract<SqlValue, { ticks: bigint }>;

function unscaled(value: bigint, scale: number): string {
  if (scale === 0) return String(value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** 100 ns ticks since 1970 with `scale` digits of a second; what is finer is cut off. */
function stamp(ticks: bigint, scale: number): string {
  const rest = ((ticks % ticksPerSecond) + ticksPerSecond) % ticksPerSecond;
  const milliseconds = Number((ticks - rest) / 10_000n);
  const text = new Date(milliseconds).toISOString().slice(0, 19);
  return scale === 0 ? text : `${text}.${String(rest).padStart(7, "0").slice(0, scale)}`;
}

function offsetStamp({ ticks, offsetMinutes }: OffsetTime, scale: number): string {
  const two = (part: number) => String(Math.trunc(part)).padStart(2, "0");
  const minutes = Math.abs(offsetMinutes);
  const offset = `${offsetMinutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
  return stamp(ticks + BigInt(offsetMinutes) * ticksPerMinute, scale) + offset;
}
