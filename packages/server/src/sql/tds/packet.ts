// The eight-byte packet header and the message types (MS-TDS 2.2.3.1).

export const packetType = {
  batch: 1,
  rpc: 3,
  tabularResult: 4,
  attention: 6,
  bulkLoad: 7,
  federatedToken: 8,
  transaction: 14,
  login: 16,
  sspi: 17,
  prelogin: 18,
} as const;

export const packetStatus = {
  endOfMessage: 0x01,
  ignore: 0x02,
  resetConnection: 0x08,
  resetConnectionKeepTransaction: 0x10,
} as const;

export const headerBytes = 8;
/** Both sides use this size until LOGIN7 settles another. */
export const initialPacketBytes = 4096;
export const packetBytesMin = 512;
export const packetBytesMax = 32767;
export const encryptedPacketBytesMax = 16_383;

export function writeHeader(
  bytes: Uint8Array,
  at: number,
  header: { type: number; status: number; length: number; sequence: number },
): void {
  bytes[at] = header.type;
  bytes[at + 1] = header.status;
  bytes[at + 2] = header.length >>> 8;
  bytes[at + 3] = header.length & 0xff;
  bytes[at + 4] = 0;
  bytes[at + 5] = 0;
  bytes[at + 6] = header.sequence & 0xff;
  bytes[at + 7] = 0;
}

/** One message cut into packets, for what is sent outside a token stream. */
export function packetize(type: number, payload: Uint8Array, packetBytes: number): Buffer {
  const room = packetBytes - headerBytes;
  const count = Math.max(1, Math.ceil(payload.length / room));
  const out = Buffer.allocUnsafe(payload.length + count * headerBytes);
  for (let index = 0, at = 0; index < count; index++) {
    const part = payload.subarray(index * room, (index + 1) * room);
    const status = index === count - 1 ? packetStatus.endOfMessage : 0;
    const length = part.length + headerBytes;
    writeHeader(out, at, { type, status, length, sequence: index + 1 });
    out.set(part, at + headerBytes);
    at += length;
  }
  return out;
}
