// What sp_tables answers beside rows of tables: lists of databases, schemas and table types; and its order.
// Source: "sp_tables (Transact-SQL)".
import type { SqlValue } from "../../session.ts";
import type { Session } from "../run/state.ts";

type Row = Readonly<Record<string, SqlValue>>;

const place = (row: Row): string =>
  `${row.TABLE_TYPE}\0${row.TABLE_OWNER}\0${row.TABLE_NAME}`.toLowerCase();

/** "Ordered by TABLE_TYPE, TABLE_QUALIFIER, TABLE_OWNER, and TABLE_NAME." */
export function byPlace(left: Row, right: Row): number {
  return place(left) < place(right) ? -1 : 1;
}

/** One `%` among empty names asks for all databases, schemas or table types. */
export function enumerated(
  session: Session,
  [name, owner]: readonly (string | undefined)[],
  qualifier: string | undefined,
  kinds: string | undefined,
): Row[] | undefined {
  if (name !== "") return undefined;
  if (qualifier === "%" && owner === "")
    return session.databases.map((pool) => ({ TABLE_QUALIFIER: pool.name }));
  if (owner === "%" && qualifier === "")
    return [...session.database.catalogue.schemas.values()].map(({ name: TABLE_OWNER }) => ({
      TABLE_OWNER,
    }));
  if (kinds === "%" && owner === "" && qualifier === "")
    return ["SYSTEM TABLE", "TABLE", "VIEW"].map((kind) => ({ TABLE_TYPE: kind }));
  return undefined;
}
