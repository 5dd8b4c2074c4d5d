// Files that OPENROWSET reads: staged where the engine may read them, and described by it. They are given
// back when the statement that asked for them has ended.
import type { RowsetNeeded } from "../emit/environment.ts";
import { openedColumn } from "../emit/openrowset.ts";
import { sqlError } from "../error.ts";
import type { StatementEnvironment } from "./environment.ts";
import { toSqlError } from "./error-mapping.ts";
import type { Session } from "./state.ts";

export async function openFiles(
  session: Session,
  env: StatementEnvironment,
  needed: RowsetNeeded,
  signal: AbortSignal,
): Promise<void> {
  const { source, key, scan } = needed;
  const paths: string[] = [];
  for (const url of source.paths) {
    try {
      const held = await session.ports.lake.hold(url, undefined, session.principal);
      session.held.push(held.release);
      paths.push(...held.paths);
    } catch (error) {
      if (!(error instanceof Error) || signal.aborted) throw error;
      throw sqlError(4861, source.at, url, error.message);
    }
  }
  if (paths.length === 0)
    throw sqlError(4861, source.at, source.paths.join(", "), "there is no file of that name");
  const described: [string, string][] = [];
  const sql = `SELECT column_name AS c1, column_type AS c2 FROM (DESCRIBE SELECT * FROM ${scan(paths)})`;
  try {
    for await (const block of session.connection.stream({ sql }, signal)) {
      const [names, types] = block.vectors;
      for (let row = 0; row < block.rowCount; row += 1)
        described.push([String(names![row]), String(types![row])]);
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw toSqlError(error, source.at);
  }
  // The engine names columns of files without a header column0, column1 …; T-SQL C1, C2 …
  const isNameless = described.every(([name]) => /^column\d+$/.test(name));
  const columns = described.map(([name, type], index) =>
    openedColumn(name, type, isNameless ? `C${index + 1}` : name),
  );
  env.opened.set(key, { paths, columns });
}

/** After a statement. */
export async function giveBack(session: Session): Promise<void> {
  for (const release of session.held.splice(0)) await release();
}
