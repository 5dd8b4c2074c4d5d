// One endpoint of a plane is one value. The listener registers the values; tests walk them.

import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { ServiceError } from "@callosum/contract/error.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type { Origin, PlaneName } from "./plane.ts";

export type Method = "GET" | "HEAD" | "PUT" | "PATCH" | "POST" | "DELETE" | "OPTIONS";

/** What a handler gets. Everything is already bounded in size and percent-decoded. */
export interface Call {
  readonly method: Method;
  /** The path inside the plane as sent, not decoded; starts with a slash. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  /** Names are lower case; values as sent, decoded. */
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** By the route's `body`: parsed JSON, URLSearchParams of a form, bytes; undefined when empty. */
  readonly body: unknown;
  /** The raw request for routes whose `body` is "stream". */
  readonly stream: Readable;
  readonly requestId: string;
  readonly correlationId: string;
  readonly origin: Origin;
  readonly remoteAddress: string;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  /** The verified caller. Rejects with an "unauthenticated" ServiceError. */
  principal(): Promise<Principal>;
  /** Like `principal`, for anonymous-or-signed-in places; undefined without a token. */
  principalIfAny(): Promise<Principal | undefined>;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON; a string, bytes or a stream as they are. */
  readonly body?: unknown;
}

/**
 * Who may call: `public` needs no token, `principal` any valid one; otherwise the RBAC action that the
 * handler checks (for the walk and the documentation; the handler remains the judge).
 */
export type Access = "public" | "principal" | { readonly action: string };

export interface Route {
  readonly plane: PlaneName;
  readonly method: Method | readonly Method[];
  /** Router syntax below the plane: `/:workspace/linkedservices/:name`. */
  readonly path: string;
  readonly source: string;
  readonly summary: string;
  readonly access: Access;
  /** How the body is read; JSON unless given. */
  readonly body?: "json" | "form" | "bytes" | "stream";
  /** Bytes; the plane's default is 4 MiB. */
  readonly bodyBytesMax?: number;
  handle(call: Call): Promise<Answer>;
}

/** What the http layer must know of a plane. */
export interface Plane {
  readonly name: PlaneName;
  readonly routes: readonly Route[];
  /** Audiences whose tokens the plane accepts, without a slash at the end. */
  readonly audiences:
    | readonly string[]
    | ((params: Readonly<Record<string, string>>) => readonly string[]);
  /** Also accept our own origin as audience (the resource manager only). */
  readonly acceptsOwnOrigin?: boolean;
  /** The plane's dialect. */
  renderError(
    error: ServiceError,
    call: {
      requestId: string;
      method: string;
      path: string;
      headers: IncomingHttpHeaders;
      origin: Origin;
    },
  ): Answer;
  /** Headers on every answer of the plane. */
  readonly headers?: Readonly<Record<string, string>>;
}
