// What metadata functions answer: facts of the session, its database and its catalogue.
import type { SqlValue } from "../../session.ts";
import type { CatalogueObject } from "../catalogue/model.ts";
import { objectKey } from "../catalogue/model.ts";
import { decide } from "../catalogue/permission.ts";
import type { SessionFacts } from "../emit/environment.ts";
import { nameParts } from "../name-text.ts";
import { systemViewId } from "../system/view.ts";
import { defaultSchema, type Session } from "./state.ts";

export const productVersion = "10.0.18124.0";

export function versionText(): string {
  return `Microsoft Azure SQL Data Warehouse - ${productVersion} (Callosum)`;
}

export function sessionFacts(session: Session): SessionFacts {
  const { catalogue, pool } = session.database;
  const objects = (): CatalogueObject[] => [
    ...catalogue.objects.values(),
    ...session.temporary.values(),
  ];
  return {
    database: pool.name,
    schemas: () => [...catalogue.schemas.values()],
    principals: () => [...catalogue.principals.values()],
    objects,
    user: session.actor.user,
    defaultSchema: defaultSchema(session),
    login: session.principal.name,
    originalLogin: session.principal.name,
    spid: session.id,
    workspace: session.login.workspace,
    applicationName: session.login.applicationName,
    hostName: session.login.hostName,
    databases: session.databases.map((entry, index) => ({
      id: entry.name.toLowerCase() === "master" ? 1 : index + 5,
      name: entry.name,
    })),
    schemaId: (name) => catalogue.schemas.get(name.toLowerCase())?.id,
    schemaName: (id) => [...catalogue.schemas.values()].find((schema) => schema.id === id)?.name,
    objectId: (name, type) => findByText(session, name, type)?.id ?? systemId(name, type),
    objectById: (id) => objects().find((object) => object.id === id),
    principalId: (name) => catalogue.principals.get(name.toLowerCase())?.id,
    principalName: (id) =>
      [...catalogue.principals.values()].find((principal) => principal.id === id)?.name,
    isMember: (role) =>
      catalogue.principals.get(role.toLowerCase())?.kind === "role" ||
      catalogue.principals.has(role.toLowerCase())
        ? session.actor.grantees.has(role.toLowerCase()) ||
          (session.actor.user === "dbo" && role.toLowerCase() === "db_owner")
        : undefined,
    hasPermission: (securable, securableClass, permission) =>
      hasPermission(session, securable, securableClass, permission),
    databaseProperty: (_database, property) => databaseProperty(pool, property),
    serverProperty: (property) => serverProperty(session, property),
  };
}

const objectTypes: Readonly<Record<CatalogueObject["kind"], readonly string[]>> = {
  table: ["U"],
  externalTable: ["U"],
  view: ["V"],
  procedure: ["P"],
  function: ["FN", "IF"],
};

/**
 * OBJECT_ID takes names as text: `dbo.t`, `[my schema].[t]`, `pool1..t`, `tempdb..#t`; there is nothing in
 * other databases.
 */
export function findByText(
  session: Session,
  text: string,
  type: string | undefined,
): CatalogueObject | undefined {
  const parts = nameParts(text);
  const name = parts.at(-1) ?? "";
  const own = session.database.pool.name.toLowerCase();
  const database = (parts.at(-3) || own).toLowerCase();
  if (!name.startsWith("#") && database !== own) return undefined;
  const { objects } = session.database.catalogue;
  const schemas = parts.at(-2) ? [parts.at(-2)!] : [defaultSchema(session), "dbo"];
  const object = name.startsWith("#")
    ? session.temporary.get(name.toLowerCase())
    : schemas.map((schema) => objects.get(objectKey(schema, name))).find(Boolean);
  if (
    object === undefined ||
    (type !== undefined && !objectTypes[object.kind].includes(type.trim().toUpperCase()))
  )
    return undefined;
  return object;
}

function systemId(text: string, type: string | undefined): number | undefined {
  const [name = "", schema = ""] = nameParts(text).reverse();
  const isWanted = type === undefined || type.trim().toUpperCase() === "V";
  return isWanted ? systemViewId(schema, name) : undefined;
}

function hasPermission(
  session: Session,
  securable: string | undefined,
  securableClass: string,
  permission: string,
): boolean | undefined {
  const wanted = permission.toUpperCase();
  const kind = securableClass.toUpperCase();
  const { catalogue } = session.database;
  if (kind === "SCHEMA" && securable !== undefined)
    return (
      decide(catalogue, session.actor, { permission: wanted, schema: securable }) === "allowed"
    );
  if (kind === "OBJECT" && securable !== undefined) {
    const object = findByText(session, securable, undefined);
    return object === undefined
      ? undefined
      : decide(catalogue, session.actor, { permission: wanted, object }) === "allowed";
  }
  return decide(catalogue, session.actor, { permission: wanted }) === "allowed";
}

function databaseProperty(pool: Session["database"]["pool"], property: string): SqlValue {
  const values: Readonly<Record<string, string>> = {
    collation: pool.collation,
    edition: "DataWarehouse",
    serviceobjective: pool.serviceObjective,
    status: pool.state === "Online" ? "ONLINE" : "OFFLINE",
    updateability: "READ_WRITE",
    useraccess: "MULTI_USER",
    recovery: "SIMPLE",
    isautoclose: "0",
    isautoshrink: "0",
    version: "904",
    comparisonstyle: "196609",
    lcid: "1033",
    maxsizeinbytes: "263882790666240",
  };
  return values[property.toLowerCase()] ?? null;
}

function serverProperty(session: Session, property: string): SqlValue {
  const name = session.login.workspace;
  const values: Readonly<Record<string, string>> = {
    edition: "SQL Azure",
    engineedition: "6",
    productversion: productVersion,
    productmajorversion: "10",
    productlevel: "RTM",
    servername: name,
    machinename: name,
    instancename: "",
    collation: "SQL_Latin1_General_CP1_CI_AS",
    isintegratedsecurityonly: "0",
    isclustered: "0",
    ishadrenabled: "0",
    isfulltextinstalled: "0",
    lcid: "1033",
    resourceversion: productVersion,
  };
  return values[property.toLowerCase()] ?? null;
}
