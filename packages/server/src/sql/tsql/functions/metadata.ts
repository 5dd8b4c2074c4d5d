// Metadata and security functions: OBJECT_ID, DB_NAME, SERVERPROPERTY, HAS_PERMS_BY_NAME …
// Sources: "Metadata functions", "Security functions (Transact-SQL)". Arguments are constant, or looked
// up in what the catalogue knows (metadata-lookup.ts).
import type { SqlType, SqlValue } from "../../session.ts";
import { findColumn, isModule, isTable } from "../catalogue/model.ts";
import type { SessionFacts } from "../emit/environment.ts";
import { literalValue, type Value } from "../emit/value.ts";
import { fail, refuseOption } from "../error.ts";
import { nameParts } from "../name-text.ts";
import { systemTypes, typeFacts } from "../system/type-facts.ts";
import { isTemporal, spoken, storage, types } from "../type.ts";
import { type FunctionDefinition, type FunctionUse, scalar } from "./definition.ts";
import { type Domain, domains, lookUp } from "./metadata-lookup.ts";

type Read = (
  facts: SessionFacts,
  args: readonly SqlValue[],
  use: FunctionUse,
) => SqlValue | undefined;

function metadata(
  name: string,
  args: number | readonly [number, number],
  type: SqlType,
  read: Read,
  domain?: Domain,
): FunctionDefinition {
  return scalar(name, args, (values, use) => {
    const { facts } = use.binder.env;
    values.forEach(({ type: given }, index) => {
      if (isTemporal(given) || given.name === "uniqueidentifier")
        fail(8116, use.at, spoken(given), index + 1, name.toLowerCase());
    });
    const answer = (given: readonly SqlValue[]) => read(facts, given, use) ?? null;
    const isVariable = values.some((value) => value.literal === undefined && !isNull(value));
    if (isVariable && domain !== undefined && !values.some(isNull))
      return lookUp({ args: values, domain, facts, type, read: answer });
    return known(answer(values.map((value) => literal(value, use, name))), type);
  });
}

/** A NULL keeps its type, which an untyped one would lose on its way to the client. */
function known(value: SqlValue, type: SqlType): Value {
  if (value !== null) return literalValue(value, type);
  return { ...literalValue(null, type), sql: `CAST(NULL AS ${storage(type)})` };
}

function isNull(value: Value): boolean {
  return value.bareNull === true || value.sql.startsWith("CAST(NULL");
}

function literal(value: Value, use: FunctionUse, name: string): SqlValue {
  if (isNull(value)) return null;
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
    istable: isTable(object),
    isusertable: isTable(object),
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
  const column = isTable(object) ? findColumn(object, text(args[1])) : undefined;
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
      if (!("length" in type)) return typeFacts(type).precision;
      return type.length === "max" ? -1 : type.length;
    case "scale":
      return typeFacts(type).scale;
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
  return isTable(object)
    ? object.columns.find((column) => column.id === Number(args[1]))?.name
    : undefined;
}

function columnLength(facts: SessionFacts, args: readonly SqlValue[]): number | undefined {
  const id = facts.objectId(text(args[0]), undefined);
  const object = id === undefined ? undefined : facts.objectById(id);
  const column = isTable(object) ? findColumn(object, text(args[1])) : undefined;
  return column === undefined ? undefined : typeFacts(column.type).maxLength;
}

const parts = (name: SqlValue | undefined): string[] => nameParts(text(name));

const nameType: SqlType = { name: "nvarchar", length: 256 };

const databaseFunctions: readonly FunctionDefinition[] = [
  metadata(
    "DB_NAME",
    [0, 1],
    types.sysname,
    (facts, args, use) =>
      args.length === 0
        ? use.binder.env.database
        : facts.databases.find(({ id }) => id === Number(args[0]))?.name,
    domains.databaseIds,
  ),
  metadata(
    "DB_ID",
    [0, 1],
    types.int,
    (facts, args, use) => {
      const wanted = (args.length === 0 ? use.binder.env.database : text(args[0])).toLowerCase();
      return facts.databases.find(({ name }) => name.toLowerCase() === wanted)?.id;
    },
    domains.databaseNames,
  ),
  metadata("ORIGINAL_DB_NAME", 0, types.sysname, (_facts, _args, use) => use.binder.env.database),
  metadata(
    "DATABASEPROPERTYEX",
    2,
    nameType,
    (facts, args) =>
      facts.databases.some(({ name }) => name.toLowerCase() === text(args[0]).toLowerCase())
        ? facts.databaseProperty(text(args[0]), text(args[1]))
        : undefined,
    domains.databaseNames,
  ),
  metadata("DATABASEPROPERTY", 2, types.int, () => 0),
  metadata("SERVERPROPERTY", 1, nameType, (facts, args) => facts.serverProperty(text(args[0]))),
  metadata(
    "HAS_DBACCESS",
    1,
    types.int,
    (facts, args) =>
      facts.databases.some(({ name }) => name.toLowerCase() === text(args[0]).toLowerCase())
        ? 1
        : 0,
    domains.databaseNames,
  ),
  metadata("FULLTEXTSERVICEPROPERTY", 1, types.int, () => 0),
];

const objectFunctions: readonly FunctionDefinition[] = [
  metadata(
    "SCHEMA_NAME",
    [0, 1],
    types.sysname,
    (facts, args) => (args.length === 0 ? facts.defaultSchema : facts.schemaName(Number(args[0]))),
    domains.schemaIds,
  ),
  metadata(
    "SCHEMA_ID",
    [0, 1],
    types.int,
    (facts, args) => facts.schemaId(args.length === 0 ? "dbo" : text(args[0])),
    domains.schemaNames,
  ),
  metadata(
    "OBJECT_ID",
    [1, 2],
    types.int,
    (facts, args) =>
      facts.objectId(text(args[0]), args[1] === undefined ? undefined : text(args[1])),
    domains.objectNames,
  ),
  metadata(
    "OBJECT_NAME",
    [1, 2],
    types.sysname,
    (facts, args) => facts.objectById(Number(args[0]))?.name,
    domains.objectIds,
  ),
  metadata(
    "OBJECT_SCHEMA_NAME",
    [1, 2],
    types.sysname,
    (facts, args) => facts.objectById(Number(args[0]))?.schema,
    domains.objectIds,
  ),
  metadata(
    "OBJECT_DEFINITION",
    1,
    { name: "nvarchar", length: "max" },
    (facts, args) => {
      const object = facts.objectById(Number(args[0]));
      return object !== undefined && isModule(object) ? object.text : undefined;
    },
    domains.objectIds,
  ),
  metadata("OBJECTPROPERTY", 2, types.int, objectProperty, domains.objectIds),
  metadata("OBJECTPROPERTYEX", 2, types.int, objectProperty, domains.objectIds),
  metadata("COLUMNPROPERTY", 3, types.int, columnProperty, domains.columnNames),
  metadata("COL_NAME", 2, types.sysname, columnName, domains.columnIds),
  metadata("COL_LENGTH", 2, types.smallint, columnLength, domains.namedColumns),
  metadata(
    "INDEXPROPERTY",
    3,
    types.int,
    () => undefined,
    () => [],
  ),
  metadata(
    "STATS_DATE",
    2,
    types.datetime,
    () => undefined,
    () => [],
  ),
  metadata(
    "TYPE_NAME",
    1,
    types.sysname,
    (_facts, args) => {
      const found = systemTypes.find((type) => type.user_type_id === Number(args[0]));
      return found?.name as string | undefined;
    },
    () => systemTypes.map((type) => [type.user_type_id]),
  ),
  metadata(
    "TYPE_ID",
    1,
    types.int,
    (_facts, args) => {
      const wanted = parts(args[0]).at(-1)?.toLowerCase();
      return systemTypes.find((type) => type.name === wanted)?.user_type_id as number | undefined;
    },
    () => systemTypes.map((type) => [type.name]),
  ),
  metadata("TYPEPROPERTY", 2, types.int, (_facts, args) => {
    const wanted = parts(args[0]).at(-1)?.toLowerCase();
    const found = systemTypes.find((type) => type.name === wanted);
    const properties: Record<string, unknown> = {
      allowsnull: found?.name === "sysname" ? 0 : 1,
      ownerid: 4,
      precision: Number(found?.precision) || found?.max_length,
      scale: found?.scale,
      usesansitrim: /char|binary/.test(String(found?.name)) ? 1 : undefined,
    };
    return found && (properties[text(args[1]).toLowerCase()] as number | undefined);
  }),
];

const principalFunctions: readonly FunctionDefinition[] = [
  metadata(
    "USER_NAME",
    [0, 1],
    types.sysname,
    (facts, args) => (args.length === 0 ? facts.user : facts.principalName(Number(args[0]))),
    domains.principalIds,
  ),
  ...["USER_ID", "DATABASE_PRINCIPAL_ID"].map((name) =>
    metadata(
      name,
      [0, 1],
      types.int,
      (facts, args) => facts.principalId(args.length === 0 ? facts.user : text(args[0])),
      domains.principalNames,
    ),
  ),
  metadata(
    "IS_MEMBER",
    1,
    types.int,
    (facts, args) => asBit(facts.isMember(text(args[0]))),
    domains.principalNames,
  ),
  metadata(
    "IS_ROLEMEMBER",
    [1, 2],
    types.int,
    (facts, args) => asBit(facts.isMember(text(args[0]))),
    domains.principalNames,
  ),
  metadata("IS_SRVROLEMEMBER", [1, 2], types.int, () => 0),
  metadata(
    "HAS_PERMS_BY_NAME",
    [3, 5],
    types.int,
    (facts, args) =>
      asBit(
        facts.hasPermission(
          args[0] === null ? undefined : text(args[0]),
          text(args[1]),
          text(args[2]),
        ),
      ),
    (facts) => [...domains.objectNames(facts), ...domains.schemaNames(facts)],
  ),
  metadata("SUSER_ID", [0, 1], types.int, () => 1),
  metadata("SUSER_SID", [0, 2], { name: "varbinary", length: 85 }, () => new Uint8Array([1])),
];

export const metadataFunctions: readonly FunctionDefinition[] = [
  ...databaseFunctions,
  ...objectFunctions,
  ...principalFunctions,
];

function asBit(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : value ? 1 : 0;
}
