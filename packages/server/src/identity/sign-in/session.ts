// A person's sign-in at the token service, kept by a cookie, so that several clients sign in once.

import type { IncomingHttpHeaders } from "node:http";
import type { DirectoryServices } from "../directory-services.ts";
import { objectKey, type User, userType } from "../object.ts";
import { passwordStamp, ticketId, ticketKind } from "../ticket.ts";

export interface Session {
  readonly user: User;
  /** When the password was given, ms since 1970. */
  readonly signedInMs: number;
}

interface SessionBody {
  readonly objectId: string;
  readonly stamp: string;
  readonly signedInMs: number;
}

const sessionLifetimeMs = 12 * 3600 * 1000;

/** Cookies know no ports: instances on one machine must not overwrite each other's. */
export function cookieName(services: DirectoryServices, purpose: "session" | "form"): string {
  return `__Host-callosum-${purpose}-${services.tenantId.slice(0, 8)}`;
}

/** The signed-in user; undefined when nobody is, or not any more. */
export async function readSession(
  services: DirectoryServices,
  headers: IncomingHttpHeaders,
): Promise<Session | undefined> {
  const { read } = services.store;
  const secret = readCookie(headers, cookieName(services, "session"));
  if (secret === undefined) return undefined;
  const ticket = await read.ticket<SessionBody>(ticketKind.session, ticketId(secret));
  if (!ticket) return undefined;
  const { objectId, stamp, signedInMs } = ticket.body;
  const user = (await read.document<User>(objectKey(userType, objectId)))?.body;
  if (!user?.accountEnabled || passwordStamp(user) !== stamp) return undefined;
  return { user, signedInMs };
}

/** Signs the user in; gives the session and the cookie to set. */
export async function openSession(
  services: DirectoryServices,
  user: User,
): Promise<{ session: Session; cookie: string }> {
  const { store, clock, random } = services;
  const secret = random.token(256);
  const signedInMs = clock.now().getTime();
  const body: SessionBody = { objectId: user.id, stamp: passwordStamp(user), signedInMs };
  await store.transaction((writer) =>
    writer.putTicket({
      kind: ticketKind.session,
      id: ticketId(secret),
      expiresMs: signedInMs + sessionLifetimeMs,
      body,
    }),
  );
  return {
    session: { user, signedInMs },
    cookie: setCookie(cookieName(services, "session"), secret),
  };
}

/** Ends the session; gives the cookie that clears the browser's. */
export async function endSession(
  services: DirectoryServices,
  headers: IncomingHttpHeaders,
): Promise<string> {
  const name = cookieName(services, "session");
  const secret = readCookie(headers, name);
  if (secret !== undefined) {
    await services.store.transaction((writer) =>
      writer.takeTicket(ticketKind.session, ticketId(secret)),
    );
  }
  return `${setCookie(name, "")}; Max-Age=0`;
}

export function readCookie(headers: IncomingHttpHeaders, name: string): string | undefined {
  for (const pair of (headers.cookie ?? "").split(";")) {
    const [key, value] = pair.trim().split("=", 2);
    if (key === name && value) return value;
  }
  return undefined;
}

export function setCookie(name: string, value: string): string {
  return `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax`;
}
