// Metadata and security functions: OBJECT_ID, DB_NAME, SERVERPROPERTY, HAS_PERMS_BY_NAME …
// Sources: "Metadata functions", "Security functions (Transact-SQL)". Arguments must be constant.
import type { SqlType, SqlValue } from "../../session.ts";
import { findColumn } from "../catalogue/model.ts";
import type { SessionFacts } from "../emit/environment.ts";
import { literalValue, type Value } from "../emit/value.ts";
import { refuseOption } from "../error.ts";
import { systemTypes } from "../system/type-facts.ts";
import { types } from "../type.ts";
import { type FunctionDefinition, type FunctionUse, scalar } from "./definition.ts";

type Read = (
  facts: SessionFacts,
  args: readonly SqlValue[],
  use: FunctionUse,
) => SqlValue | undefined;

function constant(
  name: string,
  args: number | readonly [number, number],
  type: SqlType,
  read: Read,
): FunctionDefinition {
  return scalar(name, args, (values, use) => {
    const known = values.map((value) => literal(value, use, name));
    const answer = read(use.binder.env.facts, known, use) ?? null;
    return literalValue(answer, type);
  });
}

function literal(value: Value, use: FunctionUse, name: string): SqlValue {
  if (value.bareNull || value.sql.startsWith("CAST(NULL")) return null;
  if (value.literal === undefined)
    return refuseOption(use.at, `${name} of a value that is not constant`);
  return value.literal.value;
}

function text(value: SqlValue | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}

function objectProperty(facts: SessionFacts, args: readonly SqlValue[]): number | undefined {
  const object = facts.objectById(Number(args[0]));
  if (object === undefined) return undefined;
  const property = text(args[1]).toLowerCase();
  const kinds: Record<string, boolean> = {
    istable: object.kind === "table",
    isusertable: object.kind === "table",
    isview: object.kind === "view",
    isprocedure: object.kind === "procedure",
    isscalarfunction: object.kind === "function",
    ismsshipped: false,
    ownerid: false,
    tablehasidentity: object.kind === "table" && object.columns.some((column) => column.identity),
    tablehasprimarykey:
      object.kind === "table" && object.keys.some((key) => key.kind === "primary"),
  };
  if (property === "ownerid") return 1;
  return Object.hasOwn(kinds, property) ? (kinds[property] ? 1 : 0) : undefined;
}

function columnProperty(facts: SessionFacts, args: readonly SqlValue[]): number | undefined {
  const object = facts.objectById(Number(args[0]));
  const column = object?.kind === "table" ? findColumn(object, text(args[1])) : undefined;
  if (column === undefined) return undefined;
  const { type } = column;
  switch (text(args[2]).toLowerCase()) {
    case "allowsnull":
      return column.nullable ? 1 : 0;
    case "isidentity":
      return column.identity === undefined ? 0 : 1;
    case "columnid":
      return column.id;
    case "precision":
      return "precision" in type
        ? type.precision
        : "length" in type
          ? type.length === "max"
            ? -1
            : type.length
          : 0;
    case "scale":
      return "scale" in type ? type.scale : 0;
    case "iscomputed":
    case "isrowguidcol":
    case "ishidden":
    case "generatedalwaystype":
      return 0;
    default:
      return undefined;
  }
}

function columnName(facts: SessionFacts, args: readonly SqlValue[]): string | undefined {
  const object = facts.objectById(Number(args[0]));
  return object?.kind === "table"
    ? object.columns.find((column) => column.id === Number(args[1]))?.name
    : undefined;
}

function columnLength(facts: SessionFacts, args: readonly SqlValue[]): number | undefined {
  const id = facts.objectId(text(args[0]), undefined);
  const object = id === undefined ? undefined : facts.objectById(id);
  const column = object?.kind === "table" ? findColumn(object, text(args[1])) : undefined;
  if (column === undefined || !("length" in column.type)) return undefined;
  if (column.type.length === "max") return -1;
  return column.type.length * (column.type.name.startsWith("n") ? 2 : 1);
}

const parts = (name: SqlValue | undefined): string[] =>
  (text(name).match(/\[(?:[^\]]|\]\])*\]|"[^"]*"|[^.]+/g) ?? []).map((part) =>
    part.replace(/^[["]|[\]"]$/g, ""),
  );

export const metadataFunctions: readonly FunctionDefinition[] = [
  constant("DB_NAME", [0, 1], types.sysname, (facts, args, use) =>
    args.length === 0
      ? use.binder.env.database
      : facts.databases.find(({ id }) => id === Number(args[0]))?.name,
  ),
  constant("DB_ID", [0, 1], types.int, (facts, args, use) => {
    const wanted = (args.length === 0 ? use.binder.env.database : text(args[0])).toLowerCase();
    return facts.databases.find(({ name }) => name.toLowerCase() === wanted)?.id;
  }),
  constant("ORIGINAL_DB_NAME", 0, types.sysname, (_facts, _args, use) => use.binder.env.database),
  constant("SCHEMA_NAME", [0, 1], types.sysname, (facts, args) =>
    args.length === 0 ? "dbo" : facts.schemaName(Number(args[0])),
  ),
  constant("SCHEMA_ID", [0, 1], types.int, (facts, args) =>
    facts.schemaId(args.length === 0 ? "dbo" : text(args[0])),
  ),
  constant("OBJECT_ID", [1, 2], types.int, (facts, args) =>
    facts.objectId(text(args[0]), args[1] === undefined ? undefined : text(args[1])),
  ),
  constant(
    "OBJECT_NAME",
    [1, 2],
    types.sysname,
    (facts, args) => facts.objectById(Number(args[0]))?.name,
  ),
  constant(
    "OBJECT_SCHEMA_NAME",
    [1, 2],
    types.sysname,
    (facts, args) => facts.objectById(Number(args[0]))?.schema,
  ),
  constant("OBJECT_DEFINITION", 1, { name: "nvarchar", length: "max" }, (facts, args) => {
    const object = facts.objectById(Number(args[0]));
    return object !== undefined && object.kind !== "table" ? object.text : undefined;
  }),
  constant("OBJECTPROPERTY", 2, types.int, objectProperty),
  constant("OBJECTPROPERTYEX", 2, types.int, objectProperty),
  constant("COLUMNPROPERTY", 3, types.int, columnProperty),
  constant("COL_NAME", 2, types.sysname, columnName),
  constant("COL_LENGTH", 2, types.smallint, columnLength),
  constant(
    "PARSENAME",
    2,
    types.sysname,
    (_facts, args) => parts(args[0]).reverse()[Number(args[1]) - 1],
  ),
  constant(
    "TYPE_NAME",
    1,
    types.sysname,
    (_facts, args) =>
      systemTypes.find((type) => type.user_type_id === Number(args[0]))?.name as string | undefined,
  ),
  constant("DATABASEPROPERTYEX", 2, { name: "nvarchar", length: 256 }, (facts, args) =>
    facts.databaseProperty(text(args[0]), text(args[1])),
  ),
  constant("DATABASEPROPERTY", 2, types.int, () => 0),
  constant("SERVERPROPERTY", 1, { name: "nvarchar", length: 256 }, (facts, args) =>
    facts.serverProperty(text(args[0])),
  ),
  constant("USER_NAME", [0, 1], types.sysname, (facts, args) =>
    args.length === 0 ? facts.user : facts.principalName(Number(args[0])),
  ),
  constant("USER_ID", [0, 1], types.int, (facts, args) =>
    facts.principalId(args.length === 0 ? facts.user : text(args[0])),
  ),
  constant("DATABASE_PRINCIPAL_ID", [0, 1], types.int, (facts, args) =>
    facts.principalId(args.length === 0 ? facts.user : text(args[0])),
  ),
  constant("IS_MEMBER", 1, types.int, (facts, args) => asBit(facts.isMember(text(args[0])))),
  constant("IS_ROLEMEMBER", [1, 2], types.int, (facts, args) =>
    asBit(facts.isMember(text(args[0]))),
  ),
  constant("IS_SRVROLEMEMBER", [1, 2], types.int, () => 0),
  constant("HAS_DBACCESS", 1, types.int, (facts, args) =>
    facts.databases.some(({ name }) => name.toLowerCase() === text(args[0]).toLowerCase()) ? 1 : 0,
  ),
  constant("HAS_PERMS_BY_NAME", [3, 5], types.int, (facts, args) =>
    asBit(
      facts.hasPermission(
        args[0] === null ? undefined : text(args[0]),
        text(args[1]),
        text(args[2]),
      ),
    ),
  ),
  constant("SUSER_ID", [0, 1], types.int, () => 1),
  constant("SUSER_SID", [0, 2], { name: "varbinary", length: 85 }, () => new Uint8Array([1])),
  constant("FULLTEXTSERVICEPROPERTY", 1, types.int, () => 0),
  constant("INDEXPROPERTY", 3, types.int, () => undefined),
  constant("TYPEPROPERTY", 2, types.int, () => undefined),
];

function asBit(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : value ? 1 : 0;
}
