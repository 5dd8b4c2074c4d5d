// Which objects a session sees, and the facts that all views of objects share.
import type { SqlType } from "../../session.ts";
import {
  type CatalogueObject,
  type ExternalTableObject,
  isTable,
  isTemporary,
  type TableObject,
} from "../catalogue/model.ts";
import { decide } from "../catalogue/permission.ts";
import type { Session } from "../run/state.ts";
import type { SystemRow } from "./definition.ts";

const rows = ["VIEW DEFINITION", "SELECT", "INSERT", "UPDATE", "DELETE"];
const wanted: Readonly<Record<CatalogueObject["kind"], readonly string[]>> = {
  table: rows,
  externalTable: rows,
  view: rows,
  procedure: ["VIEW DEFINITION", "EXECUTE"],
  function: ["VIEW DEFINITION", "EXECUTE", "SELECT"],
};

/** Objects that the user may see: any permission on them shows them. */
export function visibleObjects(session: Session): CatalogueObject[] {
  const { catalogue } = session.database;
  return [...catalogue.objects.values(), ...session.temporary.values()].filter(
    (object) =>
      isTemporary(object) ||
      wanted[object.kind].some(
        (permission) => decide(catalogue, session.actor, { permission, object }) === "allowed",
      ),
  );
}

export function tablesOf(session: Session): TableObject[] {
  return visibleObjects(session).filter((object) => object.kind === "table");
}

/** The pool's own and the lake's. */
export function anyTablesOf(session: Session): (TableObject | ExternalTableObject)[] {
  return visibleObjects(session).filter(isTable);
}

export function schemaId(session: Session, name: string): number {
  return session.database.catalogue.schemas.get(name.toLowerCase())?.id ?? 1;
}

const codes: Readonly<Record<CatalogueObject["kind"], readonly [string, string]>> = {
  table: ["U ", "USER_TABLE"],
  externalTable: ["U ", "USER_TABLE"],
  view: ["V ", "VIEW"],
  procedure: ["P ", "SQL_STORED_PROCEDURE"],
  function: ["FN", "SQL_SCALAR_FUNCTION"],
};

function codeOf(object: CatalogueObject): readonly [string, string] {
  const isInline = object.kind === "function" && /\breturns\s+table\b/i.test(object.text);
  return isInline ? ["IF", "SQL_INLINE_TABLE_VALUED_FUNCTION"] : codes[object.kind];
}

export function objectRow(session: Session, object: CatalogueObject): SystemRow {
  const [type, description] = codeOf(object);
  return {
    name: object.name,
    object_id: object.id,
    principal_id: null,
    schema_id: schemaId(session, object.schema),
    parent_object_id: 0,
    type,
    type_desc: description,
    create_date: BigInt(object.created),
    modify_date: BigInt(object.modified),
    is_ms_shipped: false,
    is_published: false,
    is_schema_published: false,
    is_replicated: false,
    has_replication_filter: false,
    lob_data_space_id: 0,
    max_column_id_used: isTable(object)
      ? Math.max(0, ...object.columns.map((column) => column.id))
      : 0,
    uses_ansi_nulls: true,
    is_external: object.kind === "externalTable",
    is_memory_optimized: false,
    temporal_type: 0,
    temporal_type_desc: "NON_TEMPORAL_TABLE",
    durability_desc: "SCHEMA_AND_DATA",
    is_filetable: false,
    is_node: false,
    is_edge: false,
    ledger_type: 0,
    with_check_option: false,
    is_auto_executed: false,
  };
}

export const objectColumns =
  "name:name object_id:int principal_id:int schema_id:int parent_object_id:int type:type type_desc:nvarchar60 create_date:datetime modify_date:datetime is_ms_shipped:bit is_published:bit is_schema_published:bit";

export interface ShownColumn {
  id: number;
  name: string;
  type: SqlType;
  nullable: boolean;
  identity?: { seed: string; increment: string };
  default?: { name: string; text: string };
  collation?: string;
  mask?: string;
}

/** Columns of tables from the catalogue, those of views by binding their queries. */
export function shownColumns(session: Session, object: CatalogueObject): readonly ShownColumn[] {
  if (isTable(object)) return object.columns;
  if (object.kind !== "view") return [];
  return session.knot.describeView(session, object).map((column, index) => ({
    id: index + 1,
    name: column.name ?? "",
    type: column.type,
    nullable: column.nullable,
  }));
}
