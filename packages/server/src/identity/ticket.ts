// What the token service hands out and takes back: codes, refresh tokens, sessions. The store keeps
// only a hash of each, so that reading it lets nobody in.

import { createHash } from "node:crypto";
import type { User } from "./object.ts";

export const ticketKind = {
  authorizationCode: "authorizationCode",
  redeemedCode: "redeemedAuthorizationCode",
  refreshToken: "refreshToken",
  refreshFamily: "refreshTokenFamily",
  deviceCode: "deviceCode",
  userCode: "deviceUserCode",
  session: "signInSession",
  signInLink: "signInLink",
} as const;

/** The ticket id of a secret. */
export function ticketId(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

/** Changes with the password, so that what was handed out before a change ends with it. */
export function passwordStamp(user: User): string {
  return ticketId(user.passwordHash).slice(0, 16);
}
