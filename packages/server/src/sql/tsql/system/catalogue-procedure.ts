// The catalogue procedures of ODBC and JDBC drivers: sp_tables, sp_columns, sp_pkeys, sp_statistics …
// Source: "Catalog stored procedures (Transact-SQL)". Names ending in _90 and _100 are the same for
// newer drivers.
import type { SqlValue } from "../../session.ts";
import type { CatalogueObject, TableObject } from "../catalogue/model.ts";
import { likeRegex } from "../emit/predicate.ts";
import { findByText } from "../run/facts.ts";
import type { Session } from "../run/state.ts";
import { isString } from "../type.ts";
import { type OdbcVersion, odbcColumns, odbcTypes } from "./odbc-type.ts";
import { type Run, table, tableOf, text } from "./procedure-call.ts";
import { indexesOf } from "./shown-index.ts";
import { shownParameters } from "./shown-parameter.ts";
import { byPlace, enumerated } from "./table-listing.ts";
import { shownColumns, visibleObjects } from "./visible-object.ts";

type Row = Readonly<Record<string, SqlValue>>;
type Match = (name: string) => boolean;

/** A procedure that answers rows of columns given as `name:type` words. */
function listing(
  words: string,
  rows: (
    session: Session,
    ask: (index: number, name: string) => Promise<Match>,
    raw: Raw,
  ) => Promise<readonly Row[]>,
): Run {
  return async function* (session, args, _at, signal) {
    const raw = (index: number, name: string) => text(session, args, index, name, signal);
    const ask = async (index: number, name: string) => matcher(await raw(index, name));
    return yield* table(tableOf(words, await rows(session, ask, raw)));
  };
}

type Raw = (index: number, name: string) => Promise<string | undefined>;

async function versionOf(raw: Raw, index: number, isNew: boolean): Promise<OdbcVersion> {
  return { odbc: Number((await raw(index, "odbcver")) ?? 2), isNew };
}

/** Patterns are those of LIKE, with a backslash or brackets as the escape. */
function matcher(pattern: string | undefined): Match {
  if (pattern === undefined) return () => true;
  const regex = new RegExp(`^${likeRegex(pattern, "\\")}$`, "is");
  return (name) => regex.test(name);
}

function matching(session: Session, ofTable: Match, ofSchema: Match): CatalogueObject[] {
  return visibleObjects(session).filter(
    (object) =>
      (object.kind === "table" || object.kind === "view") &&
      ofTable(object.name) &&
      ofSchema(object.schema),
  );
}

function tablesIn(session: Session, ofTable: Match, ofSchema: Match): TableObject[] {
  return matching(session, ofTable, ofSchema).filter((object) => object.kind === "table");
}

function place(session: Session, object: { schema: string; name: string }) {
  return {
    TABLE_QUALIFIER: session.database.pool.name,
    TABLE_OWNER: object.schema,
    TABLE_NAME: object.name,
  };
}

const placeColumns = "TABLE_QUALIFIER:name TABLE_OWNER:name TABLE_NAME:name";

const tables = listing(
  `${placeColumns} TABLE_TYPE:varchar REMARKS:varchar`,
  async (session, ask, raw) => {
    const ofTable = await ask(0, "table_name");
    const ofSchema = await ask(1, "table_owner");
    const kinds = (await raw(3, "table_type"))?.toUpperCase();
    const asked = [await raw(0, "table_name"), await raw(1, "table_owner")];
    const listed = enumerated(session, asked, await raw(2, "table_qualifier"), kinds);
    if (listed !== undefined) return listed;
    return matching(session, ofTable, ofSchema)
      .map((object) => ({
        ...place(session, object),
        TABLE_TYPE: object.kind === "view" ? "VIEW" : "TABLE",
        REMARKS: null,
      }))
      .filter(({ TABLE_TYPE }) => kinds === undefined || kinds.includes(`'${TABLE_TYPE}'`))
      .toSorted(byPlace);
  },
);

const columnColumns = `${placeColumns} COLUMN_NAME:name DATA_TYPE:smallint TYPE_NAME:name PRECISION:int LENGTH:int SCALE:smallint RADIX:smallint NULLABLE:smallint REMARKS:varchar COLUMN_DEF:text SQL_DATA_TYPE:smallint SQL_DATETIME_SUB:smallint CHAR_OCTET_LENGTH:int ORDINAL_POSITION:int IS_NULLABLE:varchar`;
const ofUserTypes =
  "SS_UDT_CATALOG_NAME:name SS_UDT_SCHEMA_NAME:name SS_UDT_ASSEMBLY_TYPE_NAME:text SS_XML_SCHEMACOLLECTION_CATALOG_NAME:name SS_XML_SCHEMACOLLECTION_SCHEMA_NAME:name SS_XML_SCHEMACOLLECTION_NAME:name";

/** Newer drivers read more columns, by their places: mssql-jdbc the 29th of sp_columns_100. */
const columns = columnListing("");
const columns90 = columnListing(ofUserTypes);
const columns100 = columnListing(
  `SS_IS_SPARSE:smallint SS_IS_COLUMN_SET:smallint SS_IS_COMPUTED:smallint SS_IS_IDENTITY:smallint ${ofUserTypes}`,
);

function columnListing(more: string): Run {
  const isNew = more.includes("SS_IS_SPARSE");
  return listing(`${columnColumns} ${more} SS_DATA_TYPE:tinyint`, async (session, ask, raw) => {
    const version = await versionOf(raw, 4, isNew);
    const ofTable = await ask(0, "table_name");
    const ofSchema = await ask(1, "table_owner");
    const ofColumn = await ask(3, "column_name");
    return matching(session, ofTable, ofSchema).flatMap((object) =>
      shownColumns(session, object)
        .filter((column) => ofColumn(column.name))
        .map((column) => ({
          ...place(session, object),
          ...odbcColumns(column.type, version),
          COLUMN_NAME: column.name,
          TYPE_NAME: column.type.name + (column.identity === undefined ? "" : " identity"),
          NULLABLE: column.nullable ? 1 : 0,
          REMARKS: null,
          COLUMN_DEF: column.default === undefined ? null : `(${column.default.text})`,
          ORDINAL_POSITION: column.id,
          IS_NULLABLE: column.nullable ? "YES" : "NO",
          SS_IS_SPARSE: 0,
          SS_IS_COLUMN_SET: 0,
          SS_IS_COMPUTED: 0,
          SS_IS_IDENTITY: column.identity === undefined ? 0 : 1,
        })),
    );
  });
}

const primaryKeys = listing(
  `${placeColumns} COLUMN_NAME:name KEY_SEQ:smallint PK_NAME:name`,
  async (session, ask) => {
    const found = tablesIn(session, await ask(0, "table_name"), await ask(1, "table_owner"));
    return found.flatMap((object) => {
      const key = object.keys.find((candidate) => candidate.kind === "primary");
      return (key?.columns ?? []).map((column, index) => ({
        ...place(session, object),
        COLUMN_NAME: column,
        KEY_SEQ: index + 1,
        PK_NAME: key!.name,
      }));
    });
  },
);

/** The first row of a table is about the table itself (type 0), the others are index columns. */
const statistics = listing(
  `${placeColumns} NON_UNIQUE:smallint INDEX_QUALIFIER:name INDEX_NAME:name TYPE:smallint SEQ_IN_INDEX:smallint COLUMN_NAME:name COLLATION:varchar CARDINALITY:int PAGES:int FILTER_CONDITION:varchar`,
  async (session, ask, raw) => {
    const found = tablesIn(session, await ask(0, "table_name"), await ask(1, "table_owner"));
    const uniqueOnly = (await raw(4, "is_unique"))?.toUpperCase() === "Y";
    return found.flatMap((object): Row[] => [
      { ...place(session, object), TYPE: 0 },
      ...indexesOf(object)
        .filter((index) => index.id > 0 && index.type !== 5 && (index.isUnique || !uniqueOnly))
        .flatMap((index) =>
          index.columns.map((column, position) => ({
            ...place(session, object),
            NON_UNIQUE: index.isUnique ? 0 : 1,
            INDEX_QUALIFIER: object.name,
            INDEX_NAME: index.name,
            TYPE: index.type === 1 ? 1 : 3,
            SEQ_IN_INDEX: position + 1,
            COLUMN_NAME: column.name,
            COLLATION: column.descending ? "D" : "A",
          })),
        ),
    ]);
  },
);

const procedureColumns = "PROCEDURE_QUALIFIER:name PROCEDURE_OWNER:name PROCEDURE_NAME:name";

function modulesIn(session: Session, ofName: Match, ofSchema: Match): CatalogueObject[] {
  return visibleObjects(session).filter(
    (object) =>
      (object.kind === "procedure" || object.kind === "function") &&
      ofName(object.name) &&
      ofSchema(object.schema),
  );
}

/** Names of modules end in `;1`, their number in a group. */
function modulePlace(session: Session, object: CatalogueObject) {
  return {
    PROCEDURE_QUALIFIER: session.database.pool.name,
    PROCEDURE_OWNER: object.schema,
    PROCEDURE_NAME: `${object.name};${object.kind === "procedure" ? 1 : 0}`,
  };
}

const procedures = listing(
  `${procedureColumns} NUM_INPUT_PARAMS:int NUM_OUTPUT_PARAMS:int NUM_RESULT_SETS:int REMARKS:varchar PROCEDURE_TYPE:smallint`,
  async (session, ask) =>
    modulesIn(session, await ask(0, "sp_name"), await ask(1, "sp_owner")).map((object) => ({
      ...modulePlace(session, object),
      NUM_INPUT_PARAMS: -1,
      NUM_OUTPUT_PARAMS: -1,
      NUM_RESULT_SETS: -1,
      REMARKS: null,
      PROCEDURE_TYPE: 2,
    })),
);

const parameterColumns = `${procedureColumns} COLUMN_NAME:name COLUMN_TYPE:smallint DATA_TYPE:smallint TYPE_NAME:name PRECISION:int LENGTH:int SCALE:smallint RADIX:smallint NULLABLE:smallint REMARKS:varchar COLUMN_DEF:text SQL_DATA_TYPE:smallint SQL_DATETIME_SUB:smallint CHAR_OCTET_LENGTH:int ORDINAL_POSITION:int IS_NULLABLE:varchar`;

/** mssql-jdbc's ParameterMetaData reads the schema of a user's type from sp_sproc_columns_100. */
const parameters = parameterListing("");
const parameters90 = parameterListing(ofUserTypes);
const parameters100 = parameterListing(
  `SS_TYPE_CATALOG_NAME:name SS_TYPE_SCHEMA_NAME:name ${ofUserTypes}`,
);

function parameterListing(more: string): Run {
  const isNew = more.includes("SS_TYPE_SCHEMA_NAME");
  return listing(`${parameterColumns} ${more} SS_DATA_TYPE:tinyint`, async (session, ask, raw) => {
    const version = await versionOf(raw, 4, isNew);
    const found = modulesIn(
      session,
      await ask(0, "procedure_name"),
      await ask(1, "procedure_owner"),
    );
    const ofColumn = await ask(3, "column_name");
    return found.flatMap((object) => {
      const result = {
        id: 0,
        name: "@RETURN_VALUE",
        type: { name: "int" } as const,
        isOutput: true,
      };
      const shown = shownParameters(object).map((entry) =>
        entry.id === 0 ? { ...entry, name: "@RETURN_VALUE" } : entry,
      );
      const listed = shown.some(({ id }) => id === 0) ? shown : [result, ...shown];
      return listed
        .filter(({ name }) => ofColumn(name))
        .map((parameter) => ({
          ...modulePlace(session, object),
          ...odbcColumns(parameter.type, version),
          COLUMN_NAME: parameter.name,
          COLUMN_TYPE: parameter.id === 0 ? 5 : parameter.isOutput ? 2 : 1,
          NULLABLE: parameter.id === 0 ? 0 : 1,
          REMARKS: null,
          COLUMN_DEF: null,
          ORDINAL_POSITION: parameter.id,
          IS_NULLABLE: parameter.id === 0 ? "NO" : "YES",
        }));
    });
  });
}

function typeListing(isNew: boolean): Run {
  return listing(
    "TYPE_NAME:name DATA_TYPE:smallint PRECISION:int LITERAL_PREFIX:varchar LITERAL_SUFFIX:varchar CREATE_PARAMS:varchar NULLABLE:smallint CASE_SENSITIVE:smallint SEARCHABLE:smallint UNSIGNED_ATTRIBUTE:smallint MONEY:smallint AUTO_INCREMENT:smallint LOCAL_TYPE_NAME:name MINIMUM_SCALE:smallint MAXIMUM_SCALE:smallint SQL_DATA_TYPE:smallint SQL_DATETIME_SUB:smallint NUM_PREC_RADIX:int INTERVAL_PRECISION:smallint USERTYPE:smallint",
    async (_session, _ask, raw) => {
      const wanted = Number((await raw(0, "data_type")) ?? 0);
      const version = await versionOf(raw, 1, isNew);
      return odbcTypes(version).filter(({ DATA_TYPE }) => wanted === 0 || DATA_TYPE === wanted);
    },
  );
}

const foreignKeys = listing(
  "PKTABLE_QUALIFIER:name PKTABLE_OWNER:name PKTABLE_NAME:name PKCOLUMN_NAME:name FKTABLE_QUALIFIER:name FKTABLE_OWNER:name FKTABLE_NAME:name FKCOLUMN_NAME:name KEY_SEQ:smallint UPDATE_RULE:smallint DELETE_RULE:smallint FK_NAME:name PK_NAME:name DEFERRABILITY:smallint",
  async () => [],
);

/** Columns that tell rows apart; tables without enforced keys have none. */
const specialColumns = listing(
  "SCOPE:smallint COLUMN_NAME:name DATA_TYPE:smallint TYPE_NAME:name PRECISION:int LENGTH:int SCALE:smallint PSEUDO_COLUMN:smallint",
  async () => [],
);

const privilegeColumns = "GRANTOR:name GRANTEE:name PRIVILEGE:varchar IS_GRANTABLE:varchar";

function privileges(words: string): Run {
  return listing(words, async (session, ask) => {
    const found = matching(session, await ask(0, "table_name"), await ask(1, "table_owner"));
    return found.flatMap((object) =>
      session.database.catalogue.permissions
        .filter(
          (entry) =>
            entry.class === "object" && entry.major === object.id && entry.state !== "deny",
        )
        .map((entry) => ({
          ...place(session, object),
          GRANTOR: entry.grantor,
          GRANTEE: entry.grantee,
          PRIVILEGE: entry.permission,
          IS_GRANTABLE: entry.state === "grantWithOption" ? "YES" : "NO",
        })),
    );
  });
}

/** SQL_Latin1_General_CP1_CI_AS as TDS writes it (MS-TDS 2.2.5.1.2). */
const wireCollation = Uint8Array.of(0x09, 0x04, 0xd0, 0x00, 0x34);

/** What bulk copies ask of their target: a row a column, collations of the text ones. */
const tableCollations = listing(
  "colid:int name:name tds_collation:varbinary collation:name",
  async (session, _ask, raw) => {
    const object = findByText(session, ((await raw(0, "object")) ?? "").replace(/^\.+/, ""), "U");
    const columns = object?.kind === "table" ? object.columns : [];
    return columns.map(({ id, name, type, collation = "SQL_Latin1_General_CP1_CI_AS" }) => ({
      colid: id,
      name,
      ...(isString(type) ? { tds_collation: wireCollation, collation } : {}),
    }));
  },
);

export const catalogueProcedures: Readonly<Record<string, Run>> = {
  sp_tables: tables,
  sp_columns: columns,
  sp_columns_90: columns90,
  sp_columns_100: columns100,
  sp_pkeys: primaryKeys,
  sp_fkeys: foreignKeys,
  sp_statistics: statistics,
  sp_statistics_100: statistics,
  sp_special_columns: specialColumns,
  sp_special_columns_90: specialColumns,
  sp_special_columns_100: specialColumns,
  sp_stored_procedures: procedures,
  sp_sproc_columns: parameters,
  sp_sproc_columns_90: parameters90,
  sp_sproc_columns_100: parameters100,
  sp_datatype_info: typeListing(false),
  sp_datatype_info_90: typeListing(false),
  sp_datatype_info_100: typeListing(true),
  sp_tablecollations: tableCollations,
  sp_tablecollations_90: tableCollations,
  sp_tablecollations_100: tableCollations,
  sp_table_privileges: privileges(`${placeColumns} ${privilegeColumns}`),
  sp_column_privileges: privileges(`${placeColumns} COLUMN_NAME:name ${privilegeColumns}`),
};
