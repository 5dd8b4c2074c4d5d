// RFC 7636: the verifier that only this page knows, and its challenge.

const verifierBytes = 32;

export interface Proof {
  readonly verifier: string;
  readonly challenge: string;
}

export async function createProof(): Promise<Proof> {
  const verifier = randomText(verifierBytes);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return { verifier, challenge: base64Url(new Uint8Array(digest)) };
}

/** Random bytes as base64url text. */
export function randomText(byteCount: number): string {
  return base64Url(crypto.getRandomValues(new Uint8Array(byteCount)));
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
