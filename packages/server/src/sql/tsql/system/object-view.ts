// sys.schemas, sys.objects, sys.tables, sys.columns, sys.types, sys.indexes and their kin.
// Source: "Catalog views (Transact-SQL)"; columns that no client of ours asks for are left out.
import type { CatalogueObject, TableObject } from "../catalogue/model.ts";
import type { Session } from "../run/state.ts";
import { isString } from "../type.ts";
import { defineView, type SystemRow, type SystemView } from "./definition.ts";
import { columnId, indexesOf, indexRow } from "./shown-index.ts";
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
  encryption_type:int graph_type:int`;

function keyRows(session: Session): SystemRow[] {
  return tablesOf(session).flatMap((table) =>
    table.keys.map((key, index) => ({
      ...objectRow(session, table),
      name: key.name,
      object_id: table.id + 1_500_000_000 + index,
      parent_object_id: table.id,
      type: key.kind === "primary" ? "PK" : "UQ",
      type_desc: key.kind === "primary" ? "PRIMARY_KEY_CONSTRAINT" : "UNIQUE_CONSTRAINT",
      unique_index_id: 2 + index,
      is_system_named: false,
      is_enforced: false,
    })),
  );
}

function defaultRows(session: Session): SystemRow[] {
  return tablesOf(session).flatMap((table) =>
    table.columns
      .filter((column) => column.default)
      .map((column) => ({
        ...objectRow(session, table),
        name: column.default!.name,
        object_id: table.id + 1_000_000_000 + column.id,
        parent_object_id: table.id,
        type: "D ",
        type_desc: "DEFAULT_CONSTRAINT",
        parent_column_id: column.id,
        definition: `(${column.default!.text})`,
        is_system_named: false,
      })),
  );
}

function columnsIn(session: Session, keep: (object: CatalogueObject) => boolean): SystemRow[] {
  return visibleObjects(session)
    .filter(keep)
    .flatMap((object) => shownColumns(session, object).map((column) => columnRow(object, column)));
}

const anyModule = (object: CatalogueObject): object is Exclude<CatalogueObject, TableObject> =>
  object.kind !== "table";

export const objectViews: readonly SystemView[] = [
  defineView("sys.schemas", "name:name schema_id:int principal_id:int", (session) =>
    [...session.database.catalogue.schemas.values()].map((schema) => ({
      name: schema.name,
      schema_id: schema.id,
      principal_id: session.database.catalogue.principals.get(schema.owner.toLowerCase())?.id ?? 1,
    })),
  ),
  defineView("sys.objects", objectColumns, (session) => [
    ...visibleObjects(session).map((object) => objectRow(session, object)),
    ...keyRows(session),
    ...defaultRows(session),
  ]),
  objectView("sys.all_objects", "", () => true),
  objectView(
    "sys.tables",
    "lob_data_space_id:int max_column_id_used:int uses_ansi_nulls:bit is_replicated:bit has_replication_filter:bit is_external:bit is_memory_optimized:bit temporal_type:tinyint temporal_type_desc:nvarchar60 durability_desc:nvarchar60 is_filetable:bit is_node:bit is_edge:bit ledger_type:tinyint",
    (object) => object.kind === "table",
  ),
  objectView(
    "sys.views",
    "with_check_option:bit is_replicated:bit has_replication_filter:bit",
    (object) => object.kind === "view",
  ),
  objectView("sys.all_views", "with_check_option:bit", (object) => object.kind === "view"),
  objectView("sys.procedures", "is_auto_executed:bit", (object) => object.kind === "procedure"),
  defineView("sys.columns", columnColumns, (session) => columnsIn(session, () => true)),
  defineView("sys.all_columns", columnColumns, (session) => columnsIn(session, () => true)),
  defineView(
    "sys.identity_columns",
    `${columnColumns} seed_value:bigint increment_value:bigint last_value:bigint`,
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
  defineView("sys.computed_columns", columnColumns, () => []),
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
  defineView(
    "sys.indexes",
    "object_id:int name:name index_id:int type:tinyint type_desc:nvarchar60 is_unique:bit data_space_id:int ignore_dup_key:bit is_primary_key:bit is_unique_constraint:bit fill_factor:tinyint is_padded:bit is_disabled:bit is_hypothetical:bit allow_row_locks:bit allow_page_locks:bit has_filter:bit filter_definition:text",
    (session) =>
      tablesOf(session).flatMap((table) => indexesOf(table).map((index) => indexRow(table, index))),
  ),
  defineView(
    "sys.index_columns",
    "object_id:int index_id:int index_column_id:int column_id:int key_ordinal:tinyint partition_ordinal:tinyint is_descending_key:bit is_included_column:bit column_store_order_ordinal:tinyint",
    (session) =>
      tablesOf(session).flatMap((table) =>
        indexesOf(table).flatMap((index) =>
          index.columns.map((column, position) => ({
            object_id: table.id,
            index_id: index.id,
            index_column_id: position + 1,
            column_id: columnId(table, column.name),
            key_ordinal: index.type === 5 ? 0 : position + 1,
            partition_ordinal:
              table.partition?.column.toLowerCase() === column.name.toLowerCase() ? 1 : 0,
            is_descending_key: column.descending,
            is_included_column: index.type === 5,
            column_store_order_ordinal:
              table.index.kind === "columnstore"
                ? table.index.order.findIndex(
                    (name) => name.toLowerCase() === column.name.toLowerCase(),
                  ) + 1
                : 0,
          })),
        ),
      ),
  ),
  defineView(
    "sys.key_constraints",
    `${objectColumns} unique_index_id:int is_system_named:bit is_enforced:bit`,
    keyRows,
  ),
  defineView(
    "sys.default_constraints",
    `${objectColumns} parent_column_id:int definition:text is_system_named:bit`,
    defaultRows,
  ),
  defineView(
    "sys.foreign_keys",
    `${objectColumns} referenced_object_id:int key_index_id:int is_disabled:bit delete_referential_action:tinyint delete_referential_action_desc:nvarchar60 update_referential_action:tinyint update_referential_action_desc:nvarchar60`,
    () => [],
  ),
  defineView(
    "sys.foreign_key_columns",
    "constraint_object_id:int constraint_column_id:int parent_object_id:int parent_column_id:int referenced_object_id:int referenced_column_id:int",
    () => [],
  ),
  defineView(
    "sys.check_constraints",
    `${objectColumns} parent_column_id:int definition:text is_disabled:bit`,
    () => [],
  ),
  defineView(
    "sys.triggers",
    "name:name object_id:int parent_class:tinyint parent_id:int type:type is_disabled:bit",
    () => [],
  ),
  defineView("sys.synonyms", `${objectColumns} base_object_name:name`, () => []),
  defineView("sys.sequences", objectColumns, () => []),
  defineView(
    "sys.extended_properties",
    "class:tinyint class_desc:nvarchar60 major_id:int minor_id:int name:name value:text",
    () => [],
  ),
  defineView("sys.external_tables", objectColumns, () => []),
  defineView("sys.table_types", objectColumns, () => []),
  defineView(
    "sys.sql_modules",
    "object_id:int definition:text uses_ansi_nulls:bit uses_quoted_identifier:bit is_schema_bound:bit uses_database_collation:bit is_recompiled:bit null_on_null_input:bit execute_as_principal_id:int",
    (session) =>
      visibleObjects(session)
        .filter(anyModule)
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
        })),
  ),
  defineView(
    "sys.stats",
    "object_id:int name:name stats_id:int auto_created:bit user_created:bit no_recompute:bit has_filter:bit filter_definition:text is_temporary:bit is_incremental:bit",
    (session) =>
      tablesOf(session).flatMap((table) =>
        table.statistics.map((entry) => ({
          object_id: table.id,
          name: entry.name,
          stats_id: entry.id,
          auto_created: false,
          user_created: true,
          no_recompute: false,
          has_filter: false,
          filter_definition: null,
          is_temporary: false,
          is_incremental: false,
        })),
      ),
  ),
  defineView(
    "sys.stats_columns",
    "object_id:int stats_id:int stats_column_id:int column_id:int",
    (session) =>
      tablesOf(session).flatMap((table) =>
        table.statistics.flatMap((entry) =>
          entry.columns.map((name, index) => ({
            object_id: table.id,
            stats_id: entry.id,
            stats_column_id: index + 1,
            column_id: columnId(table, name),
          })),
        ),
      ),
  ),
];
