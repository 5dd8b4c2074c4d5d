// sp_describe_first_result_set, which drivers and tools ask for a statement's columns before they run it. The
// result set is found in first-result.ts.
// Source: "sp_describe_first_result_set", Result Sets.
import { SqlError, type SqlType, type SqlValue } from "../../session.ts";
import type { RelationColumn } from "../emit/scope.ts";
import { fail } from "../error.ts";
import { parseParameters } from "../run/procedure.ts";
import { declared, isString } from "../type.ts";
import { firstResult, isUndetermined } from "./first-result.ts";
import { type Run, table, tableOf, text } from "./procedure-call.ts";
import { typeFacts } from "./type-facts.ts";

export const describeResult: Run = async function* (session, args, at, signal) {
  const batch = (await text(session, args, 0, "tsql", signal)) ?? "";
  const definitions = parseParameters((await text(session, args, 1, "params", signal)) ?? "");
  try {
    const columns = await firstResult({ session, signal }, batch, definitions);
    return yield* table(tableOf(words, columns.map(described)));
  } catch (error) {
    if (!(error instanceof SqlError) || isUndetermined(error)) throw error;
    yield { kind: "message", error: true, message: error.detail };
    return fail(11501, at);
  }
};

const words =
  "is_hidden:bit column_ordinal:int name:name is_nullable:bit system_type_id:int system_type_name:nvarchar256 max_length:smallint precision:tinyint scale:tinyint collation_name:name user_type_id:int user_type_database:name user_type_schema:name user_type_name:name assembly_qualified_type_name:nvarchar4000 xml_collection_id:int xml_collection_database:name xml_collection_schema:name xml_collection_name:name is_xml_document:bit is_case_sensitive:bit is_fixed_length_clr_type:bit source_server:name source_database:name source_schema:name source_table:name source_column:name is_identity_column:bit is_part_of_unique_key:bit is_updateable:bit is_computed_column:bit is_sparse_column_set:bit ordinal_in_order_by_list:smallint order_by_list_length:smallint order_by_is_descending:smallint tds_type_id:int tds_length:int tds_collation_id:int tds_collation_sort_id:tinyint";

/** SQL_Latin1_General_CP1_CI_AS as COLMETADATA has it (tds/collation.ts). */
const collation = { id: 0x00d00409, sortId: 52 };

function described(column: RelationColumn, index: number): Record<string, SqlValue> {
  const { type, nullable } = column;
  const facts = typeFacts(type);
  const isText = isString(type);
  return {
    is_hidden: false,
    column_ordinal: index + 1,
    name: column.name ?? null,
    is_nullable: nullable,
    system_type_id: facts.systemTypeId,
    system_type_name: declared(type),
    max_length: facts.maxLength,
    precision: facts.precision,
    scale: facts.scale,
    collation_name: isText ? "SQL_Latin1_General_CP1_CI_AS" : null,
    is_xml_document: false,
    is_case_sensitive: isText && column.collation === "sensitive",
    is_fixed_length_clr_type: false,
    is_identity_column: false,
    is_updateable: false,
    is_computed_column: false,
    is_sparse_column_set: false,
    tds_type_id: wireType(type, facts.systemTypeId, nullable),
    tds_length: facts.maxLength === -1 ? 65_535 : facts.maxLength,
    tds_collation_id: isText ? collation.id : null,
    tds_collation_sort_id: isText ? collation.sortId : null,
  };
}

/** Nullable numbers and dates of a fixed length have types of their own on the wire (MS-TDS 2.2.5.4.2). */
const nullableTypes: Partial<Record<SqlType["name"], number>> = {
  tinyint: 38,
  smallint: 38,
  int: 38,
  bigint: 38,
  real: 109,
  float: 109,
  smallmoney: 110,
  money: 110,
  smalldatetime: 111,
  datetime: 111,
};

function wireType(type: SqlType, id: number, nullable: boolean): number {
  return (nullable ? nullableTypes[type.name] : undefined) ?? id;
}
