// Client messages made by hand: for the hostile scripts and for reading without parsing.
import { createSink, putBytes, putU16, putU32, putU64, reserve, written } from "../byte-sink.ts";
import { packetize, packetType } from "../packet.ts";
import { encryption, preloginReply } from "../prelogin.ts";

/** A reply of the server has the layout of a request; the client cannot encrypt. */
export const preloginPacket = packetize(
  packetType.prelogin,
  preloginReply({ encryption: encryption.notSupported, federated: false }),
  4096,
);

interface LoginFields {
  user: string;
  password: string;
  serverName?: string;
  database?: string;
  packetBytes?: number;
  tdsVersion?: number;
  features?: Buffer;
}

export function loginPayload(fields: LoginFields): Buffer {
  const { features } = fields;
  const sink = createSink(512);
  reserve(sink, 94);
  sink.bytes.fill(0, 0, 94);
  const put = (at: number, value: Buffer, units: number): void => {
    sink.bytes.writeUInt16LE(sink.at, at);
    sink.bytes.writeUInt16LE(units, at + 2);
    putBytes(sink, value);
  };
  const hidden = Buffer.from(fields.password, "utf16le").map((byte) => {
    return (((byte << 4) | (byte >> 4)) & 0xff) ^ 0xa5;
  });
  for (const [at, text] of [
    [36, "host"],
    [40, fields.user],
    [48, "raw"],
    [52, fields.serverName ?? ""],
    [68, fields.database ?? ""],
  ] as const) {
    put(at, Buffer.from(text, "utf16le"), text.length);
  }
  put(44, Buffer.from(hidden), fields.password.length);
  if (features !== undefined) {
    put(56, Buffer.alloc(4), 4);
    sink.bytes.writeUInt32LE(sink.at, sink.at - 4);
    putBytes(sink, features);
    sink.bytes[27] = 0x10;
  }
  sink.bytes.writeUInt32LE(sink.at, 0);
  sink.bytes.writeUInt32LE(fields.tdsVersion ?? 0x74000004, 4);
  sink.bytes.writeUInt32LE(fields.packetBytes ?? 4096, 8);
  return written(sink);
}

export function loginPacket(fields: LoginFields): Buffer {
  return packetize(packetType.login, loginPayload(fields), 4096);
}

/** ALL_HEADERS with the transaction descriptor, as every request begins. */
export function requestHeaders(transaction = 0n): Buffer {
  const sink = createSink(32);
  putU32(sink, 22);
  putU32(sink, 18);
  putU16(sink, 2);
  putU64(sink, transaction);
  putU32(sink, 1);
  return written(sink);
}

export function batchPacket(text: string, transaction = 0n): Buffer {
  const payload = Buffer.concat([requestHeaders(transaction), Buffer.from(text, "utf16le")]);
  return packetize(packetType.batch, payload, 4096);
}
