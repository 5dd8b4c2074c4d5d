// sp_spaceused: rows and kilobytes of a table, or of the database, as sys.dm_db_partition_stats counts them.
// Source: "sp_spaceused (Transact-SQL)".
import { fail } from "../error.ts";
import { findByText } from "../run/facts.ts";
import { executeText } from "../run/procedure.ts";
import { type Run, text } from "./procedure-call.ts";

const sizes = `CAST(CONCAT(ISNULL(SUM(s.reserved_page_count), 0) * 8, ' KB') AS varchar(18)) AS reserved,
  CAST(CONCAT(ISNULL(SUM(s.used_page_count), 0) * 8, ' KB') AS varchar(18)) AS data,
  CAST('0 KB' AS varchar(18)) AS index_size, CAST('0 KB' AS varchar(18)) AS unused`;

const megabytes = "CAST(ISNULL(SUM(s.reserved_page_count), 0) * 8 / 1024.0 AS decimal(18, 2))";

export const spaceUsed: Run = async function* (session, args, at, signal) {
  const name = await text(session, args, 0, "objname", signal);
  if (name === undefined) {
    const ofDatabase = `SELECT DB_NAME() AS database_name,
      CAST(CONCAT(${megabytes}, ' MB') AS varchar(18)) AS database_size,
      CAST('0.00 MB' AS varchar(18)) AS [unallocated space] FROM sys.dm_db_partition_stats s;
      SELECT ${sizes} FROM sys.dm_db_partition_stats s`;
    return yield* executeText(session, ofDatabase, [], [], at, signal);
  }
  const object = findByText(session, name, undefined);
  if (object?.kind !== "table") return fail(15009, at, name, session.database.pool.name);
  const ofTable = `SELECT OBJECT_NAME(${object.id}) AS name, CAST(SUM(s.row_count) AS char(20)) AS rows, ${sizes}
    FROM sys.dm_db_partition_stats s WHERE s.object_id = ${object.id}`;
  return yield* executeText(session, ofTable, [], [], at, signal);
};
