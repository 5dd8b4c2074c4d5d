// PRELOGIN: version, encryption and federated authentication are settled before anything secret
// is sent (MS-TDS 2.2.6.5). The TLS handshake that may follow is handshake-framing.ts.
import { createSink, putBytes, putU8, putU16BigEndian, written } from "./byte-sink.ts";
import { cursorOf, readU8, readU16BigEndian } from "./cursor.ts";
import { serverIdentity } from "./option.ts";
import { ProtocolError } from "./protocol-error.ts";

const optionId = {
  version: 0,
  encryption: 1,
  instance: 2,
  threadId: 3,
  mars: 4,
  federatedRequired: 6,
  nonce: 7,
  terminator: 0xff,
} as const;

/** ENCRYPT_EXT (8.0) bits are masked away: the low values are what is negotiated. */
export const encryption = { off: 0, on: 1, notSupported: 2, required: 3, clientCertificate: 0x80 };

export interface Prelogin {
  encryption: number;
  /** The client asks whether federated authentication is required, and so can do it. */
  federated: boolean;
  /** Sent by clients that sign tokens; echoed with the acknowledgement. */
  nonce: Uint8Array | undefined;
}

const optionCountMax = 32;

export function parsePrelogin(bytes: Buffer): Prelogin {
  const cursor = cursorOf(bytes);
  const found = new Map<number, Buffer>();
  for (let id = readU8(cursor); id !== optionId.terminator; id = readU8(cursor)) {
    const at = readU16BigEndian(cursor);
    const length = readU16BigEndian(cursor);
    if (at + length > bytes.length) throw new ProtocolError("PRELOGIN option outside its message");
    if (found.size === optionCountMax) throw new ProtocolError("PRELOGIN with too many options");
    found.set(id, bytes.subarray(at, at + length));
  }
  if (!found.has(optionId.version)) throw new ProtocolError("PRELOGIN without VERSION");
  const nonce = found.get(optionId.nonce);
  return {
    encryption: found.get(optionId.encryption)?.[0] ?? encryption.notSupported,
    federated: found.get(optionId.federatedRequired)?.[0] === 1,
    nonce: nonce?.length === 32 ? Uint8Array.from(nonce) : undefined,
  };
}

/**
 * What the server answers to the client's encryption wish, and whether TLS follows. Plain means
 * the client cannot encrypt and that is allowed; `refused` that it is not (MS-TDS 3.3.5.1).
 */
export function negotiateEncryption(
  wish: number,
  options: { allowPlain: boolean },
): { answer: number; next: "tls" | "plain" | "refused" } {
  if ((wish & encryption.clientCertificate) !== 0) {
    return { answer: encryption.required, next: "refused" };
  }
  switch (wish) {
    case encryption.on:
      return { answer: encryption.on, next: "tls" };
    case encryption.off:
    case encryption.required:
      return { answer: encryption.required, next: "tls" };
    case encryption.notSupported:
      return options.allowPlain
        ? { answer: encryption.notSupported, next: "plain" }
        : { answer: encryption.required, next: "refused" };
    default:
      throw new ProtocolError(`PRELOGIN with unknown encryption 0x${wish.toString(16)}`);
  }
}

export function preloginReply(reply: { encryption: number; federated: boolean }): Buffer {
  const { version } = serverIdentity;
  const options: [id: number, data: number[]][] = [
    [
      optionId.version,
      [version.major, version.minor, version.build >> 8, version.build & 0xff, 0, 0],
    ],
    [optionId.encryption, [reply.encryption]],
    [optionId.instance, [0]],
    [optionId.threadId, []],
    [optionId.mars, [0]],
  ];
  if (reply.federated) options.push([optionId.federatedRequired, [1]]);
  const sink = createSink();
  let at = options.length * 5 + 1;
  for (const [id, data] of options) {
    putU8(sink, id);
    putU16BigEndian(sink, at);
    putU16BigEndian(sink, data.length);
    at += data.length;
  }
  putU8(sink, optionId.terminator);
  for (const [, data] of options) putBytes(sink, Uint8Array.from(data));
  return written(sink);
}
