// Databases: sys.databases with every column of its documentation, tools show them all, and service objectives.
// Source: "sys.databases", "sys.database_service_objectives".
import type { Session } from "../run/state.ts";
import { defineView, type SystemRow, type SystemView } from "./definition.ts";

function databaseRows(session: Session): SystemRow[] {
  return session.databases.map((pool, index) => ({
    name: pool.name,
    database_id: databaseId(pool.name, index),
    owner_sid: new Uint8Array([1]),
    create_date: pool.created,
    collation_name: pool.collation,
    state: pool.state === "Online" ? 0 : 6,
    state_desc: pool.state === "Online" ? "ONLINE" : "OFFLINE",
    physical_database_name: pool.name,
  }));
}

const columns = `name:name database_id:int source_database_id:int owner_sid:varbinary create_date:datetime
  compatibility_level:tinyint=130 collation_name:name user_access:tinyint=0 user_access_desc:nvarchar60=MULTI_USER
  is_read_only:bit=0 is_auto_close_on:bit=0 is_auto_shrink_on:bit=0 state:tinyint state_desc:nvarchar60
  is_in_standby:bit=0 is_cleanly_shutdown:bit=0 is_supplemental_logging_enabled:bit=0
  snapshot_isolation_state:tinyint=0 snapshot_isolation_state_desc:nvarchar60=OFF
  is_read_committed_snapshot_on:bit=0 recovery_model:tinyint=3 recovery_model_desc:nvarchar60=SIMPLE
  page_verify_option:tinyint=2 page_verify_option_desc:nvarchar60=CHECKSUM is_auto_create_stats_on:bit=1
  is_auto_create_stats_incremental_on:bit=0 is_auto_update_stats_on:bit=1 is_auto_update_stats_async_on:bit=0
  is_ansi_null_default_on:bit=1 is_ansi_nulls_on:bit=1 is_ansi_padding_on:bit=1 is_ansi_warnings_on:bit=1
  is_arithabort_on:bit=1 is_concat_null_yields_null_on:bit=1 is_numeric_roundabort_on:bit=0
  is_quoted_identifier_on:bit=1 is_recursive_triggers_on:bit=0 is_cursor_close_on_commit_on:bit=0
  is_local_cursor_default:bit=0 is_fulltext_enabled:bit=0 is_trustworthy_on:bit=0 is_db_chaining_on:bit=0
  is_parameterization_forced:bit=0 is_master_key_encrypted_by_server:bit=0 is_query_store_on:bit=0
  is_published:bit=0 is_subscribed:bit=0 is_merge_published:bit=0 is_distributor:bit=0 is_sync_with_backup:bit=0
  service_broker_guid:guid=00000000-0000-0000-0000-000000000000 is_broker_enabled:bit=0 log_reuse_wait:tinyint=0
  log_reuse_wait_desc:nvarchar60=NOTHING is_date_correlation_on:bit=0 is_cdc_enabled:bit=0 is_encrypted:bit=0
  is_honor_broker_priority_on:bit=0 replica_id:guid group_database_id:guid resource_pool_id:int
  default_language_lcid:smallint default_language_name:name default_fulltext_language_lcid:int
  default_fulltext_language_name:name is_nested_triggers_on:bit is_transform_noise_words_on:bit
  two_digit_year_cutoff:smallint containment:tinyint=0 containment_desc:nvarchar60=NONE
  target_recovery_time_in_seconds:int=0 delayed_durability:int=0 delayed_durability_desc:nvarchar60=DISABLED
  is_memory_optimized_elevate_to_snapshot_on:bit=0 is_federation_member:bit=0 is_remote_data_archive_enabled:bit=0
  is_mixed_page_allocation_on:bit=0 is_temporal_history_retention_enabled:bit=0 catalog_collation_type:int=2
  catalog_collation_type_desc:nvarchar60=SQL_Latin1_General_CP1_CI_AS physical_database_name:name
  is_result_set_caching_on:bit=0 is_accelerated_database_recovery_on:bit=0
  is_tempdb_spill_to_remote_store:bit=0 is_stale_page_detection_on:bit=0 is_memory_optimized_enabled:bit=0
  is_data_retention_enabled:bit=0 is_ledger_on:bit=0 is_change_feed_enabled:bit=0 is_optimized_locking_on:bit=0`;

export const databaseViews: readonly SystemView[] = [
  defineView("sys.databases", columns, databaseRows),
  defineView(
    "sys.database_service_objectives",
    "database_id:int edition:name service_objective:name elastic_pool_name:name",
    (session) =>
      session.databases.map((pool, index) => ({
        database_id: databaseId(pool.name, index),
        edition: pool.name === "master" ? "System" : "DataWarehouse",
        service_objective: pool.serviceObjective,
      })),
  ),
];

function databaseId(name: string, index: number): number {
  return name.toLowerCase() === "master" ? 1 : index + 5;
}
