// Indexes as the catalogue shows them: the table's own structure first, then keys and the rest.
import type { TableObject } from "../catalogue/model.ts";
import type { SystemRow } from "./definition.ts";

interface ShownIndex {
  id: number;
  name: string | null;
  type: number;
  description: string;
  columns: readonly { name: string; descending: boolean }[];
  isPrimary: boolean;
  isUnique: boolean;
  isUniqueConstraint: boolean;
}

/** The table's structure is its first index; the rest follow. */
export function indexesOf(table: TableObject): ShownIndex[] {
  const plain = { isPrimary: false, isUnique: false, isUniqueConstraint: false };
  const { index } = table;
  const first: ShownIndex =
    index.kind === "heap"
      ? { id: 0, name: null, type: 0, description: "HEAP", columns: [], ...plain }
      : index.kind === "columnstore"
        ? {
            id: 1,
            name: `ClusteredIndex_${table.id}`,
            type: 5,
            description: "CLUSTERED COLUMNSTORE",
            columns: table.columns.map(({ name }) => ({ name, descending: false })),
            ...plain,
          }
        : {
            id: 1,
            name: `ClusteredIndex_${table.id}`,
            type: 1,
            description: "CLUSTERED",
            columns: index.columns,
            ...plain,
          };
  const keys = table.keys.map(
    (key, position): ShownIndex => ({
      id: 2 + position,
      name: key.name,
      type: 2,
      description: "NONCLUSTERED",
      columns: key.columns.map((name) => ({ name, descending: false })),
      isPrimary: key.kind === "primary",
      isUnique: true,
      isUniqueConstraint: key.kind === "unique",
    }),
  );
  const others = table.indexes.map(
    (entry): ShownIndex => ({
      id: entry.id,
      name: entry.name,
      type: 2,
      description: "NONCLUSTERED",
      columns: entry.columns,
      ...plain,
    }),
  );
  return [first, ...keys, ...others];
}

export function indexRow(table: TableObject, index: ShownIndex): SystemRow {
  return {
    object_id: table.id,
    name: index.name,
    index_id: index.id,
    type: index.type,
    type_desc: index.description,
    is_unique: index.isUnique,
    data_space_id: 1,
    ignore_dup_key: false,
    is_primary_key: index.isPrimary,
    is_unique_constraint: index.isUniqueConstraint,
    fill_factor: 0,
    is_padded: false,
    is_disabled: false,
    is_hypothetical: false,
    allow_row_locks: true,
    allow_page_locks: true,
    has_filter: false,
    filter_definition: null,
  };
}

export function columnId(table: Pick<TableObject, "columns">, name: string): number {
  return table.columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.id ?? 0;
}
