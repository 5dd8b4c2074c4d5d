// Bulk load: the rows that follow an INSERT BULK statement, decoded as they arrive into the column
// vectors that results use too (MS-TDS 2.2.6.1). The session inserts them; see BulkLoadingSession.
import {
  type SqlColumn,
  SqlError,
  type SqlEvent,
  type SqlSession,
  type SqlValue,
} from "../session.ts";
import { type Cursor, cursorOf, readShortText, readU8, readU16, readU32 } from "./cursor.ts";
import type { MessageStream } from "./inbox.ts";
import { readTypeInfo, type WireType } from "./parameter.ts";
import { LengthError, ProtocolError, TruncatedError } from "./protocol-error.ts";

export interface BulkRows {
  count: number;
  vectors: readonly ArrayLike<SqlValue>[];
}

/**
 * A session that takes bulk loads. `batch` has accepted `INSERT BULK <table> (…)` and remembers the
 * target; the rows come next, on the same connection. The load is one statement: when the rows
 * throw (the client broke off or took them back) nothing of it may stay.
 */
export interface BulkLoadingSession extends SqlSession {
  bulkLoad(
    columns: readonly SqlColumn[],
    rows: AsyncIterable<BulkRows>,
    signal: AbortSignal,
  ): AsyncIterable<SqlEvent>;
}

export function takesBulkLoads(session: SqlSession): session is BulkLoadingSession {
  return "bulkLoad" in session && typeof session.bulkLoad === "function";
}

/** The client took its rows back. Ends the load without an error message of its own. */
export class BulkLoadIgnoredError extends Error {
  constructor() {
    super("the client took the bulk load back");
    this.name = "BulkLoadIgnoredError";
  }
}

const columnsToken = 0x81;
const rowToken = 0xd1;
const compactRowToken = 0xd2;
const doneTokens = new Set([0xfd, 0xfe, 0xff]);
const chunkRows = 2048;
const chunkBytes = 1 << 20;
/** Bytes gathered before a first look; doubled as long as one row needs more. */
const gatherBytes = 65_536;

/** Bytes not yet decoded, of which more can be asked for. */
interface Source {
  bytes: Buffer;
  ended: boolean;
  stream: MessageStream;
  rowBytesMax: number;
}

async function gather(source: Source): Promise<void> {
  const { bytes } = source;
  if (source.ended) throw new ProtocolError("bulk load ends inside a row");
  if (bytes.length > source.rowBytesMax) {
    throw new ProtocolError(`bulk row longer than ${source.rowBytesMax} bytes`);
  }
  const wanted = Math.max(gatherBytes, bytes.length * 2);
  const parts = [bytes];
  let total = bytes.length;
  while (total < wanted) {
    const part = await source.stream.next();
    if (part === undefined) {
      source.ended = true;
      if (source.stream.ignored) throw new BulkLoadIgnoredError();
      break;
    }
    parts.push(part);
    total += part.length;
  }
  source.bytes = Buffer.concat(parts, total);
}

interface BulkLoad {
  columns: readonly SqlColumn[];
  rows: AsyncIterable<BulkRows>;
}

/** Reads the metadata; rows are decoded as they are asked for. */
export async function openBulkLoad(
  stream: MessageStream,
  { rowBytesMax }: { rowBytesMax: number },
): Promise<BulkLoad> {
  const source: Source = { bytes: Buffer.alloc(0), ended: false, stream, rowBytesMax };
  await gather(source);
  for (;;) {
    const cursor = cursorOf(source.bytes);
    try {
      const { columns, types } = readColumns(cursor);
      source.bytes = source.bytes.subarray(cursor.at);
      return { columns, rows: decodeRows(source, types) };
    } catch (error) {
      if (!(error instanceof TruncatedError)) throw error;
      await gather(source);
    }
  }
}

/** Reads what is left of a refused load, so that the connection can go on. */
export async function discard(stream: MessageStream): Promise<void> {
  while ((await stream.next()) !== undefined);
}

function readColumns(cursor: Cursor): { columns: SqlColumn[]; types: WireType[] } {
  if (readU8(cursor) !== columnsToken) throw new ProtocolError("bulk load without COLMETADATA");
  const count = readU16(cursor);
  const columns: SqlColumn[] = [];
  const types: WireType[] = [];
  for (let index = 0; index < count; index++) {
    readU32(cursor);
    const flags = readU16(cursor);
    const wireType = readTypeInfo(cursor);
    const name = readShortText(cursor);
    columns.push({ name, type: wireType.type, nullable: (flags & 1) !== 0 });
    types.push(wireType);
  }
  return { columns, types };
}

async function* decodeRows(source: Source, types: readonly WireType[]): AsyncGenerator<BulkRows> {
  for (;;) {
    const cursor = cursorOf(source.bytes);
    const chunk = readChunk(cursor, types);
    source.bytes = source.bytes.subarray(cursor.at);
    if (chunk.count > 0) yield { count: chunk.count, vectors: chunk.vectors };
    if (chunk.stop === "done") {
      await discard(source.stream);
      if (source.stream.ignored) throw new BulkLoadIgnoredError();
      return;
    }
    if (chunk.stop === "truncated") {
      // The end of the message stands for DONE, which some clients leave out.
      if (source.ended && source.bytes.length === 0) return;
      await gather(source);
    }
  }
}

interface Chunk extends BulkRows {
  stop: "done" | "truncated" | "full";
}

/** Whole rows only: the cursor stays before a row that has not fully arrived. */
function readChunk(cursor: Cursor, types: readonly WireType[]): Chunk {
  const vectors: SqlValue[][] = types.map(() => []);
  const start = cursor.at;
  let count = 0;
  while (count < chunkRows && cursor.at - start < chunkBytes) {
    const rowStart = cursor.at;
    try {
      const token = readU8(cursor);
      if (doneTokens.has(token)) return { count, vectors, stop: "done" };
      const nulls = token === compactRowToken ? readNulls(cursor, types.length) : undefined;
      if (nulls === undefined && token !== rowToken) {
        throw new ProtocolError(`token 0x${token.toString(16)} in a bulk load`);
      }
      types.forEach((type, column) => {
        vectors[column]!.push(nulls?.[column] ? null : readCell(type, cursor, column));
      });
      count++;
    } catch (error) {
      if (!(error instanceof TruncatedError)) throw error;
      cursor.at = rowStart;
      for (const vector of vectors) vector.length = count;
      return { count, vectors, stop: "truncated" };
    }
  }
  return { count, vectors, stop: "full" };
}

/** go-mssqldb sends texts whole that are longer than their column. */
function readCell(type: WireType, cursor: Cursor, column: number): SqlValue {
  try {
    return type.read(cursor);
  } catch (error) {
    if (!(error instanceof LengthError)) throw error;
    const message = `Received an invalid column length from the bcp client for colid ${column + 1}.`;
    throw new SqlError({ number: 4815, severity: 16, state: 1, line: 1, message });
  }
}

function readNulls(cursor: Cursor, columnCount: number): boolean[] {
  const bits: number[] = [];
  for (let index = 0; index < Math.ceil(columnCount / 8); index++) bits.push(readU8(cursor));
  return Array.from({ length: columnCount }, (_, column) => {
    return (bits[column >> 3]! & (1 << (column & 7))) !== 0;
  });
}
