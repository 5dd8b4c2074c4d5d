// Requests of a logged-in client as plain values: SQL batch, remote procedure calls and
// transaction manager requests (MS-TDS 2.2.6.6 to 2.2.6.9). Bulk loads stream: bulk-load.ts.
import { type SqlCall, SqlError, type SqlParameter } from "../session.ts";
import {
  type Cursor,
  cursorOf,
  readRestAsText,
  readShortText,
  readText,
  readU8,
  readU16,
  readU32,
  readU64,
  remaining,
} from "./cursor.ts";
import { readTypeInfo } from "./parameter.ts";
import { ProtocolError, refusal } from "./protocol-error.ts";

type TransactionStep = { request: "begin" | "commit" | "rollback" | "save"; name: string };

const transactionDescriptorHeader = 2;

/** Skips ALL_HEADERS and returns the transaction that the client believes it is in, 0 for none. */
function readHeaders(cursor: Cursor): bigint {
  const start = cursor.at;
  const total = readU32(cursor);
  const end = start + total;
  if (total < 4 || end > cursor.bytes.length)
    throw new ProtocolError("ALL_HEADERS of wrong length");
  let transaction = 0n;
  while (cursor.at < end) {
    const headerStart = cursor.at;
    const length = readU32(cursor);
    const type = readU16(cursor);
    if (length < 6 || headerStart + length > end) throw new ProtocolError("header of wrong length");
    if (type === transactionDescriptorHeader) transaction = readU64(cursor);
    if (cursor.at > headerStart + length) throw new ProtocolError("header shorter than its data");
    cursor.at = headerStart + length;
  }
  return transaction;
}

export function parseBatch(bytes: Buffer): { transaction: bigint; text: string } {
  const cursor = cursorOf(bytes);
  const transaction = readHeaders(cursor);
  return { transaction, text: readRestAsText(cursor) };
}

/** Procedures that a call may name by number (MS-TDS 2.2.6.6). */
const numberedProcedures: Record<number, string> = {
  1: "sp_cursor",
  2: "sp_cursoropen",
  3: "sp_cursorprepare",
  4: "sp_cursorexecute",
  5: "sp_cursorprepexec",
  6: "sp_cursorunprepare",
  7: "sp_cursorfetch",
  8: "sp_cursoroption",
  9: "sp_cursorclose",
  10: "sp_executesql",
  11: "sp_prepare",
  12: "sp_execute",
  13: "sp_prepexec",
  14: "sp_prepexecrpc",
  15: "sp_unprepare",
};

const byNumber = 0xffff;
const parameterStatus = { output: 0x01, default: 0x02, encrypted: 0x08 } as const;
/** A byte that can't be a name's length ends a call's parameters. */
const nextCall = 0xff;
const noExecution = 0xfe;
const parameterCountMax = 2100;

export function parseCalls(bytes: Buffer): { transaction: bigint; calls: SqlCall[] } {
  const cursor = cursorOf(bytes);
  const transaction = readHeaders(cursor);
  const calls: SqlCall[] = [];
  do {
    calls.push(parseCall(cursor));
  } while (remaining(cursor) > 0);
  return { transaction, calls };
}

function readProcedure(cursor: Cursor): string {
  const length = readU16(cursor);
  if (length !== byNumber) {
    if (length === 0) throw new ProtocolError("call without a procedure");
    return readText(cursor, length);
  }
  const number = readU16(cursor);
  const name = numberedProcedures[number];
  if (name === undefined) throw new ProtocolError(`call of unknown procedure number ${number}`);
  return name;
}

function parseCall(cursor: Cursor): SqlCall {
  const procedure = readProcedure(cursor);
  readU16(cursor);
  if (/^(\[?sys\]?\.)?\[?sp_cursor/i.test(procedure)) throw refusal(`Server cursor (${procedure})`);
  const parameters: SqlParameter[] = [];
  let defaulted = false;
  while (remaining(cursor) > 0) {
    const mark = cursor.bytes[cursor.at]!;
    if (mark === nextCall || mark === noExecution) {
      cursor.at++;
      if (mark === noExecution) throw refusal("Parsing a call without executing it");
      break;
    }
    const parameter = parseParameter(cursor);
    if (parameters.length === parameterCountMax) throw tooManyParameters();
    if (parameter === "default") defaulted = true;
    else if (defaulted && parameter.name === "") {
      throw refusal("A default for a positional parameter that others follow");
    } else parameters.push(parameter);
  }
  return { procedure, parameters };
}

/** A parameter that asks for its default is left out, so that the procedure supplies it. */
function parseParameter(cursor: Cursor): SqlParameter | "default" {
  const name = readShortText(cursor);
  const status = readU8(cursor);
  if ((status & parameterStatus.encrypted) !== 0) throw refusal("An encrypted parameter");
  const { type, read } = readTypeInfo(cursor);
  const value = read(cursor);
  if ((status & parameterStatus.default) !== 0) return "default";
  return { name, type, value, output: (status & parameterStatus.output) !== 0 };
}

function tooManyParameters(): SqlError {
  const message =
    "The incoming request has too many parameters. " +
    `The server supports a maximum of ${parameterCountMax} parameters.`;
  return new SqlError({ number: 8003, severity: 16, state: 1, line: 1, message });
}

const step = { getAddress: 0, propagate: 1, begin: 5, promote: 6, commit: 7, rollback: 8, save: 9 };
const serializable = 4;

/** Commit and rollback may begin the next transaction in the same message. */
export function parseTransaction(bytes: Buffer): { transaction: bigint; steps: TransactionStep[] } {
  const cursor = cursorOf(bytes);
  const transaction = readHeaders(cursor);
  const type = readU16(cursor);
  switch (type) {
    case step.begin:
      return { transaction, steps: [readBegin(cursor)] };
    case step.commit:
    case step.rollback: {
      const request = type === step.commit ? "commit" : "rollback";
      const steps: TransactionStep[] = [{ request, name: readName(cursor) }];
      if ((readU8(cursor) & 1) !== 0) steps.push(readBegin(cursor));
      return { transaction, steps };
    }
    case step.save:
      return { transaction, steps: [{ request: "save", name: readName(cursor) }] };
    case step.getAddress:
    case step.propagate:
    case step.promote:
      throw refusal("A distributed transaction");
    default:
      throw new ProtocolError(`unknown transaction manager request ${type}`);
  }
}

/**
 * Every level up to snapshot is met by the engine's snapshot isolation; serializable is more
 * than it gives, so it is refused rather than weakened.
 */
function readBegin(cursor: Cursor): TransactionStep {
  const isolation = readU8(cursor);
  if (isolation > 5) throw new ProtocolError(`unknown isolation level ${isolation}`);
  if (isolation === serializable) throw refusal("Isolation level SERIALIZABLE");
  return { request: "begin", name: readName(cursor) };
}

function readName(cursor: Cursor): string {
  const byteCount = readU8(cursor);
  if (byteCount % 2 !== 0) throw new ProtocolError("transaction name of an odd number of bytes");
  return readText(cursor, byteCount / 2);
}
