// sys.schemas, sys.objects, sys.tables, sys.columns, sys.types, modules and their kin.
// Source: "Catalog views (Transact-SQL)"; columns that no client of ours asks for are left out.
import { type CatalogueObject, isModule, isTable } from "../catalogue/model.ts";
import type { Session } from "../run/state.ts";
import { isString } from "../type.ts";
import { defaultRows, keyRows } from "./constraint-view.ts";
import { defineView, type SystemRow, type SystemView } from "./definition.ts";
import { shownParameters } from "./shown-parameter.ts";
import { systemTypes, typeFacts } from "./type-facts.ts";
import {
  objectColumns,
  objectRow,
  type ShownColumn,
  shownColumns,
  tablesOf,
  visibleObjects,
} from "./visible-object.ts";

function objectView(
  name: string,
  extra: string,
  keep: (object: CatalogueObject) => boolean,
): SystemView {
  return defineView(name, `${objectColumns} ${extra}`, (session) =>
    visibleObjects(session)
      .filter(keep)
      .map((object) => objectRow(session, object)),
  );
}

function columnRow(object: CatalogueObject, column: ShownColumn): SystemRow {
  const facts = typeFacts(column.type);
  return {
    object_id: object.id,
    name: column.name,
    column_id: column.id,
    system_type_id: facts.systemTypeId,
    user_type_id: facts.userTypeId,
    max_length: facts.maxLength,
    precision: facts.precision,
    scale: facts.scale,
    collation_name: isString(column.type)
      ? (column.collation ?? "SQL_Latin1_General_CP1_CI_AS")
      : null,
    is_nullable: column.nullable,
    is_ansi_padded: true,
    is_rowguidcol: false,
    is_identity: column.identity !== undefined,
    is_computed: false,
    is_filestream: false,
    is_replicated: false,
    is_non_sql_subscribed: false,
    is_merge_published: false,
    is_dts_replicated: false,
    is_xml_document: false,
    xml_collection_id: 0,
    default_object_id: column.default === undefined ? 0 : object.id + 1_000_000_000 + column.id,
    rule_object_id: 0,
    is_sparse: false,
    is_column_set: false,
    generated_always_type: 0,
    generated_always_type_desc: "NOT_APPLICABLE",
    is_hidden: false,
    is_masked: column.mask !== undefined,
    encryption_type: null,
    graph_type: null,
  };
}

const columnColumns = `object_id:int name:name column_id:int system_type_id:tinyint user_type_id:int max_length:smallint
  precision:tinyint scale:tinyint collation_name:name is_nullable:bit is_ansi_padded:bit is_rowguidcol:bit
  is_identity:bit is_computed:bit is_filestream:bit is_replicated:bit is_non_sql_subscribed:bit is_merge_published:bit
  is_dts_replicated:bit is_xml_document:bit xml_collection_id:int default_object_id:int rule_object_id:int is_sparse:bit
  is_column_set:bit generated_always_type:tinyint generated_always_type_desc:nvarchar60 is_hidden:bit is_masked:bit
  encryption_type:int encryption_type_desc:nvarchar60 encryption_algorithm_name:name column_encryption_key_id:int
  column_encryption_key_database_name:name graph_type:int graph_type_desc:nvarchar60
  is_data_deletion_filter_column:bit=0
  ledger_view_column_type:tinyint ledger_view_column_type_desc:nvarchar60 is_dropped_ledger_column:bit=0`;

const tableColumns = `lob_data_space_id:int filestream_data_space_id:int max_column_id_used:int lock_on_bulk_load:bit=0
  uses_ansi_nulls:bit is_replicated:bit has_replication_filter:bit is_merge_published:bit=0
  is_sync_tran_subscribed:bit=0
  has_unchecked_assembly_data:bit=0 text_in_row_limit:int=0 large_value_types_out_of_row:bit=0 is_tracked_by_cdc:bit=0
  lock_escalation:tinyint=0 lock_escalation_desc:nvarchar60=TABLE is_filetable:bit is_memory_optimized:bit
  durability:tinyint=0 durability_desc:nvarchar60 temporal_type:tinyint temporal_type_desc:nvarchar60
  history_table_id:int
  is_remote_data_archive_enabled:bit=0 is_external:bit history_retention_period:int history_retention_period_unit:int
  history_retention_period_unit_desc:nvarchar60 is_node:bit is_edge:bit data_retention_period:int
  data_retention_period_unit:int data_retention_period_unit_desc:nvarchar60 ledger_type:tinyint
  ledger_type_desc:nvarchar60=NON_LEDGER_TABLE ledger_view_id:int is_dropped_ledger_table:bit=0`;

function columnRows(session: Session): SystemRow[] {
  return visibleObjects(session).flatMap((object) =>
    shownColumns(session, object).map((column) => columnRow(object, column)),
  );
}

function objectRows(session: Session): SystemRow[] {
  return [
    ...visibleObjects(session).map((object) => objectRow(session, object)),
    ...keyRows(session),
    ...defaultRows(session),
  ];
}

function moduleRows(session: Session): SystemRow[] {
  return visibleObjects(session)
    .filter(isModule)
    .map((object) => ({
      object_id: object.id,
      definition: object.text,
      uses_ansi_nulls: true,
      uses_quoted_identifier: true,
      is_schema_bound: false,
      uses_database_collation: false,
      is_recompiled: false,
      null_on_null_input: false,
      execute_as_principal_id: null,
    }));
}

function parameterRows(session: Session): SystemRow[] {
  return visibleObjects(session).flatMap((object) =>
    shownParameters(object).map(({ id, name, type, isOutput, hasDefault }) => {
      const facts = typeFacts(type);
      return {
        object_id: object.id,
        name,
        parameter_id: id,
        system_type_id: facts.systemTypeId,
        user_type_id: facts.userTypeId,
        max_length: facts.maxLength,
        precision: facts.precision,
        scale: facts.scale,
        is_output: isOutput,
        is_cursor_ref: false,
        has_default_value: hasDefault,
        is_xml_document: false,
        default_value: null,
        xml_collection_id: 0,
        is_readonly: false,
        is_nullable: true,
      };
    }),
  );
}

const moduleColumns =
  "object_id:int definition:text uses_ansi_nulls:bit uses_quoted_identifier:bit is_schema_bound:bit uses_database_collation:bit is_recompiled:bit null_on_null_input:bit execute_as_principal_id:int uses_native_compilation:bit=0 is_inlineable:bit=0 inline_type:bit=0";
const parameterColumns =
  "object_id:int name:name parameter_id:int system_type_id:tinyint user_type_id:int max_length:smallint precision:tinyint scale:tinyint is_output:bit is_cursor_ref:bit has_default_value:bit is_xml_document:bit default_value:text xml_collection_id:int is_readonly:bit is_nullable:bit encryption_type:int encryption_type_desc:nvarchar60 encryption_algorithm_name:name column_encryption_key_id:int column_encryption_key_database_name:name";

export const objectViews: readonly SystemView[] = [
  defineView("sys.schemas", "name:name schema_id:int principal_id:int", (session) =>
    [...session.database.catalogue.schemas.values()].map((schema) => ({
      name: schema.name,
      schema_id: schema.id,
      principal_id: session.database.catalogue.principals.get(schema.owner.toLowerCase())?.id ?? 1,
    })),
  ),
  defineView("sys.objects", objectColumns, objectRows),
  objectView("sys.tables", tableColumns, isTable),
  objectView(
    "sys.views",
    "is_replicated:bit has_replication_filter:bit has_opaque_metadata:bit=0 has_unchecked_assembly_data:bit=0 with_check_option:bit is_date_correlation_view:bit=0 is_tracked_by_cdc:bit=0 has_snapshot:bit=0 ledger_view_type:tinyint=0 ledger_view_type_desc:nvarchar60=NON_LEDGER_VIEW is_dropped_ledger_view:bit=0",
    (object) => object.kind === "view",
  ),
  objectView(
    "sys.procedures",
    "is_auto_executed:bit is_execution_replicated:bit=0 is_repl_serializable_only:bit=0 skips_repl_constraints:bit=0",
    (object) => object.kind === "procedure",
  ),
  defineView("sys.columns", columnColumns, (session) => columnRows(session)),
  defineView(
    "sys.identity_columns",
    `${columnColumns} seed_value:bigint increment_value:bigint last_value:bigint is_not_for_replication:bit=0`,
    (session) =>
      tablesOf(session).flatMap((table) =>
        table.columns
          .filter((column) => column.identity)
          .map((column) => ({
            ...columnRow(table, column),
            seed_value: BigInt(column.identity!.seed),
            increment_value: BigInt(column.identity!.increment),
            last_value: null,
          })),
      ),
  ),
  defineView(
    "sys.types",
    "name:name system_type_id:tinyint user_type_id:int schema_id:int principal_id:int max_length:smallint precision:tinyint scale:tinyint collation_name:name is_nullable:bit is_user_defined:bit is_assembly_type:bit default_object_id:int rule_object_id:int is_table_type:bit",
    () =>
      systemTypes.map((type) => ({
        ...type,
        schema_id: 4,
        principal_id: null,
        collation_name: /char|sysname/.test(String(type.name))
          ? "SQL_Latin1_General_CP1_CI_AS"
          : null,
        is_nullable: true,
        is_user_defined: false,
        is_assembly_type: false,
        default_object_id: 0,
        rule_object_id: 0,
        is_table_type: false,
      })),
  ),
  defineView("sys.sql_modules", moduleColumns, moduleRows),
  defineView("sys.all_sql_modules", moduleColumns, moduleRows),
  defineView("sys.parameters", parameterColumns, parameterRows),
  defineView("sys.all_parameters", parameterColumns, parameterRows),
];
