// Tokens of the server's replies, rows excepted (MS-TDS 2.2.7). Rows are row-writer.ts.
import type { SqlColumn, SqlCommand, SqlMessage, SqlType, SqlValue } from "../session.ts";
import {
  type ByteSink,
  putBytes,
  putLongText,
  putShortText,
  putSized,
  putText,
  putU8,
  putU16,
  putU32,
  putU32BigEndian,
  putU64,
} from "./byte-sink.ts";
import { serverCollation } from "./collation.ts";
import { type FederatedSignIn, serverIdentity } from "./option.ts";
import { encodeValue } from "./row-writer.ts";
import { writeTypeInfo } from "./type-info.ts";

export const doneToken = { statement: 0xfd, procedure: 0xfe, inProcedure: 0xff } as const;

export const doneStatus = { more: 0x01, error: 0x02, count: 0x10, attention: 0x20 } as const;

/** CurCmd of DONE, as SQL Server numbers its statements; clients compare only SELECT. */
const commandNumber: Record<SqlCommand, number> = {
  select: 0xc1,
  insert: 0xc3,
  update: 0xc5,
  delete: 0xc4,
  merge: 0x117,
  other: 0,
};

export interface Done {
  token: number;
  status: number;
  command: SqlCommand;
  rowCount: number;
}

export function putDone(sink: ByteSink, done: Done): void {
  putU8(sink, done.token);
  putU16(sink, done.status);
  putU16(sink, commandNumber[done.command]);
  putU64(sink, BigInt(done.rowCount));
}

const nullableFlag = 0x01;
const updatableUnknown = 0x08;

export function putColumns(sink: ByteSink, columns: readonly SqlColumn[]): void {
  putU8(sink, 0x81);
  putU16(sink, columns.length);
  for (const column of columns) {
    putU32(sink, 0);
    putU16(sink, updatableUnknown | (column.nullable ? nullableFlag : 0));
    writeTypeInfo(sink, column.type, column.nullable);
    putShortText(sink, column.name);
  }
}

/** Text of a message is cut at this many characters, as RAISERROR cuts its own at 2,047. */
const messageLengthMax = 16_000;

/** ERROR or INFO. */
export function putMessage(
  sink: ByteSink,
  message: SqlMessage,
  options: { error: boolean; serverName: string },
): void {
  putSized(sink, options.error ? 0xaa : 0xab, () => {
    putU32(sink, message.number);
    putU8(sink, message.state);
    putU8(sink, message.severity);
    putLongText(sink, message.message, messageLengthMax);
    putShortText(sink, options.serverName);
    putShortText(sink, message.procedure ?? "");
    putU32(sink, message.line);
  });
}

export function putReturnStatus(sink: ByteSink, value: number): void {
  putU8(sink, 0x79);
  putU32(sink, value);
}

interface ReturnValue {
  name: string;
  ordinal: number;
  type: SqlType;
  value: SqlValue;
}

export function putReturnValue(sink: ByteSink, result: ReturnValue): void {
  putU8(sink, 0xac);
  putU16(sink, result.ordinal);
  putShortText(sink, result.name);
  putU8(sink, 0x01);
  putU32(sink, 0);
  putU16(sink, nullableFlag);
  writeTypeInfo(sink, result.type, true);
  putBytes(sink, encodeValue(result.type, result.value));
}

const environmentToken = 0xe3;
const environmentType = {
  database: 1,
  language: 2,
  packetSize: 4,
  collation: 7,
  begin: 8,
  commit: 9,
  rollback: 10,
  resetAcknowledged: 18,
} as const;

export function putEnvironment(
  sink: ByteSink,
  change: "database" | "language" | "packetSize",
  values: { to: string; from: string },
): void {
  putSized(sink, environmentToken, () => {
    putU8(sink, environmentType[change]);
    putShortText(sink, values.to);
    putShortText(sink, values.from);
  });
}

export function putCollation(sink: ByteSink): void {
  putSized(sink, environmentToken, () => {
    putU8(sink, environmentType.collation);
    putU8(sink, serverCollation.length);
    putBytes(sink, serverCollation);
    putU8(sink, 0);
  });
}

/** A begun transaction is the new value, an ended one the old. */
export function putTransaction(
  sink: ByteSink,
  change: "begin" | "commit" | "rollback",
  id: bigint,
): void {
  putSized(sink, environmentToken, () => {
    putU8(sink, environmentType[change]);
    if (change !== "begin") putU8(sink, 0);
    putU8(sink, 8);
    putU64(sink, id);
    if (change === "begin") putU8(sink, 0);
  });
}

export function putResetAcknowledged(sink: ByteSink): void {
  putSized(sink, environmentToken, () => {
    putU8(sink, environmentType.resetAcknowledged);
    putU8(sink, 0);
    putU8(sink, 0);
  });
}

export function putLoginAck(sink: ByteSink, tdsVersion: number): void {
  const { program, version } = serverIdentity;
  putSized(sink, 0xad, () => {
    putU8(sink, 1);
    putU32BigEndian(sink, tdsVersion);
    putShortText(sink, program);
    putU8(sink, version.major);
    putU8(sink, version.minor);
    putU8(sink, version.build >> 8);
    putU8(sink, version.build & 0xff);
  });
}

/** FEATUREEXTACK; features that are not in the list are declined (MS-TDS 2.2.7.11). */
export function putFeatureAck(sink: ByteSink, features: ReadonlyMap<number, Uint8Array>): void {
  putU8(sink, 0xae);
  for (const [id, data] of features) {
    putU8(sink, id);
    putU32(sink, data.length);
    putBytes(sink, data);
  }
  putU8(sink, 0xff);
}

/** FEDAUTHINFO: the token service and the resource name (MS-TDS 2.2.7.12). */
export function putFederatedInfo(sink: ByteSink, signIn: FederatedSignIn): void {
  const directoryBytes = 4 + 2 * 9;
  const stsBytes = signIn.stsUrl.length * 2;
  const spnBytes = signIn.spn.length * 2;
  putU8(sink, 0xee);
  putU32(sink, directoryBytes + stsBytes + spnBytes);
  putU32(sink, 2);
  putU8(sink, 1);
  putU32(sink, stsBytes);
  putU32(sink, directoryBytes);
  putU8(sink, 2);
  putU32(sink, spnBytes);
  putU32(sink, directoryBytes + stsBytes);
  putText(sink, signIn.stsUrl);
  putText(sink, signIn.spn);
}
