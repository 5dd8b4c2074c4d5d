// Principals, role members, permissions and logins.
// Source: "Security catalog views (Transact-SQL)".
import type { CataloguePrincipal } from "../catalogue/model.ts";
import type { Session } from "../run/state.ts";
import { defineView, type SystemRow, type SystemView } from "./definition.ts";

const principalTypes: Readonly<Record<CataloguePrincipal["kind"], readonly [string, string]>> = {
  sqlUser: ["S ", "SQL_USER"],
  externalUser: ["E ", "EXTERNAL_USER"],
  externalGroup: ["X ", "EXTERNAL_GROUP"],
  role: ["R ", "DATABASE_ROLE"],
};

const authentications: Readonly<Record<CataloguePrincipal["kind"], readonly [number, string]>> = {
  sqlUser: [1, "INSTANCE"],
  externalUser: [4, "EXTERNAL"],
  externalGroup: [4, "EXTERNAL"],
  role: [0, "NONE"],
};

function principalRows(session: Session): SystemRow[] {
  const { principals } = session.database.catalogue;
  return [...principals.values()].map((principal) => {
    const [type, description] = principalTypes[principal.kind];
    const [authentication, authenticationName] = authentications[principal.kind];
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
      authentication_type: authentication,
      authentication_type_desc: authenticationName,
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

const loginColumns =
  "name:name principal_id:int sid:varbinary type:type type_desc:nvarchar60 is_disabled:bit create_date:datetime modify_date:datetime default_database_name:name default_language_name:name=us_english";

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
    `${loginColumns} credential_id:int owning_principal_id:int is_fixed_role:bit=0`,
    serverPrincipals,
  ),
  defineView(
    "sys.sql_logins",
    `${loginColumns} credential_id:int is_policy_checked:bit=1 is_expiration_checked:bit=0 password_hash:varbinary`,
    (session) => serverPrincipals(session).filter((row) => row.type === "S "),
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
