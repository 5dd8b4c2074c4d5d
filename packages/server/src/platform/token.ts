// Random bytes as text.

/** URL-safe. It never begins with a hyphen: commands that people paste it into take that for an option. */
export function tokenOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url").replace(/^-/, "_");
}
