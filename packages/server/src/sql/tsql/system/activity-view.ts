// Sessions and requests of the pool. Everybody sees their own; database owners see all.
// Source: "sys.dm_pdw_exec_requests", "sys.dm_pdw_exec_sessions" and their kin.
import type { ExecutedRequest, Session } from "../run/state.ts";
import { defineView, type SystemRow, type SystemView } from "./definition.ts";

function seesAll({ actor }: Session): boolean {
  return actor.user === "dbo" || actor.grantees.has("db_owner");
}

function requestsOf(session: Session): ExecutedRequest[] {
  const { requests } = session.database.activity;
  return requests.filter(({ login }) => seesAll(session) || login === session.principal.name);
}

function sessionsOf(session: Session): Session[] {
  const { sessions } = session.database.activity;
  return [...sessions.values()].filter(
    ({ principal }) => seesAll(session) || principal.name === session.principal.name,
  );
}

const requestName = ({ id }: ExecutedRequest): string => `QID${id}`;
const sessionName = (id: number): string => `SID${id}`;

function elapsedMs(session: Session, { started, ended }: ExecutedRequest): number {
  if (started === null) return 0;
  return Number(((ended ?? session.ports.clock.now()) - started) / 10_000n);
}

/** What all views of requests tell of one. */
function requestFacts(session: Session, request: ExecutedRequest): SystemRow {
  return {
    request_id: requestName(request),
    session_id: sessionName(request.sessionId),
    status: request.status,
    submit_time: request.submitted,
    start_time: request.started,
    end_compile_time: request.started,
    end_time: request.ended,
    total_elapsed_time: elapsedMs(session, request),
    error_id: request.error === undefined ? null : `E${request.id}`,
    command: request.command,
  };
}

function requestRow(session: Session, request: ExecutedRequest): SystemRow {
  return {
    ...requestFacts(session, request),
    label: request.label,
    database_id: databaseId(session),
    resource_class: request.resourceClass,
    importance: "normal",
    group_name: request.resourceClass,
    classifier_name: null,
    result_cache_hit: 0,
    command2: request.command,
  };
}

function stepRow(session: Session, request: ExecutedRequest): SystemRow {
  return {
    ...requestFacts(session, request),
    step_index: 0,
    operation_type: "ReturnOperation",
    distribution_type: "Unspecified",
    location_type: "Compute",
    pdw_node_id: 1,
    distribution_id: 1,
    spid: request.sessionId,
    row_count: BigInt(request.rowCount),
    estimated_rows: -1n,
    status: request.status === "Completed" ? "Complete" : request.status,
  };
}

function sessionRow(session: Session): SystemRow {
  const { activity } = session.database;
  const own = activity.requests.filter(({ sessionId }) => sessionId === session.id);
  const running = own.find(({ status }) => status === "Running");
  return {
    session_id: sessionName(session.id),
    status: running ? "Active" : "Idle",
    request_id: running ? requestName(running) : null,
    login_name: session.principal.name,
    login_time: session.loginTime,
    query_count: own.length,
    is_transactional: session.transactions > 0,
    client_id: session.login.hostName,
    app_name: session.login.applicationName,
    sql_spid: session.id,
  };
}

function databaseId({ databases, database }: Session): number {
  const { name } = database.pool;
  const index = databases.findIndex((each) => each.name === name);
  return name.toLowerCase() === "master" ? 1 : index + 5;
}

const isolationLevels = [
  "UNSPECIFIED",
  "READ UNCOMMITTED",
  "READ COMMITTED",
  "REPEATABLE READ",
  "SERIALIZABLE",
  "SNAPSHOT",
];

/** Its number is what `@@SPID` says. Source: "sys.dm_exec_sessions". */
function nodeSessionRow(each: Session): SystemRow {
  const { options } = each;
  return {
    session_id: each.id % 32_767,
    login_time: each.loginTime,
    host_name: each.login.hostName,
    program_name: each.login.applicationName,
    login_name: each.principal.name,
    original_login_name: each.principal.name,
    status: each.hasPlace ? "running" : "sleeping",
    row_count: each.rowCount,
    is_user_process: true,
    text_size: -1,
    language: options.language,
    date_format: "mdy",
    date_first: options.dateFirst,
    quoted_identifier: options.quotedIdentifier,
    arithabort: true,
    ansi_nulls: true,
    ansi_warnings: true,
    ansi_padding: true,
    concat_null_yields_null: true,
    transaction_isolation_level: isolationLevels.indexOf(options.isolation),
    lock_timeout: -1,
    deadlock_priority: 0,
    prev_error: each.error,
    database_id: databaseId(each),
    open_transaction_count: each.transactions,
    pdw_node_id: 1,
  };
}

export const activityViews: readonly SystemView[] = [
  defineView(
    "sys.dm_pdw_exec_requests",
    "request_id:name session_id:name status:name submit_time:datetime start_time:datetime end_compile_time:datetime end_time:datetime total_elapsed_time:int label:name error_id:name database_id:int command:text resource_class:name importance:name group_name:name classifier_name:name result_cache_hit:int command2:text",
    (session) => requestsOf(session).map((request) => requestRow(session, request)),
  ),
  defineView(
    "sys.dm_pdw_request_steps",
    "request_id:name step_index:int operation_type:name distribution_type:name location_type:name status:name error_id:name start_time:datetime end_time:datetime total_elapsed_time:int row_count:bigint estimated_rows:bigint command:text",
    (session) => requestsOf(session).map((request) => stepRow(session, request)),
  ),
  defineView(
    "sys.dm_pdw_sql_requests",
    "request_id:name step_index:int pdw_node_id:int distribution_id:int status:name error_id:name start_time:datetime end_time:datetime total_elapsed_time:int row_count:bigint spid:int command:text",
    (session) => requestsOf(session).map((request) => stepRow(session, request)),
  ),
  defineView(
    "sys.dm_pdw_errors",
    "error_id:name source:name type:name create_time:datetime pdw_node_id:int session_id:name request_id:name spid:int thread_id:int details:text",
    (session) =>
      requestsOf(session).flatMap((request) =>
        request.error === undefined
          ? []
          : [
              {
                error_id: `E${request.id}`,
                source: "Callosum",
                type: String(request.error.number),
                create_time: request.ended,
                pdw_node_id: 1,
                session_id: sessionName(request.sessionId),
                request_id: requestName(request),
                spid: request.sessionId,
                thread_id: null,
                details: request.error.message,
              },
            ],
      ),
  ),
  defineView(
    "sys.dm_pdw_exec_sessions",
    "session_id:name status:name request_id:name login_name:name login_time:datetime query_count:int is_transactional:bit client_id:name app_name:name sql_spid:int",
    (session) => sessionsOf(session).map(sessionRow),
  ),
  defineView(
    "sys.dm_pdw_exec_connections",
    "session_id:name connect_time:datetime encrypt_option:name=TRUE auth_scheme:name=SQL client_id:name sql_spid:int",
    (session) =>
      sessionsOf(session).map((each) => ({
        session_id: sessionName(each.id),
        connect_time: each.loginTime,
        client_id: each.login.hostName,
        sql_spid: each.id,
      })),
  ),
  ...["sys.dm_exec_sessions", "sys.dm_pdw_nodes_exec_sessions"].map((name) =>
    defineView(
      name,
      "session_id:smallint login_time:datetime host_name:name program_name:name host_process_id:int client_version:int client_interface_name:name login_name:name original_login_name:name nt_domain:name nt_user_name:name status:name cpu_time:int memory_usage:int total_elapsed_time:int last_request_start_time:datetime last_request_end_time:datetime reads:bigint writes:bigint logical_reads:bigint row_count:bigint is_user_process:bit text_size:int language:name date_format:name date_first:smallint quoted_identifier:bit arithabort:bit ansi_nulls:bit ansi_warnings:bit ansi_padding:bit concat_null_yields_null:bit transaction_isolation_level:smallint lock_timeout:int deadlock_priority:int prev_error:int database_id:smallint authenticating_database_id:int=1 open_transaction_count:int pdw_node_id:int",
      (session) => sessionsOf(session).map(nodeSessionRow),
    ),
  ),
];
