// The pool itself: configuration, how tables are distributed and partitioned.
// Source: "System views supported in Synapse SQL".

import type { TableObject } from "../catalogue/model.ts";
import { partitionCount, partitionPagesSql, partitionRowsSql } from "../emit/partition.ts";
import type { Session } from "../run/state.ts";
import { defineView, type SystemRow, type SystemView } from "./definition.ts";
import { typeFacts } from "./type-facts.ts";
import { tablesOf } from "./visible-object.ts";

/** Pages of a partition are all in rows. */
const pageColumns =
  "in_row_data_page_count:bigint in_row_used_page_count:bigint in_row_reserved_page_count:bigint lob_used_page_count:bigint lob_reserved_page_count:bigint row_overflow_used_page_count:bigint row_overflow_reserved_page_count:bigint used_page_count:bigint reserved_page_count:bigint";

const distributions = {
  hash: [2, "HASH"],
  roundRobin: [4, "ROUND_ROBIN"],
  replicate: [3, "REPLICATE"],
} as const;

export const poolViews: readonly SystemView[] = [
  defineView("sys.configurations", "configuration_id:int name:name value:int", () => []),
  defineView("sys.dm_pdw_nodes", "pdw_node_id:int type:varchar name:name", () => [
    { pdw_node_id: 1, type: "COMPUTE", name: "callosum" },
  ]),
  defineView(
    "sys.pdw_table_distribution_properties",
    "object_id:int distribution_policy:tinyint distribution_policy_desc:nvarchar60",
    (session) =>
      tablesOf(session).map((table) => {
        const [policy, description] = distributions[table.distribution.kind];
        return {
          object_id: table.id,
          distribution_policy: policy,
          distribution_policy_desc: description,
        };
      }),
  ),
  defineView(
    "sys.pdw_column_distribution_properties",
    "object_id:int column_id:int distribution_ordinal:tinyint",
    (session) =>
      tablesOf(session).flatMap((table) =>
        table.columns.map((column) => {
          const names =
            table.distribution.kind === "hash"
              ? table.distribution.columns.map((name) => name.toLowerCase())
              : [];
          return {
            object_id: table.id,
            column_id: column.id,
            distribution_ordinal: names.indexOf(column.name.toLowerCase()) + 1,
          };
        }),
      ),
  ),
  defineView("sys.pdw_table_mappings", "physical_name:name object_id:int", (session) =>
    tablesOf(session).map((table) => ({ physical_name: `Table_${table.id}`, object_id: table.id })),
  ),
  defineView(
    "sys.partition_functions",
    "name:name function_id:int type:type fanout:int boundary_value_on_right:bit",
    (session) =>
      tablesOf(session)
        .filter((table) => table.partition)
        .map((table) => ({
          name: `PF_${table.id}`,
          function_id: table.id,
          type: "R ",
          fanout: table.partition!.values.length + 1,
          boundary_value_on_right: table.partition!.range === "right",
        })),
  ),
  defineView("sys.partition_schemes", "name:name data_space_id:int function_id:int", (session) =>
    tablesOf(session)
      .filter((table) => table.partition)
      .map((table) => ({ name: `PS_${table.id}`, data_space_id: table.id, function_id: table.id })),
  ),
  defineView(
    "sys.partition_range_values",
    "function_id:int boundary_id:int parameter_id:int value:text",
    (session) =>
      tablesOf(session).flatMap((table) =>
        (table.partition?.values ?? []).map((value, index) => ({
          function_id: table.id,
          boundary_id: index + 1,
          parameter_id: 1,
          value,
        })),
      ),
  ),
  defineView(
    "sys.partition_parameters",
    "function_id:int parameter_id:int=1 system_type_id:tinyint max_length:smallint precision:tinyint scale:tinyint collation_name:name user_type_id:int",
    (session) => tablesOf(session).flatMap(partitionParameter),
  ),
  defineView(
    "sys.partitions",
    "partition_id:bigint object_id:int index_id:int partition_number:int rows:bigint data_compression:tinyint data_compression_desc:nvarchar60",
    (session) =>
      tablesOf(session).flatMap((table) =>
        Array.from({ length: partitionCount(table) }, (_, index) => ({
          partition_id: BigInt(table.id) * 1000n + BigInt(index),
          object_id: table.id,
          index_id: table.index.kind === "heap" ? 0 : 1,
          partition_number: index + 1,
          rows: { engineSql: partitionRowsSql(table, index + 1) },
          data_compression: 3,
          data_compression_desc: "COLUMNSTORE",
        })),
      ),
  ),
  defineView(
    "sys.dm_pdw_nodes_db_partition_stats",
    `pdw_node_id:int distribution_id:int partition_id:bigint object_id:int index_id:int partition_number:int row_count:bigint ${pageColumns}`,
    (session) => partitionStats(session),
  ),
  defineView(
    "sys.dm_db_partition_stats",
    `partition_id:bigint object_id:int index_id:int partition_number:int row_count:bigint ${pageColumns}`,
    (session) => partitionStats(session),
  ),
  defineView(
    "sys.pdw_distributions",
    "distribution_id:int pdw_node_id:int name:name position:int",
    () => [{ distribution_id: 1, pdw_node_id: 1, name: "Distribution_1", position: 0 }],
  ),
  defineView(
    "sys.pdw_nodes_tables",
    "name:name object_id:int pdw_node_id:int distribution_id:int",
    (session) =>
      tablesOf(session).map((table) => ({
        name: `Table_${table.id}`,
        object_id: table.id,
        pdw_node_id: 1,
        distribution_id: 1,
      })),
  ),
  defineView("sys.pdw_permanent_table_mappings", "physical_name:name object_id:int", (session) =>
    tablesOf(session)
      .filter((table) => !table.temporary)
      .map((table) => ({ physical_name: `Table_${table.id}`, object_id: table.id })),
  ),
  ...["sys.data_spaces", "sys.filegroups"].map((name) =>
    defineView(
      name,
      "name:name data_space_id:int type:type type_desc:nvarchar60 is_default:bit is_system:bit",
      () => [
        {
          name: "PRIMARY",
          data_space_id: 1,
          type: "FG",
          type_desc: "ROWS_FILEGROUP",
          is_default: true,
          is_system: false,
        },
      ],
    ),
  ),
  defineView(
    "sys.database_scoped_configurations",
    "configuration_id:int name:name value:name value_for_secondary:name is_value_default:bit",
    () => [],
  ),
  defineView(
    "sys.workload_management_workload_groups",
    "group_id:int name:name importance:name min_percentage_resource:int cap_percentage_resource:int request_min_resource_grant_percent:int=0 request_max_resource_grant_percent:int=0 query_execution_timeout_sec:int create_time:datetime modify_time:datetime",
    () =>
      ["smallrc", "mediumrc", "largerc", "xlargerc"].map((name, index) => ({
        group_id: index + 1,
        name,
        importance: "normal",
        min_percentage_resource: 0,
        cap_percentage_resource: 100,
        query_execution_timeout_sec: 0,
      })),
  ),
  defineView(
    "sys.workload_management_workload_classifiers",
    "classifier_id:int group_name:name name:name importance:name create_time:datetime modify_time:datetime is_enabled:bit",
    () => [],
  ),
];

function partitionParameter({ id, columns, partition }: TableObject): SystemRow[] {
  const wanted = partition?.column.toLowerCase();
  const column = columns.find(({ name }) => name.toLowerCase() === wanted);
  if (column === undefined) return [];
  const facts = typeFacts(column.type);
  return [
    {
      function_id: id,
      system_type_id: facts.systemTypeId,
      max_length: facts.maxLength,
      precision: facts.precision,
      scale: facts.scale,
      user_type_id: facts.userTypeId,
    },
  ];
}

function partitionStats(session: Session): SystemRow[] {
  return tablesOf(session).flatMap((table) =>
    Array.from({ length: partitionCount(table) }, (_, index) => ({
      ...pages(table, index + 1),
      pdw_node_id: 1,
      distribution_id: 1,
      partition_id: BigInt(table.id) * 1000n + BigInt(index),
      object_id: table.id,
      index_id: table.index.kind === "heap" ? 0 : 1,
      partition_number: index + 1,
      row_count: { engineSql: partitionRowsSql(table, index + 1) },
    })),
  );
}

const pagesUsed = [
  "in_row_data_page_count",
  "in_row_used_page_count",
  "in_row_reserved_page_count",
  "used_page_count",
  "reserved_page_count",
];
const pagesElsewhere = [
  "lob_used_page_count",
  "lob_reserved_page_count",
  "row_overflow_used_page_count",
  "row_overflow_reserved_page_count",
];

function pages(table: TableObject, number: number): SystemRow {
  const count = { engineSql: partitionPagesSql(table, number) };
  return Object.fromEntries([
    ...pagesUsed.map((name) => [name, count]),
    ...pagesElsewhere.map((name) => [name, 0]),
  ]);
}
