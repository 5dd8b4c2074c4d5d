// External tables, data sources, file formats and credentials, and materialized views. No view shows a secret.
// Sources: "sys.external_tables", "sys.external_data_sources", "sys.external_file_formats",
// "sys.database_scoped_credentials", "sys.symmetric_keys", "sys.pdw_materialized_view_…".
import type { ExternalTableObject, ViewObject } from "../catalogue/model.ts";
import { decide } from "../catalogue/permission.ts";
import type { Session } from "../run/state.ts";
import { defineView, type SystemRow, type SystemView } from "./definition.ts";
import { objectColumns, objectRow, shownColumns, visibleObjects } from "./visible-object.ts";

function externalTables(session: Session): ExternalTableObject[] {
  return visibleObjects(session).filter((object) => object.kind === "externalTable");
}

function tableRow(session: Session, table: ExternalTableObject): SystemRow {
  const { dataSource, fileFormat } = session.database.catalogue.external;
  const { reject } = table;
  return {
    ...objectRow(session, table),
    data_source_id: dataSource.get(table.dataSource.toLowerCase())?.id ?? null,
    file_format_id: fileFormat.get(table.fileFormat.toLowerCase())?.id ?? null,
    location: table.location,
    reject_type: reject.kind.toUpperCase(),
    reject_value: reject.most,
    reject_sample_value: reject.kind === "percentage" ? reject.sample : null,
  };
}

/** Whoever may make one, or use what rests on one, may see it. */
function isVisible(session: Session, permission: string): boolean {
  const { catalogue } = session.database;
  return (
    externalTables(session).length > 0 ||
    [permission, "VIEW DEFINITION"].some(
      (each) => decide(catalogue, session.actor, { permission: each }) === "allowed",
    )
  );
}

function sourceRows(session: Session): SystemRow[] {
  const { dataSource, credential } = session.database.catalogue.external;
  if (!isVisible(session, "ALTER ANY EXTERNAL DATA SOURCE")) return [];
  return [...dataSource.values()].map((source) => ({
    data_source_id: source.id,
    name: source.name,
    location: source.location,
    type_desc: source.isHadoop ? "HADOOP" : "NATIVE",
    type: source.isHadoop ? 0 : 6,
    credential_id: credential.get(source.credential?.toLowerCase() ?? "")?.id ?? 0,
  }));
}

function formatRows(session: Session): SystemRow[] {
  if (!isVisible(session, "ALTER ANY EXTERNAL FILE FORMAT")) return [];
  return [...session.database.catalogue.external.fileFormat.values()].map((format) => {
    const ofText: SystemRow =
      format.kind === "parquet"
        ? {}
        : {
            field_terminator: format.fieldTerminator,
            string_delimiter: format.stringDelimiter,
            date_format: format.dateFormat ?? "",
            use_type_default: format.useTypeDefault,
            row_terminator: "\\n",
            encoding: format.encoding,
            first_row: format.firstRow,
          };
    return {
      file_format_id: format.id,
      name: format.name,
      format_type: format.kind.toUpperCase(),
      data_compression: format.compression ?? null,
      ...ofText,
    };
  });
}

/** "VIEW DEFINITION" or CONTROL of the database: nobody else learns which identities there are. */
function isTrusted(session: Session): boolean {
  return decide(session.database.catalogue, session.actor, { permission: "CONTROL" }) === "allowed";
}

function credentialRows(session: Session): SystemRow[] {
  if (!isTrusted(session)) return [];
  return [...session.database.catalogue.external.credential.values()].map((credential) => ({
    name: credential.name,
    principal_id: 1,
    credential_id: credential.id,
    credential_identity: credential.identity,
    create_date: BigInt(credential.created),
    modify_date: BigInt(credential.modified),
  }));
}

const credentialColumns =
  "name:name principal_id:int credential_id:int credential_identity:text create_date:datetime modify_date:datetime";

function keyRows(session: Session): SystemRow[] {
  return [...session.database.catalogue.external.masterKey.values()].map(({ created }) => ({
    name: "##MS_DatabaseMasterKey##",
    principal_id: 1,
    symmetric_key_id: 101,
    key_length: 256,
    key_algorithm: "A3",
    algorithm_desc: "AES_256",
    create_date: BigInt(created),
    modify_date: BigInt(created),
  }));
}

type Materialized = ViewObject & { materialized: NonNullable<ViewObject["materialized"]> };

function materializedViews(session: Session): Materialized[] {
  return visibleObjects(session).filter(
    (object): object is Materialized => object.kind === "view" && object.materialized !== undefined,
  );
}

export const externalViews: readonly SystemView[] = [
  defineView(
    "sys.external_tables",
    `${objectColumns} max_column_id_used:int uses_ansi_nulls:bit data_source_id:int file_format_id:int location:text reject_type:varchar reject_value:float reject_sample_value:int distribution_type:int distribution_desc:nvarchar60 sharding_column_id:int sharding_col_id:int remote_schema_name:name remote_object_name:name rejected_row_location:text table_options:text`,
    (session) => externalTables(session).map((table) => tableRow(session, table)),
  ),
  defineView(
    "sys.external_data_sources",
    "data_source_id:int name:name location:text type_desc:nvarchar60 type:tinyint resource_manager_location:text credential_id:int database_name:name shard_map_name:name",
    sourceRows,
  ),
  defineView(
    "sys.external_file_formats",
    "file_format_id:int name:name format_type:name field_terminator:name string_delimiter:name date_format:name use_type_default:bit serde_method:name row_terminator:name encoding:name data_compression:name first_row:int",
    formatRows,
  ),
  ...["sys.database_scoped_credentials", "sys.database_credentials"].map((name) =>
    defineView(name, credentialColumns, credentialRows),
  ),
  defineView(
    "sys.symmetric_keys",
    "name:name principal_id:int symmetric_key_id:int key_length:int key_algorithm:type algorithm_desc:nvarchar60 create_date:datetime modify_date:datetime",
    keyRows,
  ),
  defineView(
    "sys.pdw_materialized_view_distribution_properties",
    "object_id:int distribution_policy:tinyint distribution_policy_desc:nvarchar60",
    (session) =>
      materializedViews(session).map(({ id, materialized }) => ({
        object_id: id,
        distribution_policy: materialized.distribution.kind === "hash" ? 2 : 4,
        distribution_policy_desc:
          materialized.distribution.kind === "hash" ? "HASH" : "ROUND_ROBIN",
      })),
  ),
  defineView(
    "sys.pdw_materialized_view_column_distribution_properties",
    "object_id:int column_id:int distribution_ordinal:tinyint",
    (session) =>
      materializedViews(session).flatMap((view) => {
        const { distribution } = view.materialized;
        const names =
          distribution.kind === "hash"
            ? distribution.columns.map((name) => name.toLowerCase())
            : [];
        return shownColumns(session, view).map((column) => ({
          object_id: view.id,
          column_id: column.id,
          distribution_ordinal: names.indexOf(column.name.toLowerCase()) + 1,
        }));
      }),
  ),
  defineView("sys.pdw_materialized_view_mappings", "physical_name:name object_id:int", (session) =>
    materializedViews(session).map(({ id }) => ({
      physical_name: `MaterializedView_${id}`,
      object_id: id,
    })),
  ),
];
