// INFORMATION_SCHEMA views. Source: "System information schema views (Transact-SQL)".

import type { SqlType } from "../../session.ts";
import { type CatalogueObject, isTable, isTemporary } from "../catalogue/model.ts";
import type { Session } from "../run/state.ts";
import { isDate, isNumeric, isString } from "../type.ts";
import { defineView, type SystemRow, type SystemView } from "./definition.ts";
import { shownParameters } from "./shown-parameter.ts";
import { typeFacts } from "./type-facts.ts";
import { shownColumns, tablesOf, visibleObjects } from "./visible-object.ts";

function columnRows(session: Session): SystemRow[] {
  const catalog = session.database.pool.name;
  return visibleObjects(session)
    .filter((object) => !isTemporary(object))
    .flatMap((object) =>
      shownColumns(session, object).map((column) => ({
        TABLE_CATALOG: catalog,
        TABLE_SCHEMA: object.schema,
        TABLE_NAME: object.name,
        COLUMN_NAME: column.name,
        ORDINAL_POSITION: column.id,
        COLUMN_DEFAULT: column.default === undefined ? null : `(${column.default.text})`,
        IS_NULLABLE: column.nullable ? "YES" : "NO",
        DATA_TYPE: column.type.name,
        ...sizes(column.type),
        COLLATION_NAME: isString(column.type)
          ? (column.collation ?? "SQL_Latin1_General_CP1_CI_AS")
          : null,
      })),
    );
}

function sizes(type: SqlType): SystemRow {
  const facts = typeFacts(type);
  const hasLength = "length" in type;
  const characters = hasLength ? (type.length === "max" ? -1 : type.length) : null;
  const isTimed = isDate(type) || type.name === "time";
  const numeric = isNumeric(type) && type.name !== "bit";
  return {
    CHARACTER_MAXIMUM_LENGTH: characters,
    CHARACTER_OCTET_LENGTH: hasLength ? facts.maxLength : null,
    NUMERIC_PRECISION: numeric ? facts.precision : null,
    NUMERIC_PRECISION_RADIX: numeric
      ? type.name === "float" || type.name === "real"
        ? 2
        : 10
      : null,
    NUMERIC_SCALE: numeric && type.name !== "float" && type.name !== "real" ? facts.scale : null,
    DATETIME_PRECISION: isTimed ? facts.scale : null,
    CHARACTER_SET_NAME: isString(type) ? (type.name.startsWith("n") ? "UNICODE" : "iso_1") : null,
  };
}

function named(object: CatalogueObject, catalog: string): SystemRow {
  return { TABLE_CATALOG: catalog, TABLE_SCHEMA: object.schema, TABLE_NAME: object.name };
}

function keyColumnRows(session: Session): SystemRow[] {
  const catalog = session.database.pool.name;
  return tablesOf(session).flatMap((table) =>
    table.keys.flatMap((key) =>
      key.columns.map((column, index) => ({
        ...named(table, catalog),
        CONSTRAINT_CATALOG: catalog,
        CONSTRAINT_SCHEMA: table.schema,
        CONSTRAINT_NAME: key.name,
        COLUMN_NAME: column,
        ORDINAL_POSITION: index + 1,
      })),
    ),
  );
}

export const informationSchemaViews: readonly SystemView[] = [
  defineView(
    "INFORMATION_SCHEMA.SCHEMATA",
    "CATALOG_NAME:name SCHEMA_NAME:name SCHEMA_OWNER:name DEFAULT_CHARACTER_SET_CATALOG:name DEFAULT_CHARACTER_SET_SCHEMA:name DEFAULT_CHARACTER_SET_NAME:name",
    (session) =>
      [...session.database.catalogue.schemas.values()].map((schema) => ({
        CATALOG_NAME: session.database.pool.name,
        SCHEMA_NAME: schema.name,
        SCHEMA_OWNER: schema.owner,
        DEFAULT_CHARACTER_SET_NAME: "iso_1",
      })),
  ),
  defineView(
    "INFORMATION_SCHEMA.TABLES",
    "TABLE_CATALOG:name TABLE_SCHEMA:name TABLE_NAME:name TABLE_TYPE:varchar",
    (session) =>
      visibleObjects(session)
        .filter((object) => (isTable(object) && !isTemporary(object)) || object.kind === "view")
        .map((object) => ({
          ...named(object, session.database.pool.name),
          TABLE_TYPE: object.kind === "view" ? "VIEW" : "BASE TABLE",
        })),
  ),
  defineView(
    "INFORMATION_SCHEMA.VIEWS",
    "TABLE_CATALOG:name TABLE_SCHEMA:name TABLE_NAME:name VIEW_DEFINITION:text CHECK_OPTION:varchar IS_UPDATABLE:varchar",
    (session) =>
      visibleObjects(session).flatMap((object) =>
        object.kind === "view"
          ? [
              {
                ...named(object, session.database.pool.name),
                VIEW_DEFINITION: object.text,
                CHECK_OPTION: "NONE",
                IS_UPDATABLE: "NO",
              },
            ]
          : [],
      ),
  ),
  defineView(
    "INFORMATION_SCHEMA.COLUMNS",
    "TABLE_CATALOG:name TABLE_SCHEMA:name TABLE_NAME:name COLUMN_NAME:name ORDINAL_POSITION:int COLUMN_DEFAULT:text IS_NULLABLE:varchar DATA_TYPE:name CHARACTER_MAXIMUM_LENGTH:int CHARACTER_OCTET_LENGTH:int NUMERIC_PRECISION:tinyint NUMERIC_PRECISION_RADIX:smallint NUMERIC_SCALE:int DATETIME_PRECISION:smallint CHARACTER_SET_CATALOG:name CHARACTER_SET_SCHEMA:name CHARACTER_SET_NAME:name COLLATION_CATALOG:name COLLATION_SCHEMA:name COLLATION_NAME:name DOMAIN_CATALOG:name DOMAIN_SCHEMA:name DOMAIN_NAME:name",
    columnRows,
  ),
  defineView(
    "INFORMATION_SCHEMA.ROUTINES",
    "SPECIFIC_CATALOG:name SPECIFIC_SCHEMA:name SPECIFIC_NAME:name ROUTINE_CATALOG:name ROUTINE_SCHEMA:name ROUTINE_NAME:name ROUTINE_TYPE:varchar DATA_TYPE:name ROUTINE_BODY:varchar ROUTINE_DEFINITION:text IS_DETERMINISTIC:varchar SQL_DATA_ACCESS:varchar CREATED:datetime LAST_ALTERED:datetime",
    (session) =>
      visibleObjects(session).flatMap((object) => {
        if (object.kind !== "procedure" && object.kind !== "function") return [];
        const catalog = session.database.pool.name;
        return [
          {
            SPECIFIC_CATALOG: catalog,
            SPECIFIC_SCHEMA: object.schema,
            SPECIFIC_NAME: object.name,
            ROUTINE_CATALOG: catalog,
            ROUTINE_SCHEMA: object.schema,
            ROUTINE_NAME: object.name,
            ROUTINE_TYPE: object.kind.toUpperCase(),
            DATA_TYPE: shownParameters(object).find(({ id }) => id === 0)?.type.name ?? null,
            ROUTINE_BODY: "SQL",
            ROUTINE_DEFINITION: object.text,
            IS_DETERMINISTIC: "NO",
            SQL_DATA_ACCESS: object.kind === "procedure" ? "MODIFIES" : "READS",
            CREATED: BigInt(object.created),
            LAST_ALTERED: BigInt(object.modified),
          },
        ];
      }),
  ),
  defineView(
    "INFORMATION_SCHEMA.TABLE_CONSTRAINTS",
    "CONSTRAINT_CATALOG:name CONSTRAINT_SCHEMA:name CONSTRAINT_NAME:name TABLE_CATALOG:name TABLE_SCHEMA:name TABLE_NAME:name CONSTRAINT_TYPE:varchar IS_DEFERRABLE:varchar INITIALLY_DEFERRED:varchar",
    (session) =>
      tablesOf(session).flatMap((table) =>
        table.keys.map((key) => ({
          ...named(table, session.database.pool.name),
          CONSTRAINT_CATALOG: session.database.pool.name,
          CONSTRAINT_SCHEMA: table.schema,
          CONSTRAINT_NAME: key.name,
          CONSTRAINT_TYPE: key.kind === "primary" ? "PRIMARY KEY" : "UNIQUE",
          IS_DEFERRABLE: "NO",
          INITIALLY_DEFERRED: "NO",
        })),
      ),
  ),
  defineView(
    "INFORMATION_SCHEMA.KEY_COLUMN_USAGE",
    "CONSTRAINT_CATALOG:name CONSTRAINT_SCHEMA:name CONSTRAINT_NAME:name TABLE_CATALOG:name TABLE_SCHEMA:name TABLE_NAME:name COLUMN_NAME:name ORDINAL_POSITION:int",
    keyColumnRows,
  ),
  defineView(
    "INFORMATION_SCHEMA.CONSTRAINT_COLUMN_USAGE",
    "TABLE_CATALOG:name TABLE_SCHEMA:name TABLE_NAME:name COLUMN_NAME:name CONSTRAINT_CATALOG:name CONSTRAINT_SCHEMA:name CONSTRAINT_NAME:name",
    keyColumnRows,
  ),
  defineView(
    "INFORMATION_SCHEMA.PARAMETERS",
    "SPECIFIC_CATALOG:name SPECIFIC_SCHEMA:name SPECIFIC_NAME:name ORDINAL_POSITION:int PARAMETER_MODE:varchar IS_RESULT:varchar AS_LOCATOR:varchar PARAMETER_NAME:name DATA_TYPE:name CHARACTER_MAXIMUM_LENGTH:int CHARACTER_OCTET_LENGTH:int COLLATION_NAME:name CHARACTER_SET_NAME:name NUMERIC_PRECISION:tinyint NUMERIC_PRECISION_RADIX:smallint NUMERIC_SCALE:int DATETIME_PRECISION:smallint",
    (session) =>
      visibleObjects(session).flatMap((object) =>
        shownParameters(object).map((parameter) => ({
          SPECIFIC_CATALOG: session.database.pool.name,
          SPECIFIC_SCHEMA: object.schema,
          SPECIFIC_NAME: object.name,
          ORDINAL_POSITION: parameter.id,
          PARAMETER_MODE: parameter.id === 0 ? "OUT" : parameter.isOutput ? "INOUT" : "IN",
          IS_RESULT: parameter.id === 0 ? "YES" : "NO",
          AS_LOCATOR: "NO",
          PARAMETER_NAME: parameter.name,
          DATA_TYPE: parameter.type.name,
          ...sizes(parameter.type),
          COLLATION_NAME: isString(parameter.type) ? "SQL_Latin1_General_CP1_CI_AS" : null,
        })),
      ),
  ),
];
