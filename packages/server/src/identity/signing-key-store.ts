// Signing keys as stored: public parts as documents, private keys sealed (signing-key.ts uses them).

import { createPublicKey, generateKeyPair as generateKeyPairCallback } from "node:crypto";
import { promisify } from "node:util";
import type { Clock, Random, SecretBox, Store } from "@callosum/contract/ports.ts";
import { exportJWK, type JWK } from "jose";

const keyType = "Identity/signingKeys";
const secretName = "privateKey";
const generateKeyPair = promisify(generateKeyPairCallback);
/** Longer than any token lives. */
const verifiesForMs = 25 * 3600 * 1000;

export interface StoredKey {
  readonly keyId: string;
  readonly publicJwk: JWK;
  readonly createdMs: number;
  /** When it stopped signing. */
  readonly retiredMs: number | undefined;
}

export interface SigningKeyServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: SecretBox;
}

const keyPath = (keyId: string) => `/identity/signingkeys/${keyId.toLowerCase()}`;

/** All keys, the one that signs first, then by age. */
export async function readKeys({ store }: SigningKeyServices): Promise<StoredKey[]> {
  const documents = await store.read.documents<StoredKey>({ type: keyType });
  const signsFirst = ({ retiredMs }: StoredKey) => (retiredMs === undefined ? 0 : 1);
  return documents
    .map(({ body }) => body)
    .sort((a, b) => signsFirst(a) - signsFirst(b) || b.createdMs - a.createdMs);
}

/** The private key, PKCS #8. */
export async function readPrivateKey(
  { store, secrets }: SigningKeyServices,
  keyId: string,
): Promise<string> {
  const path = keyPath(keyId);
  const sealed = await store.read.sealed(path, secretName);
  if (!sealed) throw new Error("The private signing key is missing from the store.");
  return secrets.open(path, secretName, sealed);
}

/** Makes a key that signs from now on, retires the one before and forgets those of no use. */
export async function replaceKey(services: SigningKeyServices): Promise<string> {
  const { store, clock, random, secrets } = services;
  const pair = await generateKeyPair("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "der" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const publicKey = createPublicKey({ key: pair.publicKey, format: "der", type: "spki" });
  const publicJwk = await exportJWK(publicKey);
  const keyId = random.token(160);
  const path = keyPath(keyId);
  await store.transaction(async (writer) => {
    const nowMs = clock.now().getTime();
    for (const document of await writer.documents<StoredKey>({ type: keyType })) {
      const { id, type, parent, body } = document;
      if (body.retiredMs === undefined) {
        await writer.put({ id, type, parent, body: { ...body, retiredMs: nowMs } });
      } else if (!stillVerifies(body, nowMs)) await writer.remove(id);
    }
    const body: StoredKey = { keyId, publicJwk, createdMs: nowMs, retiredMs: undefined };
    await writer.put({ id: path, type: keyType, parent: "/identity", body });
    await writer.putSealed(path, secretName, secrets.seal(path, secretName, pair.privateKey));
  });
  return keyId;
}

/** Whether tokens that the key signed may still be alive. */
export function stillVerifies({ retiredMs }: StoredKey, nowMs: number): boolean {
  return retiredMs === undefined || retiredMs + verifiesForMs > nowMs;
}
