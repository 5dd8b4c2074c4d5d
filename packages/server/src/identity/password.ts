// Passwords of the directory's users: scrypt with a salt of its own each, compared in constant time.

import { randomBytes, scrypt as scryptCallback, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const scrypt = promisify<string, Buffer, number, { N: number; r: number; p: number }, Buffer>(
  scryptCallback,
);
const cost = { N: 16_384, r: 8, p: 1 };
const hashLength = 32;

/** `scrypt$N$r$p$salt$hash`, base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await scrypt(password, salt, hashLength, cost);
  return [
    "scrypt",
    cost.N,
    cost.r,
    cost.p,
    salt.toString("base64url"),
    hash.toString("base64url"),
  ].join("$");
}

export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [kind, N, r, p, salt = "", expected = ""] = stored.split("$");
  if (kind !== "scrypt") return false;
  const hash = await scrypt(password, Buffer.from(salt, "base64url"), hashLength, {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  });
  const wanted = Buffer.from(expected, "base64url");
  return hash.length === wanted.length && timingSafeEqual(hash, wanted);
}
