// System and conversion helpers: NEWID, ISNUMERIC, error facts, session facts, hashes.
// Source: "System functions (Transact-SQL)".

import type { SqlType } from "../../session.ts";
import { convert } from "../emit/conversion.ts";
import { collationOf, literalValue, sortKey, type Value } from "../emit/value.ts";
import { refuseOption } from "../error.ts";
import { typeFacts } from "../system/type-facts.ts";
import { isNumeric, isString, types } from "../type.ts";
import { type FunctionDefinition, type FunctionUse, refused, scalar } from "./definition.ts";
import { text } from "./text-argument.ts";

/** Answers a session global such as @@ERROR under a function's name. */
function fromSession(name: string, global: string): FunctionDefinition {
  return scalar(name, 0, (_args, use) => use.binder.env.global(global)!);
}

function isNumericFunction(args: readonly Value[], use: FunctionUse): Value {
  const value = args[0]!;
  if (!isString(value.type)) {
    const sql = isNumeric(value.type) ? `CASE WHEN ${value.sql} IS NULL THEN 0 ELSE 1 END` : "0";
    return { sql, type: types.int, nullable: false };
  }
  const shown = `trim(${text(value, use).sql})`;
  const pattern = "[+-]?[$]?[+-]?(\\d[\\d,]*\\.?\\d*|\\.\\d+)([eEdD][+-]?\\d+)?|[+-]|\\.|[$]|,";
  return {
    sql: `CASE WHEN regexp_full_match(${shown}, '${pattern}') THEN 1 ELSE 0 END`,
    type: types.int,
    nullable: false,
  };
}

/** Equal inputs give equal numbers; the numbers are not SQL Server's. */
function checksum(
  keyOf: (value: Value) => string,
  args: readonly Value[],
  use: FunctionUse,
): Value {
  const keys = args.map(
    (arg) =>
      `coalesce(CAST(${keyOf(arg.bareNull ? convert(arg, types.int, use.at) : arg)} AS VARCHAR), chr(0))`,
  );
  const number = `CAST(hash(${keys.join("||chr(1)||")}) AS HUGEINT)`;
  return {
    sql: `CAST(${number} % 4294967296 - 2147483648 AS INTEGER)`,
    type: types.int,
    nullable: false,
  };
}

/** What a value's type is; sql_variant itself does not exist here, so it is known when the text is bound. */
function variantProperty(args: readonly Value[], use: FunctionUse): Value {
  const [value, property] = args as [Value, Value];
  const wanted = property.literal?.value;
  if (typeof wanted !== "string")
    return refuseOption(use.at, "SQL_VARIANT_PROPERTY that is not constant");
  const facts = typeFacts(value.type);
  const numbers: Record<string, number> = {
    precision: facts.precision || facts.maxLength,
    scale: facts.scale,
    maxlength: facts.maxLength,
    totalbytes: facts.maxLength + 2,
  };
  const name = wanted.toLowerCase();
  const isCollated = name === "collation" && isString(value.type);
  const text = name === "basetype" ? value.type.name : isCollated ? defaultCollation : undefined;
  const known =
    text === undefined
      ? literalValue(numbers[name] ?? null, types.int)
      : literalValue(text, types.sysname);
  const isNull = value.bareNull || known.literal!.value === null;
  if (isNull) return convert({ ...known, bareNull: true }, known.type, use.at);
  const sql = `CASE WHEN ${value.sql} IS NOT NULL THEN ${known.sql} END`;
  return { sql, type: known.type, nullable: value.nullable };
}

const defaultCollation = "SQL_Latin1_General_CP1_CI_AS";

/** Of the collations that compare here: Latin ones of code page 1252. */
function collationProperty(args: readonly Value[], use: FunctionUse): Value {
  const [collation, property] = args.map((arg) => arg.literal?.value);
  if (typeof collation !== "string" || typeof property !== "string")
    return refuseOption(use.at, "COLLATIONPROPERTY that is not constant");
  const upper = collation.toUpperCase();
  const isKnown = /^(SQL_)?LATIN1_GENERAL_/.test(upper) && collationOf(collation) !== undefined;
  const ignores = (upper.includes("_CI") ? 1 : 0) + (upper.includes("_AI") ? 2 : 0);
  const widths = (upper.includes("_KS") ? 0 : 65536) + (upper.includes("_WS") ? 0 : 131072);
  const properties: Record<string, number> = {
    codepage: 1252,
    lcid: 1033,
    comparisonstyle: upper.includes("_BIN") ? 0 : ignores + widths,
    version: upper.includes("_100_") ? 2 : 0,
  };
  const value = isKnown ? (properties[property.toLowerCase()] ?? null) : null;
  return {
    ...literalValue(value, types.int),
    sql: value === null ? "CAST(NULL AS INTEGER)" : String(value),
  };
}

const sysname: SqlType = types.sysname;

function fact(name: string, read: (use: FunctionUse) => string): FunctionDefinition {
  return scalar(name, [0, 1], (_args, use) => literalValue(read(use), sysname));
}

export const systemFunctions: readonly FunctionDefinition[] = [
  scalar("NEWID", 0, () => ({ sql: "uuid()", type: types.uniqueidentifier, nullable: false })),
  scalar("ISNUMERIC", 1, isNumericFunction),
  scalar("CHECKSUM", [1, 254], (args, use) => checksum(sortKey, args, use)),
  // Of strings as they are written: case tells them apart.
  scalar("BINARY_CHECKSUM", [1, 254], (args, use) =>
    checksum((value) => (isString(value.type) ? value.sql : sortKey(value)), args, use),
  ),
  fromSession("ERROR_NUMBER", "ERROR_NUMBER"),
  fromSession("ERROR_MESSAGE", "ERROR_MESSAGE"),
  fromSession("ERROR_SEVERITY", "ERROR_SEVERITY"),
  fromSession("ERROR_STATE", "ERROR_STATE"),
  fromSession("ERROR_LINE", "ERROR_LINE"),
  fromSession("ERROR_PROCEDURE", "ERROR_PROCEDURE"),
  fromSession("XACT_STATE", "XACT_STATE"),
  fromSession("SCOPE_IDENTITY", "SCOPE_IDENTITY"),
  fromSession("ROWCOUNT_BIG", "@@ROWCOUNT_BIG"),
  fact("SUSER_SNAME", ({ binder }) => binder.env.facts.login),
  fact("SUSER_NAME", ({ binder }) => binder.env.facts.login),
  fact("ORIGINAL_LOGIN", ({ binder }) => binder.env.facts.originalLogin),
  fact("SYSTEM_USER", ({ binder }) => binder.env.facts.login),
  fact("CURRENT_USER", ({ binder }) => binder.env.facts.user),
  fact("SESSION_USER", ({ binder }) => binder.env.facts.user),
  fact("USER", ({ binder }) => binder.env.facts.user),
  fact("HOST_NAME", ({ binder }) => binder.env.facts.hostName),
  fact("APP_NAME", ({ binder }) => binder.env.facts.applicationName),
  scalar("SESSION_ID", 0, (_args, use) =>
    literalValue(`SID${use.binder.env.facts.spid}`, types.sysname),
  ),
  scalar("GETANSINULL", [0, 1], () => literalValue(1, types.int)),
  scalar("CURRENT_TRANSACTION_ID", 0, () => literalValue(0n, types.bigint)),
  scalar("CONNECTIONPROPERTY", 1, (args) => {
    const values: Record<string, string> = {
      net_transport: "TCP",
      protocol_type: "TSQL",
      auth_scheme: "SQL",
      client_net_address: "127.0.0.1",
      physical_net_transport: "TCP",
    };
    return literalValue(values[String(args[0]!.literal?.value).toLowerCase()] ?? null, {
      name: "nvarchar",
      length: 48,
    });
  }),
  scalar("SESSIONPROPERTY", 1, (args) => {
    const on = [
      "ANSI_NULLS",
      "ANSI_PADDING",
      "ANSI_WARNINGS",
      "CONCAT_NULL_YIELDS_NULL",
      "QUOTED_IDENTIFIER",
      "ARITHABORT",
    ];
    const name = String(args[0]!.literal?.value).toUpperCase();
    return literalValue(
      on.includes(name) ? 1 : name === "NUMERIC_ROUNDABORT" ? 0 : null,
      types.int,
    );
  }),
  scalar("CURRENT_TIMEZONE", 0, () =>
    literalValue("(UTC) Coordinated Universal Time", { name: "varchar", length: 50 }),
  ),
  scalar("CURRENT_REQUEST_ID", 0, () => literalValue(0, types.smallint)),
  scalar("SQL_VARIANT_PROPERTY", 2, variantProperty),
  scalar("COLLATIONPROPERTY", 2, collationProperty),
  ...refused(
    "APPROX_PERCENTILE_CONT",
    "APPROX_PERCENTILE_DISC",
    "LEFT_SHIFT",
    "RIGHT_SHIFT",
    "BIT_COUNT",
    "GET_BIT",
    "SET_BIT",
    "TERTIARY_WEIGHTS",
    "ASYMKEYPROPERTY",
    "CERTENCODED",
    "CERT_ID",
    "KEY_ID",
    "KEY_NAME",
    "DECRYPTBYKEY",
    "ENCRYPTBYKEY",
    "DATE_BUCKET",
    "APPLOCK_MODE",
    "APPLOCK_TEST",
    "ASSEMBLYPROPERTY",
    "FILE_ID",
    "FILE_NAME",
    "FILEGROUP_NAME",
    "INDEX_COL",
    "INDEXKEY_PROPERTY",
    "PUBLISHINGSERVERNAME",
    "PERMISSIONS",
    "PWDCOMPARE",
    "PWDENCRYPT",
    "TEXTPTR",
    "TEXTVALID",
    "TRIGGER_NESTLEVEL",
    "EVENTDATA",
    "COLUMNS_UPDATED",
    "CURSOR_STATUS",
    "LOGINPROPERTY",
    "COMPRESS",
    "DECOMPRESS",
    "HOST_ID",
    "NEWSEQUENTIALID",
    "FORMATMESSAGE",
    "SESSION_CONTEXT",
    "CONTEXT_INFO",
    "MIN_ACTIVE_ROWVERSION",
    "IDENT_CURRENT",
    "IDENT_SEED",
    "IDENT_INCR",
    "GET_FILESTREAM_TRANSACTION_CONTEXT",
  ),
];
