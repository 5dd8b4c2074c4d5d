// The catalogue's place in the pool's own file: one JSON document per entry, written in the
// transaction of the DDL that it describes.
import type { EngineConnection, EngineStatement } from "../../engine/port.ts";
import {
  type Catalogue,
  type CatalogueObject,
  type CataloguePermission,
  type CataloguePrincipal,
  type CatalogueSchema,
  type ExternalThings,
  objectKey,
} from "./model.ts";

export type DocumentKind =
  | "schema"
  | "object"
  | "principal"
  | "members"
  | "permission"
  | keyof ExternalThings;

const table = '"$callosum"."documents"';

/** Built-in schemas and principals; their ids are SQL Server's. */
const builtInSchemas: readonly (readonly [number, string])[] = [
  [1, "dbo"],
  [2, "guest"],
  [3, "INFORMATION_SCHEMA"],
  [4, "sys"],
];

export const fixedRoles: readonly (readonly [number, string])[] = [
  [0, "public"],
  [16384, "db_owner"],
  [16385, "db_accessadmin"],
  [16386, "db_securityadmin"],
  [16387, "db_ddladmin"],
  [16389, "db_backupoperator"],
  [16390, "db_datareader"],
  [16391, "db_datawriter"],
  [16392, "db_denydatareader"],
  [16393, "db_denydatawriter"],
];

/** Roles whose members' statements Synapse gives more resources; smallest first. */
export const resourceClasses = [
  ...[10, 20, 30, 40, 50, 60, 70, 80].map((share) => `staticrc${share}`),
  "mediumrc",
  "largerc",
  "xlargerc",
] as const;
const resourceClassIds = 16_401;

const epoch = "0";

export function emptyCatalogue(database: string): Catalogue {
  const principal = (
    id: number,
    name: string,
    kind: CataloguePrincipal["kind"],
  ): CataloguePrincipal => ({
    id,
    name,
    kind,
    fixed: true,
    owner: "dbo",
    created: epoch,
  });
  const principals = [
    principal(1, "dbo", "sqlUser"),
    ...fixedRoles.map(([id, name]) => principal(id, name, "role")),
    ...resourceClasses.map((name, index) => principal(resourceClassIds + index, name, "role")),
  ];
  return {
    database,
    nextId: 100_000_000,
    schemas: new Map(
      builtInSchemas.map(([id, name]) => [name.toLowerCase(), { id, name, owner: "dbo" }]),
    ),
    objects: new Map(),
    principals: new Map(principals.map((entry) => [entry.name.toLowerCase(), entry])),
    members: new Map([["db_owner", new Set(["dbo"])]]),
    permissions: [],
    external: {
      dataSource: new Map(),
      fileFormat: new Map(),
      credential: new Map(),
      masterKey: new Map(),
    },
  };
}

/** Reads a pool's catalogue, making its table and the dbo schema in a new file. */
export async function loadCatalogue(
  connection: EngineConnection,
  database: string,
): Promise<Catalogue> {
  const never = new AbortController().signal;
  await connection.run(
    [
      { sql: 'CREATE SCHEMA IF NOT EXISTS "$callosum"' },
      {
        sql: `CREATE TABLE IF NOT EXISTS ${table} (kind VARCHAR, key VARCHAR, body VARCHAR, PRIMARY KEY (kind, key))`,
      },
      { sql: 'CREATE SCHEMA IF NOT EXISTS "dbo"' },
    ],
    never,
  );
  const catalogue = emptyCatalogue(database);
  for await (const block of connection.stream(
    { sql: `SELECT kind, key, body FROM ${table}` },
    never,
  )) {
    const [kinds, keys, bodies] = block.vectors;
    for (let row = 0; row < block.rowCount; row += 1) {
      restore(
        catalogue,
        String(kinds![row]) as DocumentKind,
        String(keys![row]),
        JSON.parse(String(bodies![row])),
      );
    }
  }
  return catalogue;
}

function restore(catalogue: Catalogue, kind: DocumentKind, key: string, body: unknown): void {
  switch (kind) {
    case "schema":
      catalogue.schemas.set(key, body as CatalogueSchema);
      break;
    case "object":
      catalogue.objects.set(key, body as CatalogueObject);
      break;
    case "principal":
      catalogue.principals.set(key, body as CataloguePrincipal);
      break;
    case "members":
      catalogue.members.set(key, new Set(body as string[]));
      break;
    case "permission":
      catalogue.permissions.push(body as CataloguePermission);
      break;
    default:
      (catalogue.external[kind] as Map<string, unknown>).set(key, body);
  }
  const id = (body as { id?: number }).id ?? 0;
  if (id < 2_000_000_000 && id >= catalogue.nextId) catalogue.nextId = id + 1;
}

export function putDocument(kind: DocumentKind, key: string, body: object): EngineStatement {
  return {
    sql: `INSERT OR REPLACE INTO ${table} VALUES ($1, $2, $3)`,
    parameters: [kind, key, JSON.stringify(body)],
  };
}

export function dropDocument(kind: DocumentKind, key: string): EngineStatement {
  return { sql: `DELETE FROM ${table} WHERE kind = $1 AND key = $2`, parameters: [kind, key] };
}

export function putObject(object: CatalogueObject): EngineStatement {
  return putDocument("object", objectKey(object.schema, object.name), object);
}

export function dropObjectDocument(object: CatalogueObject): EngineStatement {
  return dropDocument("object", objectKey(object.schema, object.name));
}
