// The views of SQL Server 2000 that older tools still ask, under `sys`, `dbo` or no schema at all.
// Source: "System compatibility views (Transact-SQL)".
import { isModule, isTemporary } from "../catalogue/model.ts";
import type { Session } from "../run/state.ts";
import { defaultRows } from "./constraint-view.ts";
import { defineView, type SystemRow, type SystemView } from "./definition.ts";
import { typeFacts } from "./type-facts.ts";
import { objectRow, shownColumns, visibleObjects } from "./visible-object.ts";

/** Whether a name without `sys` may mean one of them. */
export function isLegacyName(schema: string, name: string): boolean {
  return /^(dbo)?$/i.test(schema) && names.has(name.toLowerCase());
}

function objectRows(session: Session): SystemRow[] {
  return visibleObjects(session)
    .filter((object) => !isTemporary(object))
    .map((object) => {
      const row = objectRow(session, object);
      return {
        ...row,
        id: object.id,
        xtype: row.type!,
        uid: row.schema_id!,
        crdate: row.create_date!,
        refdate: row.create_date!,
      };
    });
}

function columnRows(session: Session): SystemRow[] {
  return visibleObjects(session).flatMap((object) =>
    shownColumns(session, object).map((column) => {
      const facts = typeFacts(column.type);
      return {
        name: column.name,
        id: object.id,
        xtype: facts.systemTypeId,
        xusertype: facts.userTypeId,
        type: facts.systemTypeId,
        length: facts.maxLength,
        prec: facts.precision,
        scale: facts.scale,
        colid: column.id,
        colorder: column.id,
        colstat: column.identity === undefined ? 0 : 1,
        status: column.identity === undefined ? 0 : 128,
        isnullable: column.nullable ? 1 : 0,
        collation: column.collation ?? null,
      };
    }),
  );
}

const textPart = 4000;

/** Texts of modules and defaults, each in parts of 4,000 characters. */
function commentRows(session: Session): SystemRow[] {
  const modules = visibleObjects(session)
    .filter(isModule)
    .map(({ id, text }) => ({ id, text }));
  const defaults = defaultRows(session).map((row) => ({
    id: row.object_id!,
    text: String(row.definition),
  }));
  return [...modules, ...defaults].flatMap(({ id, text }) =>
    Array.from({ length: Math.ceil(text.length / textPart) }, (_, index) => ({
      id,
      colid: index + 1,
      text: text.slice(index * textPart, (index + 1) * textPart),
    })),
  );
}

function userRows(session: Session): SystemRow[] {
  return [...session.database.catalogue.principals.values()].map((principal) => ({
    uid: principal.id,
    name: principal.name,
    islogin: principal.kind === "role" ? 0 : 1,
    issqlrole: principal.kind === "role" ? 1 : 0,
    hasdbaccess: principal.kind === "role" ? 0 : 1,
  }));
}

export const legacyViews: readonly SystemView[] = [
  defineView(
    "sys.sysobjects",
    "name:name id:int xtype:type uid:smallint info:smallint=0 status:int=0 base_schema_ver:int=0 replinfo:int=0 parent_obj:int=0 crdate:datetime ftcatid:smallint=0 schema_ver:int=0 stats_schema_ver:int=0 type:type userstat:smallint=0 sysstat:smallint=0 indexdel:smallint=0 refdate:datetime version:int=0 deltrig:int=0 instrig:int=0 updtrig:int=0 seltrig:int=0 category:int=0 cache:smallint=0",
    objectRows,
  ),
  defineView(
    "sys.syscolumns",
    "name:name id:int xtype:tinyint typestat:tinyint=0 xusertype:smallint length:smallint colid:smallint colstat:smallint cdefault:int=0 domain:int=0 number:smallint=0 colorder:smallint status:tinyint type:tinyint prec:smallint scale:int iscomputed:int=0 isoutparam:int=0 isnullable:int collation:name",
    columnRows,
  ),
  defineView(
    "sys.syscomments",
    "id:int number:smallint=0 colid:smallint status:smallint=0 ctext:varbinary texttype:smallint=2 language:smallint=0 encrypted:bit=0 compressed:bit=0 text:nvarchar4000",
    commentRows,
  ),
  defineView(
    "sys.sysusers",
    "uid:smallint status:int=0 name:name sid:varbinary createdate:datetime updatedate:datetime altuid:smallint gid:smallint=0 hasdbaccess:int islogin:int isntname:int=0 isntgroup:int=0 isntuser:int=0 issqluser:int=0 isaliased:int=0 issqlrole:int isapprole:int=0",
    userRows,
  ),
  defineView(
    "sys.sysdatabases",
    "name:name dbid:smallint sid:varbinary mode:smallint=0 status:int=0 status2:int=0 crdate:datetime category:int=0 cmptlevel:tinyint=130 filename:nvarchar256 version:smallint=904",
    (session) =>
      session.databases.map((pool, index) => ({
        name: pool.name,
        dbid: pool.name.toLowerCase() === "master" ? 1 : index + 5,
        crdate: pool.created,
      })),
  ),
];

const names = new Set(legacyViews.map(({ name }) => name));
