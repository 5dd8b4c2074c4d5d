// Signing keys of the token service. The newest signs; older ones verify until every token that they
// signed has expired. How they are stored is signing-key-store.ts.

import type { webcrypto } from "node:crypto";
import { importJWK, importPKCS8, type JWK, SignJWT } from "jose";
import {
  readKeys,
  readPrivateKey,
  replaceKey,
  type SigningKeyServices,
  type StoredKey,
  stillVerifies,
} from "./signing-key-store.ts";

const algorithm = "RS256";

export interface SigningKeys {
  /** Signs claims into a JWT with the newest key. */
  sign(claims: Record<string, unknown>): Promise<string>;
  find(keyId: string): Promise<webcrypto.CryptoKey | undefined>;
  /** Public keys that still verify, the one that signs first, for the JWKS document. */
  publicKeys(): Promise<(JWK & { kid: string })[]>;
  /** Makes a new signing key; tokens of the old one stay valid until they expire. */
  rotate(): Promise<string>;
  load(): Promise<void>;
}

export function createSigningKeys(services: SigningKeyServices): SigningKeys {
  const { clock } = services;
  let keys: StoredKey[] = [];
  let signer: { keyId: string; key: webcrypto.CryptoKey } | undefined;
  let lastRotation: Promise<unknown> = Promise.resolve();
  const imported = new Map<string, webcrypto.CryptoKey>();
  const isAlive = (key: StoredKey) => stillVerifies(key, clock.now().getTime());

  async function open(): Promise<void> {
    const next = await readKeys(services);
    const [newest] = next;
    if (!newest || newest.retiredMs !== undefined) {
      await rotateNow();
      return;
    }
    const key = await importPKCS8(await readPrivateKey(services, newest.keyId), algorithm);
    keys = next;
    signer = { keyId: newest.keyId, key };
  }

  async function rotateNow(): Promise<string> {
    const keyId = await replaceKey(services);
    await open();
    return keyId;
  }

  return {
    load: open,
    rotate() {
      // One after the other, so that the key that signs is the one that was made last.
      const rotation = lastRotation.then(rotateNow);
      lastRotation = rotation.catch(() => undefined);
      return rotation;
    },
    async sign(claims) {
      if (!signer) throw new Error("The signing keys are not loaded.");
      const { keyId, key } = signer;
      const header = { alg: algorithm, kid: keyId, x5t: keyId, typ: "JWT" };
      return new SignJWT(claims).setProtectedHeader(header).sign(key);
    },
    async find(keyId) {
      const key = keys.find((candidate) => candidate.keyId === keyId);
      if (!key || !isAlive(key)) return undefined;
      let publicKey = imported.get(keyId);
      if (!publicKey) {
        publicKey = (await importJWK(key.publicJwk, algorithm)) as webcrypto.CryptoKey;
        imported.set(keyId, publicKey);
      }
      return publicKey;
    },
    async publicKeys() {
      return keys.filter(isAlive).map(({ keyId, publicJwk }) => {
        return { ...publicJwk, kid: keyId, x5t: keyId, use: "sig", alg: algorithm };
      });
    },
  };
}
