// Principals, role members, permissions, databases, configuration and the distribution views.
// Sources: "Security catalog views", "sys.databases", "System views supported in Synapse SQL".
import type { Session } from "../run/state.ts";
import { defineView, type SystemRow, type SystemView } from "./definition.ts";
import { tablesOf } from "./visible-object.ts";

const principalTypes: Readonly<Record<string, readonly [string, string]>> = {
  sqlUser: ["S ", "SQL_USER"],
  externalUser: ["E ", "EXTERNAL_USER"],
  role: ["R ", "DATABASE_ROLE"],
};

function principalRows(session: Session): SystemRow[] {
  const { principals } = session.database.catalogue;
  return [...principals.values()].map((principal) => {
    const [type, description] = principalTypes[principal.kind]!;
    const isRole = principal.kind === "role";
    return {
      name: principal.name,
      principal_id: principal.id,
      type,
      type_desc: description,
      default_schema_name: isRole ? null : (principal.defaultSchema ?? "dbo"),
      create_date: BigInt(principal.created),
      modify_date: BigInt(principal.created),
      owning_principal_id: isRole ? 1 : null,
      sid: new TextEncoder().encode(principal.externalId ?? principal.name).slice(0, 85),
      is_fixed_role: isRole && principal.id >= 16384 && principal.id < 16400,
      authentication_type: isRole ? 0 : principal.kind === "externalUser" ? 4 : 1,
      authentication_type_desc: isRole
        ? "NONE"
        : principal.kind === "externalUser"
          ? "EXTERNAL"
          : "INSTANCE",
      default_language_name: null,
      default_language_lcid: null,
      allow_encrypted_value_modifications: false,
    };
  });
}

function permissionRows(session: Session): SystemRow[] {
  const { permissions, principals } = session.database.catalogue;
  const id = (name: string): number => principals.get(name)?.id ?? 0;
  const classes = {
    database: [0, "DATABASE"],
    object: [1, "OBJECT_OR_COLUMN"],
    schema: [3, "SCHEMA"],
  } as const;
  const states = {
    grant: ["G", "GRANT"],
    deny: ["D", "DENY"],
    grantWithOption: ["W", "GRANT_WITH_GRANT_OPTION"],
  } as const;
  return permissions.map((entry) => ({
    class: classes[entry.class][0],
    class_desc: classes[entry.class][1],
    major_id: entry.major,
    minor_id: 0,
    grantee_principal_id: id(entry.grantee),
    grantor_principal_id: id(entry.grantor) || 1,
    type: shortNames[entry.permission] ?? "AL  ",
    permission_name: entry.permission,
    state: states[entry.state][0],
    state_desc: states[entry.state][1],
  }));
}

const shortNames: Readonly<Record<string, string>> = {
  SELECT: "SL  ",
  INSERT: "IN  ",
  UPDATE: "UP  ",
  DELETE: "DL  ",
  EXECUTE: "EX  ",
  ALTER: "AL  ",
  CONTROL: "CL  ",
  CONNECT: "CO  ",
  REFERENCES: "RF  ",
  "VIEW DEFINITION": "VW  ",
  "CREATE TABLE": "CRTB",
};

function databaseRows(session: Session): SystemRow[] {
  return session.databases.map((pool, index) => ({
    name: pool.name,
    database_id: pool.name.toLowerCase() === "master" ? 1 : index + 5,
    source_database_id: null,
    create_date: pool.created,
    compatibility_level: 130,
    collation_name: pool.collation,
    user_access: 0,
    user_access_desc: "MULTI_USER",
    is_read_only: false,
    state: pool.state === "Online" ? 0 : 6,
    state_desc: pool.state === "Online" ? "ONLINE" : "OFFLINE",
    recovery_model: 3,
    recovery_model_desc: "SIMPLE",
    snapshot_isolation_state: 0,
    is_read_committed_snapshot_on: false,
    is_auto_create_stats_on: true,
    is_fulltext_enabled: false,
    is_encrypted: false,
    is_result_set_caching_on: false,
    containment: 0,
    is_in_standby: false,
    is_cdc_enabled: false,
  }));
}

const distributions = {
  hash: [2, "HASH"],
  roundRobin: [4, "ROUND_ROBIN"],
  replicate: [3, "REPLICATE"],
} as const;

export const securityViews: readonly SystemView[] = [
  defineView(
    "sys.database_principals",
    "name:name principal_id:int type:type type_desc:nvarchar60 default_schema_name:name create_date:datetime modify_date:datetime owning_principal_id:int sid:varbinary is_fixed_role:bit authentication_type:int authentication_type_desc:nvarchar60 default_language_name:name default_language_lcid:int allow_encrypted_value_modifications:bit",
    principalRows,
  ),
  defineView(
    "sys.database_role_members",
    "role_principal_id:int member_principal_id:int",
    (session) => {
      const { members, principals } = session.database.catalogue;
      return [...members].flatMap(([role, names]) =>
        [...names].map((member) => ({
          role_principal_id: principals.get(role)?.id ?? 0,
          member_principal_id: principals.get(member)?.id ?? 0,
        })),
      );
    },
  ),
  defineView(
    "sys.database_permissions",
    "class:tinyint class_desc:nvarchar60 major_id:int minor_id:int grantee_principal_id:int grantor_principal_id:int type:varchar permission_name:name state:varchar state_desc:nvarchar60",
    permissionRows,
  ),
  defineView(
    "sys.server_principals",
    "name:name principal_id:int sid:varbinary type:type type_desc:nvarchar60 is_disabled:bit default_database_name:name",
    serverPrincipals,
  ),
  defineView(
    "sys.sql_logins",
    "name:name principal_id:int sid:varbinary type:type type_desc:nvarchar60 is_disabled:bit default_database_name:name",
    (session) => serverPrincipals(session).filter((row) => row.type === "S "),
  ),
  defineView(
    "sys.databases",
    "name:name database_id:int source_database_id:int create_date:datetime compatibility_level:tinyint collation_name:name user_access:tinyint user_access_desc:nvarchar60 is_read_only:bit state:tinyint state_desc:nvarchar60 recovery_model:tinyint recovery_model_desc:nvarchar60 snapshot_isolation_state:tinyint is_read_committed_snapshot_on:bit is_auto_create_stats_on:bit is_fulltext_enabled:bit is_encrypted:bit is_result_set_caching_on:bit containment:tinyint is_in_standby:bit is_cdc_enabled:bit",
    databaseRows,
  ),
  defineView("sys.configurations", "configuration_id:int name:name value:int", () => []),
  defineView("sys.dm_pdw_nodes", "pdw_node_id:int type:varchar name:name", () => [
    { pdw_node_id: 1, type: "COMPUTE", name: "callosum" },
  ]),
  defineView(
    "sys.dm_exec_sessions",
    "session_id:smallint login_name:name program_name:name host_name:name status:varchar is_user_process:bit",
    (session) => [
      {
        session_id: session.id % 32_767,
        login_name: session.principal.name,
        program_name: session.login.applicationName,
        host_name: session.login.hostName,
        status: "running",
        is_user_process: true,
      },
    ],
  ),
  defineView(
    "sys.dm_pdw_exec_sessions",
    "session_id:varchar status:varchar login_name:name app_name:name",
    (session) => [
      {
        session_id: `SID${session.id}`,
        status: "Active",
        login_name: session.principal.name,
        app_name: session.login.applicationName,
      },
    ],
  ),
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
    "sys.partitions",
    "partition_id:bigint object_id:int index_id:int partition_number:int rows:bigint data_compression:tinyint data_compression_desc:nvarchar60",
    (session) =>
      tablesOf(session).flatMap((table) =>
        Array.from({ length: (table.partition?.values.length ?? 0) + 1 }, (_, index) => ({
          partition_id: BigInt(table.id) * 1000n + BigInt(index),
          object_id: table.id,
          index_id: table.index.kind === "heap" ? 0 : 1,
          partition_number: index + 1,
          rows: null,
          data_compression: 3,
          data_compression_desc: "COLUMNSTORE",
        })),
      ),
  ),
];

function serverPrincipals(session: Session): SystemRow[] {
  const own = session.principal;
  const names = [...new Set([own.name, ...session.logins])];
  return names.map((name, index) => {
    const isSql = session.logins.includes(name) || own.kind === "sqlLogin";
    return {
      name,
      principal_id: 257 + index,
      sid: new TextEncoder().encode(name).slice(0, 85),
      type: isSql ? "S " : "E ",
      type_desc: isSql ? "SQL_LOGIN" : "EXTERNAL_LOGIN",
      is_disabled: false,
      default_database_name: "master",
    };
  });
}
