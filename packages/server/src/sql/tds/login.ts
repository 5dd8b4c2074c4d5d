// LOGIN7 and the federated token message (MS-TDS 2.2.6.4 and 2.2.6.3), as plain values.
// login-reply.ts answers them.
import {
  type Cursor,
  cursorOf,
  readBytes,
  readRestAsText,
  readU8,
  readU32,
  remaining,
} from "./cursor.ts";
import { ProtocolError, refusal } from "./protocol-error.ts";

export const featureId = {
  sessionRecovery: 0x01,
  federated: 0x02,
  columnEncryption: 0x04,
  globalTransactions: 0x05,
  azureSqlSupport: 0x08,
  dataClassification: 0x09,
  utf8Support: 0x0a,
  terminator: 0xff,
} as const;

export type Federated =
  | { library: "securityToken"; token: string; echo: boolean }
  | { library: "adal"; echo: boolean };

export interface Login {
  tdsVersion: number;
  /** 0 where the client leaves it to the server. */
  packetBytes: number;
  hostName: string;
  user: string;
  password: string;
  applicationName: string;
  serverName: string;
  database: string;
  federated: Federated | undefined;
  /** Ids of the feature extensions that the client sent. */
  features: ReadonlySet<number>;
  hasExtensions: boolean;
}

export const tdsVersion = { v73b: 0x730b0003, v73a: 0x730a0003, v74: 0x74000004, v80: 0x08000000 };

const fixedBytes = 94;
const place = {
  hostName: 36,
  user: 40,
  password: 44,
  applicationName: 48,
  serverName: 52,
  extension: 56,
  database: 68,
  attachFile: 82,
};

export function parseLogin(bytes: Buffer): Login {
  if (bytes.length < fixedBytes) throw new ProtocolError("LOGIN7 shorter than its fixed part");
  if (bytes.readUInt32LE(0) !== bytes.length) throw new ProtocolError("LOGIN7 with a wrong length");
  // Versions before 7.2 have a shorter fixed part: nothing behind this can be trusted for them.
  const version = bytes.readUInt32LE(4);
  if (version !== tdsVersion.v80 && version >>> 24 < 0x73) {
    throw refusal(`TDS version 0x${version.toString(16).padStart(8, "0")}, older than 7.3,`);
  }
  const flags1 = bytes[24]!;
  const flags2 = bytes[25]!;
  const flags3 = bytes[27]!;
  if ((flags1 & 0x0f) !== 0)
    throw refusal("A client that is not little-endian, ASCII and IEEE 754");
  if ((flags2 & 0x80) !== 0) throw refusal("Integrated (Windows) authentication");
  if ((flags3 & 0x01) !== 0) throw refusal("Changing the password at login");
  if ((flags3 & 0x02) !== 0 && field(bytes, place.attachFile) !== "") {
    throw refusal("Attaching a database file at login");
  }
  const hasExtensions = (flags3 & 0x10) !== 0;
  const features = hasExtensions ? readFeatures(bytes) : new Map<number, Buffer>();
  const federated = features.get(featureId.federated);
  return {
    tdsVersion: version,
    packetBytes: bytes.readUInt32LE(8),
    hostName: field(bytes, place.hostName),
    user: field(bytes, place.user),
    password: clearPassword(fieldBytes(bytes, place.password)),
    applicationName: field(bytes, place.applicationName),
    serverName: field(bytes, place.serverName),
    database: field(bytes, place.database),
    federated: federated === undefined ? undefined : parseFederated(federated),
    features: new Set(features.keys()),
    hasExtensions,
  };
}

function fieldBytes(bytes: Buffer, at: number): Buffer {
  const from = bytes.readUInt16LE(at);
  const length = bytes.readUInt16LE(at + 2) * 2;
  if (length === 0) return Buffer.alloc(0);
  if (from < fixedBytes || from + length > bytes.length) {
    throw new ProtocolError("LOGIN7 field outside its message");
  }
  return bytes.subarray(from, from + length);
}

function field(bytes: Buffer, at: number): string {
  return fieldBytes(bytes, at).toString("utf16le");
}

/** Each byte is XORed with 0xA5 after its halves were swapped (MS-TDS 2.2.6.4). */
function clearPassword(hidden: Buffer): string {
  const clear = Buffer.alloc(hidden.length);
  for (let index = 0; index < hidden.length; index++) {
    const swapped = hidden[index]! ^ 0xa5;
    clear[index] = ((swapped << 4) | (swapped >> 4)) & 0xff;
  }
  return clear.toString("utf16le");
}

/** The extension field points at four bytes that point at the features. */
function readFeatures(bytes: Buffer): Map<number, Buffer> {
  const pointer = bytes.readUInt16LE(place.extension);
  if (pointer < fixedBytes || pointer + 4 > bytes.length) {
    throw new ProtocolError("LOGIN7 extension outside its message");
  }
  const cursor = cursorOf(bytes);
  cursor.at = bytes.readUInt32LE(pointer);
  if (cursor.at < fixedBytes || cursor.at >= bytes.length) {
    throw new ProtocolError("LOGIN7 features outside their message");
  }
  const found = new Map<number, Buffer>();
  for (let id = readU8(cursor); id !== featureId.terminator; id = readU8(cursor)) {
    if (found.has(id)) throw new ProtocolError("LOGIN7 names a feature twice");
    found.set(id, readBytes(cursor, readU32(cursor)));
  }
  return found;
}

function parseFederated(bytes: Buffer): Federated {
  const cursor = cursorOf(bytes);
  const option = readU8(cursor);
  const echo = (option & 1) !== 0;
  const library = option >> 1;
  if (library === 1) {
    return { library: "securityToken", token: readToken(cursor), echo };
  }
  if (library === 2) return { library: "adal", echo };
  throw refusal(`Federated authentication library ${library}`);
}

function readToken(cursor: Cursor): string {
  return readRestAsText(cursorOf(readBytes(cursor, readU32(cursor))));
}

/** The token message of the ADAL workflow: total length, token length, token, optional nonce. */
export function parseFederatedToken(bytes: Buffer): string {
  const cursor = cursorOf(bytes);
  const length = readU32(cursor);
  if (length !== remaining(cursor)) throw new ProtocolError("federated token with a wrong length");
  return readToken(cursor);
}

/**
 * The workspace and the login name (design: SNI, else LOGIN7's ServerName, else
 * `user@workspace`). Loopback names and addresses name no workspace; a ServerName without a dot may
 * be a data source's own name (FreeTDS sends its section's), so `user@workspace` goes before it.
 * `@workspace` is cut from the user where it repeats or supplies the workspace.
 */
export function resolveWorkspace(names: {
  sni: string | undefined;
  serverName: string;
  user: string;
}): { workspace: string; user: string } {
  const at = names.user.lastIndexOf("@");
  const suffix = at < 0 ? "" : firstLabel(names.user.slice(at + 1));
  const server = workspaceLabel(names.serverName);
  const isHost = names.serverName.includes(".");
  const workspace = workspaceLabel(names.sni ?? "") || (isHost && server) || suffix || server;
  const repeats = suffix !== "" && suffix.toLowerCase() === workspace.toLowerCase();
  return { workspace, user: repeats ? names.user.slice(0, at) : names.user };
}

function workspaceLabel(server: string): string {
  const host = server
    .trim()
    .replace(/^tcp:/i, "")
    .replace(/[,\\].*$/, "");
  const isAddress = host.includes(":") || /^[\d.]*$/.test(host);
  if (isAddress || /^localhost(\.|$)/i.test(host)) return "";
  return firstLabel(host);
}

function firstLabel(host: string): string {
  return host.split(".", 1)[0]!;
}
