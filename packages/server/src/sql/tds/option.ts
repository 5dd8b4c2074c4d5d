// What the composition root hands to the TDS listener: ports, limits, and the names that login
// replies carry. listener.ts opens the socket, connection.ts speaks the protocol.
import type { SecureContext } from "node:tls";
import type { Log } from "../../platform/log.ts";
import type { SqlFront } from "../session.ts";

/** The part of the platform clock that the wire needs: run once later, unless cancelled. */
export interface WireClock {
  /** Returns the function that cancels. */
  after(delayMs: number, run: () => void): () => void;
}

export interface WireLimits {
  /** Connections at once; one more is closed on arrival. */
  connectionCountMax: number;
  /** From accept to a complete LOGIN7 (and federated token), TLS handshake included. */
  loginTimeoutMs: number;
  /** Longest pause of the client inside one unfinished message. */
  messageStallTimeoutMs: number;
  /** LOGIN7 and the federated token message. */
  loginBytesMax: number;
  /** One batch or remote procedure call; bulk loads stream and are bounded per row instead. */
  requestBytesMax: number;
  /** One row of a bulk load. */
  bulkRowBytesMax: number;
}

export const defaultWireLimits: WireLimits = {
  connectionCountMax: 1024,
  loginTimeoutMs: 30_000,
  messageStallTimeoutMs: 60_000,
  loginBytesMax: 256 * 1024,
  requestBytesMax: 128 * 1024 * 1024,
  bulkRowBytesMax: 128 * 1024 * 1024,
};

/** Where a client that signs in by itself (ADAL workflow) gets its token: FEDAUTHINFO's two values. */
export interface FederatedSignIn {
  /** Security token service, for example `https://login.microsoftonline.com/{tenantId}`. */
  stsUrl: string;
  /** Resource that the token must name, for example `https://database.windows.net/`. */
  spn: string;
}

export interface ListenOptions {
  front: SqlFront;
  host: string;
  /** 0 chooses a free one. */
  port: number;
  /**
   * The certificate for a server name; undefined when the client named none. May reject.
   * The context must not go beyond `maxVersion`: TLS inside TDS 7.x ends at 1.2, because 1.3 speaks
   * on after its handshake and the framing has no place for that.
   */
  secureContext: (
    serverName: string | undefined,
    options: { maxVersion: "TLSv1.2" | "TLSv1.3" },
  ) => SecureContext | Promise<SecureContext>;
  log: Log;
  clock: WireClock;
  limits?: Partial<WireLimits>;
  /** Without it, clients that ask for the ADAL workflow are refused by name. */
  federatedSignIn?: FederatedSignIn;
  /** Lets clients that cannot encrypt log in over plain TCP. Off by default, as on Azure. */
  allowPlain?: boolean;
}

/** Names and numbers in PRELOGIN and LOGINACK; Azure's SQL endpoints say 12.0.2000.8. */
export const serverIdentity = {
  program: "Microsoft SQL Server",
  version: { major: 12, minor: 0, build: 2000, revision: 8 },
  language: "us_english",
} as const;
