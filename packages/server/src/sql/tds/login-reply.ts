// The server's words at login: federated hints, the acknowledgement, or the refusal.
import type { SqlMessage } from "../session.ts";
import { createSink, written } from "./byte-sink.ts";
import { featureId, type Login, tdsVersion } from "./login.ts";
import { type FederatedSignIn, serverIdentity } from "./option.ts";
import {
  encryptedPacketBytesMax,
  initialPacketBytes,
  packetBytesMax,
  packetBytesMin,
} from "./packet.ts";
import {
  doneStatus,
  doneToken,
  putCollation,
  putDone,
  putEnvironment,
  putFeatureAck,
  putFederatedInfo,
  putLoginAck,
  putMessage,
} from "./token.ts";

/** What was settled for the connection. */
export interface Settled {
  tdsVersion: number;
  packetBytes: number;
  /** NBCROW came with TDS 7.3B. */
  compactRows: boolean;
}

/**
 * TDS 8.0 only where TLS came first; a newer version than ours gets ours (MS-TDS 2.2.7.14). Encrypted
 * packets are smaller ("network packet size"): mssql-jdbc ends a connection with larger ones.
 */
export function settle(login: Login, options: { strict: boolean; encrypted: boolean }): Settled {
  const wanted = login.tdsVersion;
  const strict = options.strict && wanted === tdsVersion.v80;
  const offered = wanted === tdsVersion.v80 ? tdsVersion.v74 : wanted;
  const version = strict ? tdsVersion.v80 : Math.min(offered, tdsVersion.v74);
  const packetBytes = login.packetBytes === 0 ? initialPacketBytes : login.packetBytes;
  return {
    tdsVersion: version,
    packetBytes: Math.min(
      Math.max(packetBytes, packetBytesMin),
      options.encrypted ? encryptedPacketBytesMax : packetBytesMax,
    ),
    compactRows: strict || version >= tdsVersion.v73b,
  };
}

export function databaseMessage(database: string): SqlMessage {
  const message = `Changed database context to '${database}'.`;
  return { number: 5701, severity: 0, state: 2, line: 1, message };
}

export function languageMessage(language: string): SqlMessage {
  const message = `Changed language setting to ${language}.`;
  return { number: 5703, severity: 0, state: 1, line: 1, message };
}

export function acceptLogin(options: {
  login: Login;
  settled: Settled;
  database: string;
  serverName: string;
  nonce: Uint8Array | undefined;
}): Buffer {
  const { login, settled, database, serverName } = options;
  const { language } = serverIdentity;
  const sink = createSink(1024);
  putEnvironment(sink, "database", { to: database, from: "master" });
  putMessage(sink, databaseMessage(database), { error: false, serverName });
  putCollation(sink);
  putEnvironment(sink, "language", { to: language, from: "" });
  putMessage(sink, languageMessage(language), { error: false, serverName });
  putLoginAck(sink, settled.tdsVersion);
  const sizes = { to: String(settled.packetBytes), from: String(initialPacketBytes) };
  putEnvironment(sink, "packetSize", sizes);
  if (login.hasExtensions) putFeatureAck(sink, acknowledged(login, options.nonce));
  putDone(sink, { token: doneToken.statement, status: 0, command: "other", rowCount: 0 });
  return written(sink);
}

/** Session recovery, column encryption, data classification and all others are declined. */
function acknowledged(login: Login, nonce: Uint8Array | undefined): Map<number, Uint8Array> {
  const features = new Map<number, Uint8Array>();
  if (login.federated !== undefined) {
    const echoed = login.federated.library === "securityToken" ? nonce : undefined;
    features.set(featureId.federated, echoed ?? new Uint8Array(0));
  }
  for (const id of [featureId.azureSqlSupport, featureId.utf8Support]) {
    if (login.features.has(id)) features.set(id, Uint8Array.of(1));
  }
  return features;
}

export function rejectLogin(message: SqlMessage, serverName: string): Buffer {
  const sink = createSink();
  putMessage(sink, message, { error: true, serverName });
  const status = doneStatus.error;
  putDone(sink, { token: doneToken.statement, status, command: "other", rowCount: 0 });
  return written(sink);
}

export function federatedHint(signIn: FederatedSignIn): Buffer {
  const sink = createSink();
  putFederatedInfo(sink, signIn);
  return Buffer.from(written(sink));
}

/** DONE_ATTN, alone in its message: every client message is answered by one of the server's. */
export function attentionAcknowledged(): Buffer {
  const sink = createSink(16);
  const status = doneStatus.attention;
  putDone(sink, { token: doneToken.statement, status, command: "other", rowCount: 0 });
  return written(sink);
}
