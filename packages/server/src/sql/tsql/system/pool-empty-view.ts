// Views of a dedicated pool's nodes, loads, waits and query store that have no rows here, and those of one row.
// Source: "System views supported in Synapse SQL" and each view's page.
import type { Session } from "../run/state.ts";
import { defineView, type SystemRow, type SystemView } from "./definition.ts";

const one = (): SystemRow[] => [{}];
const none = (): SystemRow[] => [];

const nodeColumns = "pdw_node_id:int distribution_id:int";

const empty: Readonly<Record<string, string>> = {
  "sys.pdw_index_mappings": "object_id:int index_id:int physical_name:name",
  "sys.pdw_nodes_columns": `object_id:int name:name column_id:int system_type_id:tinyint user_type_id:int max_length:smallint precision:tinyint scale:tinyint collation_name:name is_nullable:bit is_identity:bit is_computed:bit ${nodeColumns}`,
  "sys.pdw_nodes_indexes": `object_id:int name:name index_id:int type:tinyint type_desc:nvarchar60 is_unique:bit data_space_id:int is_primary_key:bit is_disabled:bit ${nodeColumns}`,
  "sys.pdw_nodes_partitions": `partition_id:bigint object_id:int index_id:int partition_number:int hobt_id:bigint rows:bigint data_compression:tinyint data_compression_desc:nvarchar60 ${nodeColumns}`,
  "sys.pdw_nodes_column_store_segments": `partition_id:bigint hobt_id:bigint column_id:int segment_id:int version:int encoding_type:int row_count:int has_nulls:int base_id:bigint magnitude:float primary_dictionary_id:int secondary_dictionary_id:int min_data_id:bigint max_data_id:bigint null_value:bigint on_disk_size:bigint ${nodeColumns}`,
  "sys.pdw_nodes_column_store_dictionaries": `partition_id:bigint hobt_id:bigint column_id:int dictionary_id:int version:int type:int last_id:int entry_count:bigint on_disk_size:bigint ${nodeColumns}`,
  "sys.pdw_nodes_pdw_physical_databases":
    "physical_name:name database_name:name pdw_node_id:int position:int",
  "sys.pdw_loader_run_stages":
    "run_id:int stage:varchar request_id:varchar status:varchar start_time:datetime end_time:datetime total_elapsed_time:int",
  "sys.pdw_loader_backup_run_details":
    "run_id:int pdw_node_id:int status:varchar start_time:datetime end_time:datetime total_elapsed_time:int progress:int",
  "sys.pdw_replicated_table_cache_state": "object_id:int state:varchar",
  "sys.workload_management_workload_classifier_details":
    "classifier_id:int classifier_type:name classifier_value:name",
  "sys.dm_pdw_nodes_database_encryption_keys":
    "database_id:int encryption_state:int percent_complete:float pdw_node_id:int",
  "sys.dm_pdw_os_threads":
    "pdw_node_id:int thread_id:int process_id:int name:name priority:int start_time:datetime state:varchar wait_reason:varchar",
  "sys.dm_pdw_wait_stats":
    "pdw_node_id:int wait_name:varchar max_wait_time:bigint request_count:bigint signal_time:bigint completed_count:bigint wait_time:bigint",
  "sys.query_store_plan":
    "plan_id:bigint query_id:bigint plan_group_id:bigint engine_version:name compatibility_level:smallint query_plan_hash:varbinary query_plan:text is_forced_plan:bit count_compiles:bigint",
  "sys.query_store_query":
    "query_id:bigint query_text_id:bigint context_settings_id:bigint object_id:bigint batch_sql_handle:varbinary query_hash:varbinary count_compiles:bigint",
  "sys.query_store_query_text":
    "query_text_id:bigint query_sql_text:text statement_sql_handle:varbinary is_part_of_encrypted_module:bit has_restricted_text:bit",
  "sys.query_store_runtime_stats":
    "runtime_stats_id:bigint plan_id:bigint runtime_stats_interval_id:bigint execution_type:tinyint execution_type_desc:nvarchar60 count_executions:bigint avg_duration:float last_duration:bigint min_duration:bigint max_duration:bigint",
  "sys.query_store_runtime_stats_interval":
    "runtime_stats_interval_id:bigint comment:text start_time:datetime end_time:datetime",
  "sys.query_context_settings":
    "context_settings_id:bigint set_options:varbinary language_id:smallint date_format:smallint date_first:tinyint status:varbinary",
  "sys.numbered_procedures": "object_id:int procedure_number:smallint definition:text",
  "sys.system_sql_modules":
    "object_id:int definition:text uses_ansi_nulls:bit uses_quoted_identifier:bit is_schema_bound:bit uses_database_collation:bit is_recompiled:bit null_on_null_input:bit execute_as_principal_id:int",
  "sys.event_log":
    "database_name:name start_time:datetime end_time:datetime event_category:name event_type:name event_subtype:int event_subtype_desc:name severity:int event_count:int description:text",
  "sys.resource_stats":
    "start_time:datetime end_time:datetime database_name:name sku:name storage_in_megabytes:float avg_cpu_percent:float avg_data_io_percent:float avg_log_write_percent:float max_worker_percent:float max_session_percent:float dtu_limit:int",
};

/** Each of one row that is the same everywhere. */
const single: Readonly<Record<string, string>> = {
  "sys.database_query_store_options":
    "desired_state:smallint=0 desired_state_desc:nvarchar60=OFF actual_state:smallint=0 actual_state_desc:nvarchar60=OFF readonly_reason:int=0 current_storage_size_mb:bigint=0 flush_interval_seconds:bigint=900 interval_length_minutes:bigint=60 max_storage_size_mb:bigint=0 stale_query_threshold_days:bigint=30 max_plans_per_query:bigint=200 query_capture_mode:smallint=3 query_capture_mode_desc:nvarchar60=NONE",
  "sys.syslanguages":
    "langid:smallint=0 dateformat:varchar=mdy datefirst:tinyint=7 upgrade:int=0 name:name=us_english alias:name=English months:nvarchar4000=January,February,March,April,May,June,July,August,September,October,November,December shortmonths:nvarchar4000=Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec days:nvarchar4000=Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday lcid:int=1033 msglangid:smallint=1033",
};

export const poolEmptyViews: readonly SystemView[] = [
  ...Object.entries(empty).map(([name, columns]) => defineView(name, columns, none)),
  ...Object.entries(single).map(([name, columns]) => defineView(name, columns, one)),
  defineView("sys.pdw_database_mappings", "database_id:int physical_name:name", (session) =>
    databases(session).map(({ id, name }) => ({ database_id: id, physical_name: name })),
  ),
  defineView(
    "sys.database_files",
    "file_id:int file_guid:guid type:tinyint type_desc:nvarchar60 data_space_id:int name:name physical_name:nvarchar256 state:tinyint=0 state_desc:nvarchar60=ONLINE size:int=0 max_size:int=-1 growth:int=0 is_media_read_only:bit=0 is_read_only:bit=0 is_sparse:bit=0 is_percent_growth:bit=0 is_name_reserved:bit=0",
    ({ database }) => [
      {
        file_id: 1,
        type: 0,
        type_desc: "ROWS",
        data_space_id: 1,
        name: "data_0",
        physical_name: database.pool.name,
      },
    ],
  ),
];

function databases(session: Session): { id: number; name: string }[] {
  return session.databases.map(({ name }, index) => ({
    id: name.toLowerCase() === "master" ? 1 : index + 5,
    name,
  }));
}
