// Date and time functions. Sources: "DATEADD", "DATEDIFF", "DATEPART", "SET DATEFIRST" and siblings.
import type { SqlType } from "../../session.ts";
import type { Expression } from "../ast.ts";
import { convert } from "../emit/conversion.ts";
import { zoneText } from "../emit/datetime-conversion.ts";
import { roundToDatetime } from "../emit/datetime-text.ts";
import { datetimeSql, minuteSql } from "../emit/text-to-datetime.ts";
import { literalSql, literalValue, raise, type Value, zonedSql } from "../emit/value.ts";
import { fail } from "../error.ts";
import { isDate, isLegacyDate, isNumeric, isString, isTemporal, spoken, types } from "../type.ts";
import {
  checkPart,
  moment,
  type Part,
  partOf,
  partSql,
  shortParts,
  stamp,
  zonedMoment,
} from "./date-part.ts";
import { type FunctionDefinition, type FunctionUse, raw, scalar } from "./definition.ts";

function dateAdd(args: readonly Expression[], use: FunctionUse): Value {
  const part = partOf(args[0]!, "dateadd");
  const number = use.binder.value(args[1]!, use.scope);
  if (!isNumeric(number.type)) fail(8116, use.at, spoken(number.type), 2, "dateadd");
  const count = convert(number, types.bigint, use.at);
  const source = use.binder.value(args[2]!, use.scope);
  const value =
    isString(source.type) || isNumeric(source.type)
      ? convert(source, types.datetime, use.at)
      : moment(args[2]!, use, "dateadd", 3);
  checkPart(part, value, use, "dateadd");
  if (part === "tzoffset" || part === "iso_week")
    fail(9810, use.at, part, "dateadd", value.type.name);
  const added = shifted(part, value, count.sql);
  return { sql: added, type: value.type, nullable: value.nullable || count.nullable };
}

function shifted(part: Part, value: Value, count: string): string {
  const intervals: Partial<Record<Part, string>> = {
    year: `to_years(CAST(${count} AS INTEGER))`,
    quarter: `to_months(CAST(${count} * 3 AS INTEGER))`,
    month: `to_months(CAST(${count} AS INTEGER))`,
    dayofyear: `to_days(CAST(${count} AS INTEGER))`,
    day: `to_days(CAST(${count} AS INTEGER))`,
    weekday: `to_days(CAST(${count} AS INTEGER))`,
    week: `to_days(CAST(${count} * 7 AS INTEGER))`,
    hour: `to_hours(${count})`,
    minute: `to_minutes(${count})`,
    second: `to_seconds(${count})`,
    millisecond: `to_milliseconds(${count})`,
    microsecond: `to_microseconds(${count})`,
    nanosecond: `to_microseconds(${count} // 1000)`,
  };
  const interval = intervals[part]!;
  const { name } = value.type;
  if (name === "time") return `CAST(${value.sql} + ${interval} AS TIME)`;
  if (name === "date") return bounded(`CAST(${value.sql} + ${interval} AS DATE)`, name);
  if (name === "datetimeoffset") {
    const local = bounded(`(${stamp(value)} + ${interval})`, name);
    const { sql } = value;
    return zonedSql(`${local} - to_minutes((${sql}).minutes)`, `(${sql}).minutes`);
  }
  const moved = `(${value.sql} + ${interval})`;
  if (name === "datetime" && part === "millisecond") return bounded(datetimeSql(moved), name);
  return bounded(name === "smalldatetime" ? minuteSql(moved) : moved, name);
}

const firstDays: Readonly<Record<string, string>> = {
  datetime: "1753-01-01",
  smalldatetime: "1900-01-01",
};

/** Days outside of the type's range are message 517; only the engine's own range is wider. */
function bounded(sql: string, typeName: string): string {
  const end = typeName === "smalldatetime" ? "2079-06-07" : "10000-01-01";
  const outside = `${sql} >= DATE '${end}' OR ${sql} < DATE '${firstDays[typeName] ?? "0001-01-01"}'`;
  return `CASE WHEN ${outside} THEN ${raise(517, `'${typeName}'`)} ELSE ${sql} END`;
}

function dateDiff(name: string, type: SqlType) {
  return (args: readonly Expression[], use: FunctionUse): Value => {
    const part = partOf(args[0]!, name);
    const from = moment(args[1]!, use, name, 2);
    const to = moment(args[2]!, use, name, 3);
    if (part === "tzoffset" || part === "iso_week") fail(9810, use.at, part, name, from.type.name);
    const [a, b] = [instant(from), instant(to)];
    const cast = type.name === "int" ? "INTEGER" : "BIGINT";
    const difference = boundaries(part, a, b);
    if (type.name === "int" && shortParts.has(part)) {
      const fits = `(${difference}) BETWEEN -2147483648 AND 2147483647`;
      const checked = `CASE WHEN NOT ${fits} THEN ${raise(535, `'${name}'`)} ELSE ${difference} END`;
      return { sql: `CAST(${checked} AS INTEGER)`, type, nullable: from.nullable || to.nullable };
    }
    const wide =
      part === "nanosecond"
        ? `CASE WHEN abs(date_diff('microsecond', ${a}, ${b})) > 9223372036854775 THEN ${raise(535, `'${name}'`)} ELSE ${difference} END`
        : difference;
    return { sql: `CAST(${wide} AS ${cast})`, type, nullable: from.nullable || to.nullable };
  };
}

/** datetimeoffset values are compared by their instants. */
function instant(value: Value): string {
  return value.type.name === "datetimeoffset" ? `(${value.sql}).utc` : stamp(value);
}

/** Crossed boundaries; weeks begin on Sunday whatever DATEFIRST says. */
function boundaries(part: Part, from: string, to: string): string {
  if (part === "week") {
    const week = (sql: string): string =>
      `((date_diff('day', TIMESTAMP '0001-01-01', ${sql}) + 1) // 7)`;
    return `(${week(to)} - ${week(from)})`;
  }
  if (part === "nanosecond") return `(date_diff('microsecond', ${from}, ${to}) * 1000)`;
  const unit = part === "dayofyear" || part === "weekday" ? "day" : part;
  return `date_diff('${unit}', ${from}, ${to})`;
}

function datePart(args: readonly Expression[], use: FunctionUse): Value {
  const part = partOf(args[0]!, "datepart");
  const value = zonedMoment(part, args[1]!, use, "datepart");
  checkPart(part, value, use, "datepart");
  return {
    sql: `CAST(${partSql(part, value, use.binder.env.dateFirst)} AS INTEGER)`,
    type: types.int,
    nullable: value.nullable,
  };
}

function dateName(args: readonly Expression[], use: FunctionUse): Value {
  const part = partOf(args[0]!, "datename");
  const value = zonedMoment(part, args[1]!, use, "datename");
  checkPart(part, value, use, "datename");
  const type: SqlType = { name: "nvarchar", length: 30 };
  if (part === "tzoffset") return { ...convert(value, type, use.at), sql: zoneText(value.sql, "") };
  if (part === "month")
    return { sql: `monthname(${stamp(value)})`, type, nullable: value.nullable };
  if (part === "weekday")
    return { sql: `dayname(${stamp(value)})`, type, nullable: value.nullable };
  return {
    sql: `CAST(${partSql(part, value, use.binder.env.dateFirst)} AS VARCHAR)`,
    type,
    nullable: value.nullable,
  };
}

function shorthand(name: "YEAR" | "MONTH" | "DAY"): FunctionDefinition {
  return raw(name, 1, (args, use) => {
    const value = moment(args[0]!, use, name, 1);
    if (!isDate(value.type)) fail(8116, use.at, value.type.name, 1, name.toLowerCase());
    return {
      sql: `CAST(${name.toLowerCase()}(${stamp(value)}) AS INTEGER)`,
      type: types.int,
      nullable: value.nullable,
    };
  });
}

function dateTrunc(args: readonly Expression[], use: FunctionUse): Value {
  const part = partOf(args[0]!, "datetrunc");
  const value = moment(args[1]!, use, "datetrunc", 2);
  checkPart(part, value, use, "datetrunc");
  if (part === "week") {
    const back = `CAST((isodow(${stamp(value)}) + ${7 - use.binder.env.dateFirst}) % 7 AS INTEGER)`;
    return convert(
      {
        sql: `(date_trunc('day', ${stamp(value)}) - to_days(${back}))`,
        type: types.datetime2,
        nullable: value.nullable,
      },
      value.type,
      use.at,
    );
  }
  const unit = part === "iso_week" ? "week" : part === "dayofyear" ? "day" : part;
  if (part === "weekday" || part === "nanosecond" || part === "tzoffset")
    fail(9810, use.at, part, "datetrunc", value.type.name);
  const cut: Value = {
    sql: `CAST(date_trunc('${unit}', ${stamp(value)}) AS TIMESTAMP)`,
    type: types.datetime2,
    nullable: value.nullable,
  };
  return value.type.name === "datetime2"
    ? { ...cut, type: value.type }
    : convert(cut, value.type, use.at);
}

/** …FROMPARTS: message 289 where the parts make no date. `fraction`: the places of it and of its precision. */
function fromParts(
  name: string,
  count: number,
  type: (args: readonly Value[], use: FunctionUse) => SqlType,
  emit: (parts: string[]) => string,
  fraction?: readonly [number, number | undefined],
): FunctionDefinition {
  return scalar(name, count, (args, use) => {
    const parts = args.map((arg) => convert(arg, types.int, use.at).sql);
    const made = type(args, use);
    const [place, precision] = fraction ?? [];
    const digits = precision === undefined ? "3" : parts[precision];
    const conditions = [
      ...(made.name === "time"
        ? []
        : [`${parts[0]} BETWEEN ${leastYears[made.name] ?? 1} AND 9999`]),
      ...(place === undefined
        ? []
        : [`${parts[place]} >= 0 AND ${parts[place]} < pow(10, ${digits})`]),
    ];
    const isValid = conditions.length === 0 ? "true" : conditions.join(" AND ");
    const isNull = parts.map((part) => `${part} IS NULL`).join(" OR ");
    const complaint = raise(289, `'${spoken(made)}'`);
    return {
      sql: `CASE WHEN ${isNull} THEN NULL WHEN ${isValid} THEN coalesce(TRY(${emit(parts)}), ${complaint}) ELSE ${complaint} END`,
      type: made,
      nullable: args.some((arg) => arg.nullable),
    };
  });
}

const leastYears: Readonly<Record<string, number>> = { datetime: 1753, smalldatetime: 1900 };

const timestampOf = (parts: readonly string[], micros: string): string =>
  `(make_date(${parts[0]}, ${parts[1]}, ${parts[2]}) + make_time(${parts[3]}, ${parts[4]}, CAST(${parts[5]} AS DOUBLE)) + to_microseconds(${micros}))`;

function scaleOf(value: Value | undefined, name: string, use: FunctionUse): number {
  const scale = value?.literal?.value;
  if (scale === undefined || scale === null) return fail(10760, use.at, name);
  if (!(Number(scale) >= 0 && Number(scale) <= 7)) fail(1002, use.at, use.at.line, String(scale));
  return Number(scale);
}

/** The statement's time as `type`; the service's clock is UTC. */
function now(name: string, type: SqlType): FunctionDefinition {
  return scalar(name, 0, (_args, use) => {
    const ticks = use.binder.env.now;
    if (type.name === "datetimeoffset") {
      return literalValue({ ticks, offsetMinutes: 0 }, type);
    }
    const rounded = type.name === "datetime" ? roundToDatetime(ticks) : ticks;
    return { sql: literalSql(rounded, type), type, nullable: false };
  });
}

export const datetimeFunctions: readonly FunctionDefinition[] = [
  now("GETDATE", types.datetime),
  now("GETUTCDATE", types.datetime),
  now("CURRENT_TIMESTAMP", types.datetime),
  now("SYSDATETIME", types.datetime2),
  now("SYSUTCDATETIME", types.datetime2),
  now("SYSDATETIMEOFFSET", types.datetimeoffset),
  raw("DATEADD", 3, dateAdd),
  raw("DATEDIFF", 3, dateDiff("datediff", types.int)),
  raw("DATEDIFF_BIG", 3, dateDiff("datediff_big", types.bigint)),
  raw("DATEPART", 2, datePart),
  raw("DATENAME", 2, dateName),
  raw("DATETRUNC", 2, dateTrunc),
  shorthand("YEAR"),
  shorthand("MONTH"),
  shorthand("DAY"),
  raw("EOMONTH", [1, 2], (args, use) => {
    const given = use.binder.value(args[0]!, use.scope).type;
    if (!isString(given) && !isDate(given) && args[0]!.kind !== "null")
      fail(8116, use.at, spoken(given), 1, "eomonth");
    const value = moment(args[0]!, use, "eomonth", 1);
    const months =
      args[1] === undefined
        ? "0"
        : convert(use.binder.value(args[1], use.scope), types.int, use.at).sql;
    const moved = `(${stamp(value)} + to_months(CAST(coalesce(${months}, 0) AS INTEGER)))`;
    return {
      sql: `CAST(last_day(${bounded(moved, "date")}) AS DATE)`,
      type: types.date,
      nullable: value.nullable,
    };
  }),
  scalar("ISDATE", 1, (args, use) => {
    const { type } = args[0]!;
    if (isTemporal(type) && !isLegacyDate(type)) fail(8116, use.at, type.name, 1, "isdate");
    const value = convert(args[0]!, { name: "varchar", length: 100 }, use.at);
    const parsed = convert(
      { sql: value.sql, type: value.type, nullable: true },
      types.datetime,
      use.at,
      { explicit: true, attempt: true },
    );
    return {
      sql: `CASE WHEN ${parsed.sql} IS NULL THEN 0 ELSE 1 END`,
      type: types.int,
      nullable: false,
    };
  }),
  fromParts(
    "DATEFROMPARTS",
    3,
    () => types.date,
    ([y, m, d]) => `make_date(${y}, ${m}, ${d})`,
  ),
  fromParts(
    "DATETIMEFROMPARTS",
    7,
    () => types.datetime,
    (parts) => timestampOf(parts, `${parts[6]} * 1000`),
    [6, undefined],
  ),
  fromParts(
    "SMALLDATETIMEFROMPARTS",
    5,
    () => ({ name: "smalldatetime" }),
    (parts) => timestampOf([...parts, "0"], "0"),
  ),
  fromParts(
    "DATETIME2FROMPARTS",
    8,
    (args, use) => ({ name: "datetime2", scale: scaleOf(args[7], "datetime2", use) }),
    (parts) => timestampOf(parts, `CAST(${parts[6]} * pow(10, 6 - ${parts[7]}) AS BIGINT)`),
    [6, 7],
  ),
  // Year to fraction, hours and minutes of the offset, precision.
  fromParts(
    "DATETIMEOFFSETFROMPARTS",
    10,
    (args, use) => ({ name: "datetimeoffset", scale: scaleOf(args[9], "datetimeoffset", use) }),
    (parts) => {
      const [hours, minutes, precision] = parts.slice(7);
      const local = timestampOf(parts, `CAST(${parts[6]} * pow(10, 6 - ${precision}) AS BIGINT)`);
      const offset = `(${hours} * 60 + ${minutes})`;
      return zonedSql(`${local} - to_minutes(${offset})`, offset);
    },
    [6, 9],
  ),
  fromParts(
    "TIMEFROMPARTS",
    5,
    (args, use) => ({ name: "time", scale: scaleOf(args[4], "time", use) }),
    ([h, m, s, f, p]) =>
      `CAST(make_time(${h}, ${m}, CAST(${s} AS DOUBLE)) + to_microseconds(CAST(${f} * pow(10, 6 - ${p}) AS BIGINT)) AS TIME)`,
    [3, 4],
  ),
  raw("SWITCHOFFSET", 2, (args, use) =>
    offset(args, use, (sql, minutes) => zonedSql(`(${sql}).utc`, minutes)),
  ),
  raw("TODATETIMEOFFSET", 2, (args, use) =>
    offset(args, use, (_sql, minutes, local) =>
      zonedSql(`${local} - to_minutes(${minutes})`, minutes),
    ),
  ),
];

function offset(
  args: readonly Expression[],
  use: FunctionUse,
  emit: (sql: string, minutes: string, local: string) => string,
): Value {
  const value = moment(args[0]!, use, use.call.name.parts[0]!, 1);
  const zone = use.binder.value(args[1]!, use.scope);
  const name = use.call.name.parts[0]!.toLowerCase();
  if (!isString(zone.type) && !isNumeric(zone.type)) fail(8116, use.at, spoken(zone.type), 2, name);
  const form = "'[+-](0\\d|1[0-3]):[0-5]\\d|[+-]14:00'";
  const isValid = isString(zone.type)
    ? `regexp_full_match(${zone.sql}, ${form})`
    : `${zone.sql} BETWEEN -840 AND 840`;
  const written = isString(zone.type)
    ? `CASE WHEN ${zone.sql} LIKE '-%' THEN -1 ELSE 1 END * (CAST(substr(${zone.sql}, 2, 2) AS INTEGER) * 60 + CAST(substr(${zone.sql}, 5, 2) AS INTEGER))`
    : zone.sql;
  const invalid = `WHEN ${zone.sql} IS NOT NULL THEN ${raise(9812, `'${name}'`)}`;
  const minutes = `CAST(CASE WHEN ${isValid} THEN ${written} ${invalid} END AS SMALLINT)`;
  const type: SqlType = {
    name: "datetimeoffset",
    scale: "scale" in value.type ? value.type.scale : 7,
  };
  const zoned = convert(value, type, use.at);
  const nullable = value.nullable || zone.nullable;
  return { sql: emit(zoned.sql, minutes, stamp(value)), type, nullable };
}
