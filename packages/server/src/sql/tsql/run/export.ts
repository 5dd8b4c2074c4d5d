// CREATE EXTERNAL TABLE AS SELECT: the engine writes a query's rows to a local file, which goes into the lake with the
// rights of the caller or of the data source's credential; then the table over it is there.
// Source: "CREATE EXTERNAL TABLE AS SELECT (Transact-SQL)".
import type { SqlType } from "../../session.ts";
import type { Position } from "../ast.ts";
import type {
  CatalogueColumn,
  ExternalFileFormat,
  ExternalTableObject,
} from "../catalogue/model.ts";
import { convert } from "../emit/conversion.ts";
import { externalUrl } from "../emit/external-table.ts";
import { namedColumnsOf } from "../emit/relation.ts";
import { emptyScope, type Relation } from "../emit/scope.ts";
import { quoteName, quoteText } from "../emit/value.ts";
import { refuseOption, sqlError } from "../error.ts";
import type { ExternalStatement } from "../statement.ts";
import { isBinary, isString, isTemporal, nvarchar, storage } from "../type.ts";
import { remember, requireFree, requireNoTransaction, storing } from "./define.ts";
import { type PlannedExternal, planExternal } from "./define-external.ts";
import { lakeCredential } from "./lake-credential.ts";
import { bind, runAtomically, runStatements, statementOf } from "./query.ts";
import { doneWith } from "./row-count.ts";
import type { Events, Session } from "./state.ts";

type Node = Extract<ExternalStatement, { kind: "createExternalTableAs" }>;

export async function* createExternalTableAs(
  session: Session,
  node: Node,
  signal: AbortSignal,
): Events {
  requireNoTransaction(session, node.at);
  const planned = planExternal(session, node);
  const { result: relation, env } = await bind(session, signal, (binder) =>
    binder.query(node.query, emptyScope(), { place: "insert" }),
  );
  const columns = namedColumnsOf(relation, node.columns, planned.name, node.at).map(
    ({ name, type, nullable }, index): CatalogueColumn => ({
      id: index + 1,
      name: name!,
      type,
      nullable,
    }),
  );
  const copy = exportSql(relation, columns, planned.format, node.at);
  const { lake } = session.ports;
  const credential = lakeCredential(session, planned.source.credential, node.at);
  const url = fileUrl(session, planned);
  let changed = 0;
  await session.database.exclusive(async () => {
    requireFree(session, planned, node.at);
    const table: ExternalTableObject = { ...planned.table, columns };
    const fill = async (path: string): Promise<void> => {
      changed = await runStatements(session, [statementOf(env, copy(path))], node.at, signal);
    };
    await lake.write(url, credential, session.principal, fill).catch((error: unknown) => {
      if (!(error instanceof Error) || "detail" in error || signal.aborted) throw error;
      throw sqlError(105005, node.at, planned.table.location, error.message);
    });
    try {
      await runAtomically(session, [...storing(table), { sql: "SELECT 1" }], node.at, signal);
    } catch (error) {
      await lake.remove(url, credential, session.principal);
      throw error;
    }
    remember(session, table);
  });
  yield doneWith(session, "insert", changed);
  return "normal";
}

/** `QID776_20160130_182739_0.parquet`, as the service names them; the number is the table's. */
function fileUrl(session: Session, { source, format, table }: PlannedExternal): string {
  const ms = Number(session.ports.clock.now() / 10_000n);
  const stamp = new Date(ms).toISOString().replace(/[-:]/g, "").replace("T", "_").slice(0, 15);
  const kind = format.kind === "parquet" ? "parquet" : isGzip(format) ? "txt.gz" : "txt";
  return `${externalUrl(source, table.location)}/QID${table.id}_${stamp}_0.${kind}`;
}

function isGzip({ compression = "" }: ExternalFileFormat): boolean {
  return /gzip/i.test(compression);
}

/** The engine's statement that writes the rows to a local file. */
function exportSql(
  relation: Relation,
  columns: readonly CatalogueColumn[],
  format: ExternalFileFormat,
  at: Position,
): (path: string) => string {
  const shown = columns.map((column, index) =>
    relation.columns[index]!.bareNull
      ? `CAST(q.c${index + 1} AS ${storage(column.type)})`
      : `q.c${index + 1}`,
  );
  const [list, options] =
    format.kind === "parquet"
      ? parquetExport(columns, shown, format, at)
      : textExport(columns, shown, format, at);
  return (path) =>
    `COPY (SELECT ${list} FROM (${relation.sql}) q) TO ${quoteText(path)} (${options.join(", ")})`;
}

function parquetExport(
  columns: readonly CatalogueColumn[],
  shown: readonly string[],
  { compression = "" }: ExternalFileFormat,
  at: Position,
): [list: string, options: string[]] {
  const cells = columns.map(({ name, type }, index) => {
    if (type.name === "datetimeoffset") refuseOption(at, "datetimeoffset in a Parquet file");
    const isText = type.name === "uniqueidentifier";
    const value = isText ? `upper(CAST(${shown[index]} AS VARCHAR))` : shown[index];
    return `${value} AS ${quoteName(name)}`;
  });
  const [, codec = "uncompressed"] = /(Snappy|Gzip)Codec$/i.exec(compression) ?? [];
  return [cells.join(", "), ["FORMAT parquet", `COMPRESSION ${codec.toLowerCase()}`]];
}

/**
 * A line is one text to the engine, which knows of no terminator of several characters. FIRST_ROW = 2 asks for a line
 * before the rows: the columns' names.
 */
function textExport(
  columns: readonly CatalogueColumn[],
  shown: readonly string[],
  format: ExternalFileFormat,
  at: Position,
): [list: string, options: string[]] {
  if (format.firstRow > 2) refuseOption(at, `FIRST_ROW = ${format.firstRow} of an export`);
  if (format.encoding !== "UTF8") refuseOption(at, `ENCODING = ${format.encoding} of an export`);
  const { fieldTerminator, stringDelimiter } = format;
  const fields = columns.map(({ type }, index) => {
    const text = fieldText(type, shown[index]!);
    return isString(type) ? quoted(text, stringDelimiter) : text;
  });
  const line = fields
    .map((field) => `coalesce(${field}, '')`)
    .join(` || ${quoteText(fieldTerminator)} || `);
  const header = columns.map(({ name }) => name).join(fieldTerminator);
  const options = ["FORMAT csv", "DELIMITER '\u{1}'", "QUOTE ''", "ESCAPE ''"];
  return [
    `${line} AS ${quoteName(header)}`,
    [
      ...options,
      `HEADER ${format.firstRow === 2}`,
      ...(isGzip(format) ? ["COMPRESSION gzip"] : []),
    ],
  ];
}

function quoted(text: string, delimiter: string): string {
  if (delimiter === "") return text;
  const mark = quoteText(delimiter);
  return `${mark} || replace(${text}, ${mark}, ${quoteText(delimiter + delimiter)}) || ${mark}`;
}

/** Values as the same table reads them back: moments and fractions in full. */
function fieldText(type: SqlType, value: string): string {
  if (isString(type)) return value;
  if (isBinary(type)) return `hex(${value})`;
  const isPlain = type.name === "real" || type.name === "float" || isTemporal(type);
  if (isPlain && type.name !== "datetimeoffset") return `CAST(${value} AS VARCHAR)`;
  const given = { sql: value, type, nullable: true };
  return convert(given, nvarchar(64), undefined, { explicit: true }).sql;
}
