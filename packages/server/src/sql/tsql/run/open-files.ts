// Files that OPENROWSET and external tables read: staged where the engine may read them, and described by it; rows of
// an external table that do not fit are counted. They are given back when the statement that asked for them has ended.
import type { EngineBlock } from "../../engine/port.ts";
import { SqlError } from "../../session.ts";
import type { OpenedFiles, RowCheck, WantedFiles } from "../emit/environment.ts";
import { openedColumn } from "../emit/openrowset.ts";
import { fail, sqlError } from "../error.ts";
import type { StatementEnvironment } from "./environment.ts";
import { lakeCredential } from "./lake-credential.ts";
import type { Session } from "./state.ts";

/** Blocks of rows that the engine answers. */
type Ask = (sql: string) => AsyncIterable<EngineBlock>;

export async function openFiles(
  session: Session,
  env: StatementEnvironment,
  wanted: WantedFiles,
  { ask, signal }: { ask: Ask; signal: AbortSignal },
): Promise<void> {
  const isExternal = wanted.check !== undefined;
  const paths: string[] = [];
  for (const url of wanted.urls) {
    try {
      const credential = lakeCredential(session, wanted.credential, wanted.at);
      const held = await session.ports.lake.hold(url, credential, session.principal);
      session.held.push(held.release);
      paths.push(...held.paths);
    } catch (error) {
      if (!(error instanceof Error) || "detail" in error || signal.aborted) throw error;
      throw isExternal
        ? sqlError(105019, wanted.at, error.message)
        : sqlError(4861, wanted.at, url, error.message);
    }
  }
  if (paths.length === 0 && !isExternal)
    throw sqlError(4861, wanted.at, wanted.urls.join(", "), "there is no file of that name");
  const opened: OpenedFiles = { paths, columns: await columnsOf(wanted, paths, ask) };
  const check = paths.length === 0 ? undefined : wanted.check?.(opened);
  if (check !== undefined) await countRejected({ wanted, paths, check }, ask);
  env.opened.set(wanted.key, opened);
}

async function columnsOf(
  wanted: WantedFiles,
  paths: readonly string[],
  ask: Ask,
): Promise<OpenedFiles["columns"]> {
  if (paths.length === 0) return [];
  const described: [string, string][] = [];
  const sql = `SELECT column_name AS c1, column_type AS c2 FROM (DESCRIBE SELECT * FROM ${wanted.scan(paths)})`;
  for await (const block of blocksOf(wanted, sql, ask)) {
    const [names, types] = block.vectors;
    for (let row = 0; row < block.rowCount; row += 1)
      described.push([String(names![row]), String(types![row])]);
  }
  // The engine names columns of files without a header column0, column1 …; T-SQL C1, C2 …
  const isNameless = described.every(([name]) => /^column\d+$/.test(name));
  return described.map(([name, type], index) =>
    openedColumn(name, type, isNameless ? `C${index + 1}` : name),
  );
}

interface Counting {
  wanted: WantedFiles;
  paths: readonly string[];
  check: RowCheck;
}

/**
 * Raises 107090 when more rows do not fit than the table allows: in all, or, for a percentage, of the rows up to the
 * end of any sample ("CREATE EXTERNAL TABLE", REJECT_TYPE).
 */
async function countRejected({ wanted, paths, check }: Counting, ask: Ask): Promise<void> {
  const { fits, fault, reject, location } = check;
  const sample = reject.kind === "value" ? "0" : `((row_number() OVER () - 1) // ${reject.sample})`;
  const rows = `SELECT ${sample} AS n, ${fits} AS fits, CASE WHEN NOT ${fits} THEN ${fault} END AS fault FROM ${wanted.scan(paths)} r`;
  const sql = `SELECT count(*) AS c1, count(*) FILTER (WHERE NOT fits) AS c2, any_value(fault) AS c3 FROM (${rows}) GROUP BY n ORDER BY n`;
  let [all, rejected] = [0, 0];
  let first = "";
  for await (const block of blocksOf(wanted, sql, ask)) {
    const [counts, misfits, faults] = block.vectors;
    for (let row = 0; row < block.rowCount; row += 1) {
      all += Number(counts![row]);
      rejected += Number(misfits![row]);
      first ||= String(faults![row] ?? "");
      const measured = reject.kind === "value" ? rejected : (100 * rejected) / all;
      if (measured <= reject.most) continue;
      const threshold = reject.kind === "value" ? `${reject.most} rows` : `${reject.most}%`;
      fail(107090, wanted.at, threshold, rejected, all, `(${location}) ${first}`);
    }
  }
}

/** The engine names the copy that it reads, or nothing. */
async function* blocksOf(
  { at, urls, check }: WantedFiles,
  sql: string,
  ask: Ask,
): AsyncGenerator<EngineBlock> {
  try {
    yield* ask(sql);
  } catch (error) {
    if (!(error instanceof SqlError) || error.detail.number !== 4861) throw error;
    const files = urls.join(", ");
    if (check !== undefined) throw sqlError(105019, at, `${files}: ${error.detail.message}`);
    const message = error.detail.message.replace('file ""', `file "${files}"`);
    throw new SqlError({ ...error.detail, message });
  }
}

/** After a statement. */
export async function giveBack(session: Session): Promise<void> {
  for (const release of session.held.splice(0)) await release();
}
