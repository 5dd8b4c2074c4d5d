// Keys, defaults, indexes and statistics of tables, as catalogue views show them.
// Source: "Object catalog views (Transact-SQL)".
import type { Session } from "../run/state.ts";
import { defineView, type SystemRow, type SystemView } from "./definition.ts";
import { columnId, indexesOf, indexRow } from "./shown-index.ts";
import { anyTablesOf, objectColumns, objectRow, tablesOf } from "./visible-object.ts";

export function keyRows(session: Session): SystemRow[] {
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

export function defaultRows(session: Session): SystemRow[] {
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

export const constraintViews: readonly SystemView[] = [
  defineView(
    "sys.key_constraints",
    `${objectColumns} unique_index_id:int is_system_named:bit is_enforced:bit`,
    keyRows,
  ),
  defineView(
    "sys.default_constraints",
    `${objectColumns} parent_column_id:int definition:text is_system_named:bit is_disabled:bit=0 is_not_for_replication:bit=0 is_not_trusted:bit=0`,
    defaultRows,
  ),
  defineView(
    "sys.indexes",
    "object_id:int name:name index_id:int type:tinyint type_desc:nvarchar60 is_unique:bit data_space_id:int ignore_dup_key:bit is_primary_key:bit is_unique_constraint:bit fill_factor:tinyint is_padded:bit is_disabled:bit is_hypothetical:bit allow_row_locks:bit allow_page_locks:bit has_filter:bit filter_definition:text compression_delay:int suppress_dup_key_messages:bit=0 auto_created:bit=0 optimize_for_sequential_key:bit=0",
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
    "sys.stats",
    "object_id:int name:name stats_id:int auto_created:bit user_created:bit no_recompute:bit has_filter:bit filter_definition:text is_temporary:bit is_incremental:bit has_persisted_sample:bit=0 stats_generation_method:int=0 stats_generation_method_desc:nvarchar60 auto_drop:bit=0",
    (session) =>
      anyTablesOf(session).flatMap((table) =>
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
      anyTablesOf(session).flatMap((table) =>
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
