// What a connection is served with: its bytes (listener.ts makes them) and what all share.
// handshake.ts and connection.ts are written against it.
import type { Log } from "../../platform/log.ts";
import type { SqlFront } from "../session.ts";
import type { FederatedSignIn, WireClock, WireLimits } from "./option.ts";
import type { SlabPool, WriteBytes } from "./output.ts";

/** The connection as the listener hands it over: bytes, and TLS on request. */
export interface Channel {
  readonly remote: string;
  /** Encrypted from the first byte (TDS 8.0). */
  readonly strict: boolean;
  /** SNI of the TLS handshake, once it is over. */
  serverName(): string | undefined;
  /** Called once; bytes before it are kept. */
  receive(handlers: { data(chunk: Buffer): void; closed(error?: Error): void }): void;
  /** From now on bytes are the TLS handshake's; resolves when it is over. */
  startTls(): Promise<void>;
  write: WriteBytes;
  pause(): void;
  resume(): void;
  /** After what was written. */
  end(): void;
  destroy(): void;
}

export interface ConnectionContext {
  front: SqlFront;
  limits: WireLimits;
  clock: WireClock;
  log: Log;
  pool: SlabPool;
  allowPlain: boolean;
  federatedSignIn: FederatedSignIn | undefined;
}
