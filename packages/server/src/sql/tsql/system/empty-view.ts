// Views of what a pool here never has. They are there because tools join them; they have no rows.
// Source: "Catalog views (Transact-SQL)", "System views supported in Synapse SQL".
import { defineView, type SystemView } from "./definition.ts";
import { objectColumns } from "./visible-object.ts";

const rowGroups =
  "object_id:int index_id:int partition_number:int row_group_id:int delta_store_hobt_id:bigint state:tinyint total_rows:bigint deleted_rows:bigint size_in_bytes:bigint pdw_node_id:int distribution_id:int";

const empty: Readonly<Record<string, string>> = {
  "sys.foreign_keys": `${objectColumns} referenced_object_id:int key_index_id:int is_disabled:bit is_not_for_replication:bit is_not_trusted:bit delete_referential_action:tinyint delete_referential_action_desc:nvarchar60 update_referential_action:tinyint update_referential_action_desc:nvarchar60 is_system_named:bit`,
  "sys.foreign_key_columns":
    "constraint_object_id:int constraint_column_id:int parent_object_id:int parent_column_id:int referenced_object_id:int referenced_column_id:int",
  "sys.check_constraints": `${objectColumns} parent_column_id:int definition:text is_disabled:bit is_not_for_replication:bit is_not_trusted:bit uses_database_collation:bit is_system_named:bit`,
  "sys.computed_columns":
    "object_id:int name:name column_id:int system_type_id:tinyint user_type_id:int max_length:smallint precision:tinyint scale:tinyint is_nullable:bit is_computed:bit definition:text uses_database_collation:bit is_persisted:bit",
  "sys.triggers":
    "name:name object_id:int parent_class:tinyint parent_class_desc:nvarchar60 parent_id:int type:type type_desc:nvarchar60 create_date:datetime modify_date:datetime is_ms_shipped:bit is_disabled:bit is_not_for_replication:bit is_instead_of_trigger:bit",
  "sys.trigger_events": "object_id:int type:int type_desc:nvarchar60",
  "sys.synonyms": `${objectColumns} base_object_name:name`,
  "sys.sequences": `${objectColumns} start_value:bigint increment:bigint minimum_value:bigint maximum_value:bigint is_cycling:bit is_cached:bit cache_size:int system_type_id:tinyint user_type_id:int precision:tinyint scale:tinyint current_value:bigint is_exhausted:bit`,
  "sys.extended_properties":
    "class:tinyint class_desc:nvarchar60 major_id:int minor_id:int name:name value:text",
  "sys.table_types": `${objectColumns} type_table_object_id:int user_type_id:int`,
  "sys.assemblies": "name:name assembly_id:int principal_id:int is_user_defined:bit",
  "sys.assembly_types": "name:name user_type_id:int assembly_id:int schema_id:int",
  "sys.xml_schema_collections":
    "xml_collection_id:int schema_id:int principal_id:int name:name create_date:datetime",
  "sys.xml_indexes": "object_id:int name:name index_id:int xml_index_type:tinyint",
  "sys.spatial_indexes": "object_id:int name:name index_id:int",
  "sys.fulltext_indexes": "object_id:int unique_index_id:int is_enabled:bit",
  "sys.fulltext_catalogs": "fulltext_catalog_id:int name:name",
  "sys.asymmetric_keys": "name:name principal_id:int asymmetric_key_id:int",
  "sys.certificates": "name:name certificate_id:int principal_id:int",
  "sys.column_master_keys": "name:name column_master_key_id:int",
  "sys.column_encryption_keys": "name:name column_encryption_key_id:int",
  "sys.security_policies": `${objectColumns} is_not_for_replication:bit is_enabled:bit is_schema_bound:bit`,
  "sys.security_predicates":
    "object_id:int security_predicate_id:int target_object_id:int predicate_definition:text predicate_type:int predicate_type_desc:nvarchar60 operation:int operation_desc:nvarchar60",
  "sys.masked_columns": "object_id:int name:name column_id:int masking_function:name is_masked:bit",
  "sys.server_role_members": "role_principal_id:int member_principal_id:int",
  "sys.server_permissions":
    "class:tinyint class_desc:nvarchar60 major_id:int minor_id:int grantee_principal_id:int permission_name:name state_desc:nvarchar60",
  "sys.credentials": "credential_id:int name:name credential_identity:text",
  "sys.sensitivity_classifications":
    "class:int class_desc:varchar major_id:int minor_id:int label:name label_id:name information_type:name information_type_id:name rank:int rank_desc:varchar",
  "sys.openkeys":
    "database_id:int database_name:name key_id:int key_name:name key_guid:guid opened_date:datetime status:smallint",
  "sys.servers":
    "server_id:int name:name product:name provider:name data_source:name is_linked:bit",
  "sys.sql_expression_dependencies":
    "referencing_id:int referencing_minor_id:int referencing_class:tinyint referenced_class:tinyint referenced_schema_name:name referenced_entity_name:name referenced_id:int referenced_minor_id:int",
  "sys.sql_dependencies": "class:tinyint object_id:int column_id:int referenced_major_id:int",
  "sys.periods":
    "name:name object_id:int period_type:tinyint start_column_id:int end_column_id:int",
  "sys.change_tracking_tables": "object_id:int is_track_columns_updated_on:bit",
  "sys.dm_pdw_waits":
    "wait_id:bigint session_id:varchar type:varchar object_type:varchar object_name:name request_id:varchar request_time:datetime acquire_time:datetime state:varchar priority:int",
  "sys.dm_pdw_resource_waits":
    "wait_id:bigint session_id:varchar type:varchar object_type:varchar request_id:varchar request_time:datetime acquire_time:datetime state:varchar concurrency_slots_used:int resource_class:varchar",
  "sys.dm_pdw_lock_waits":
    "wait_id:bigint session_id:varchar type:varchar object_name:name request_id:varchar state:varchar",
  "sys.dm_pdw_dms_workers":
    "request_id:varchar step_index:int dms_step_index:int pdw_node_id:int distribution_id:int type:varchar status:varchar bytes_per_sec:bigint bytes_processed:bigint rows_processed:bigint start_time:datetime end_time:datetime total_elapsed_time:int cpu_time:bigint query_time:int buffers_available:int sql_spid:int dms_cpid:int error_id:varchar source_info:text destination_info:text command:text",
  "sys.dm_pdw_dms_external_work":
    "request_id:varchar step_index:int dms_step_index:int pdw_node_id:int type:varchar work_id:int input_name:text read_location:bigint read_command:text bytes_processed:bigint length:bigint start_time:datetime end_time:datetime total_elapsed_time:int status:varchar compression_ratio:int",
  "sys.dm_pdw_dms_cores": "dms_core_id:int pdw_node_id:int status:varchar",
  "sys.dm_pdw_hadoop_operations": "request_id:varchar step_index:int operation_type:varchar",
  "sys.dm_pdw_nodes_db_column_store_row_group_physical_stats": `${rowGroups} generation:bigint created_time:datetime closed_time:datetime transition_to_compressed_state:tinyint transition_to_compressed_state_desc:nvarchar60 trim_reason:tinyint trim_reason_desc:nvarchar60 has_vertipaq_optimization:bit state_desc:nvarchar60`,
  "sys.pdw_nodes_column_store_row_groups": `${rowGroups} state_description:nvarchar60 dellta_store_hobt_id:bigint`,
  "sys.dm_pdw_nodes_exec_query_memory_grants":
    "session_id:smallint request_id:int requested_memory_kb:bigint granted_memory_kb:bigint used_memory_kb:bigint max_used_memory_kb:bigint ideal_memory_kb:bigint grant_time:datetime request_time:datetime pdw_node_id:int",
  "sys.dm_pdw_nodes_exec_requests":
    "session_id:smallint request_id:int start_time:datetime status:nvarchar60 command:nvarchar60 pdw_node_id:int",
  "sys.dm_pdw_nodes_exec_connections":
    "session_id:int connect_time:datetime net_transport:name auth_scheme:name client_net_address:varchar pdw_node_id:int",
  "sys.dm_pdw_nodes_os_performance_counters":
    "object_name:name counter_name:name instance_name:name cntr_value:bigint cntr_type:int pdw_node_id:int",
  "sys.dm_pdw_nodes_db_session_space_usage":
    "session_id:smallint database_id:smallint user_objects_alloc_page_count:bigint user_objects_dealloc_page_count:bigint internal_objects_alloc_page_count:bigint internal_objects_dealloc_page_count:bigint pdw_node_id:int",
  "sys.pdw_loader_backup_runs":
    "run_id:int name:name submit_time:datetime start_time:datetime end_time:datetime total_elapsed_time:int operation_type:varchar mode:varchar database_name:name table_name:name principal_id:int session_id:varchar request_id:varchar status:varchar progress:int command:text rows_processed:bigint rows_rejected:bigint rows_inserted:bigint",
  "sys.dm_operation_status":
    "session_activity_id:name resource_type:int resource_type_desc:name major_resource_id:name minor_resource_id:name operation:name state:tinyint state_desc:nvarchar60 percent_complete:int error_code:int error_desc:text error_severity:int error_state:int start_time:datetime last_modify_time:datetime",
  "INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS":
    "CONSTRAINT_CATALOG:name CONSTRAINT_SCHEMA:name CONSTRAINT_NAME:name UNIQUE_CONSTRAINT_CATALOG:name UNIQUE_CONSTRAINT_SCHEMA:name UNIQUE_CONSTRAINT_NAME:name MATCH_OPTION:varchar UPDATE_RULE:varchar DELETE_RULE:varchar",
  "INFORMATION_SCHEMA.CHECK_CONSTRAINTS":
    "CONSTRAINT_CATALOG:name CONSTRAINT_SCHEMA:name CONSTRAINT_NAME:name CHECK_CLAUSE:text",
  "INFORMATION_SCHEMA.DOMAINS":
    "DOMAIN_CATALOG:name DOMAIN_SCHEMA:name DOMAIN_NAME:name DATA_TYPE:name",
  "INFORMATION_SCHEMA.SEQUENCES":
    "SEQUENCE_CATALOG:name SEQUENCE_SCHEMA:name SEQUENCE_NAME:name DATA_TYPE:name NUMERIC_PRECISION:tinyint NUMERIC_PRECISION_RADIX:smallint NUMERIC_SCALE:int START_VALUE:bigint MINIMUM_VALUE:bigint MAXIMUM_VALUE:bigint INCREMENT:bigint CYCLE_OPTION:int DECLARED_DATA_TYPE:name DECLARED_NUMERIC_PRECISION:tinyint DECLARED_NUMERIC_SCALE:int",
  "INFORMATION_SCHEMA.ROUTINE_COLUMNS":
    "TABLE_CATALOG:name TABLE_SCHEMA:name TABLE_NAME:name COLUMN_NAME:name ORDINAL_POSITION:int DATA_TYPE:name",
};

export const emptyViews: readonly SystemView[] = Object.entries(empty).map(([name, columns]) =>
  defineView(name, columns, () => []),
);
