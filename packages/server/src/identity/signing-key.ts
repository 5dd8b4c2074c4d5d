// Signing keys of the token service. The newest signs; older ones verify until every token that they
// signed has expired. Private keys are sealed in the store.

import {
  createPublicKey,
  generateKeyPair as generateKeyPairCallback,
  type webcrypto,
} from "node:crypto";
import { promisify } from "node:util";
import type { Clock, Random, SecretBox, Store } from "@callosum/contract/ports.ts";
import { exportJWK, importJWK, importPKCS8, type JWK, SignJWT } from "jose";

const keyType = "Identity/signingKeys";
const generateKeyPair = promisify(generateKeyPairCallback);
/** Longer than any token lives. */
const verifiesForMs = 25 * 3600 * 1000;
const algorithm = "RS256";

interface StoredKey {
  readonly keyId: string;
  readonly publicJwk: JWK;
  readonly createdMs: number;
  /** When it stopped signing. */
  readonly retiredMs: number | undefined;
}

export interface SigningKeys {
  /** Signs claims into a JWT with the newest key. */
  sign(claims: Record<string, unknown>, options?: { type?: string }): Promise<string>;
  find(keyId: string): Promise<webcrypto.CryptoKey | undefined>;
  /** Public keys that still verify, newest first, for the JWKS document. */
  publicKeys(): Promise<(JWK & { kid: string })[]>;
  /** Makes a new signing key; tokens of the old one stay valid until they expire. */
  rotate(): Promise<string>;
  load(): Promise<void>;
}

export function createSigningKeys(services: {
  store: Store;
  clock: Clock;
  random: Random;
  secrets: SecretBox;
}): SigningKeys {
  const { store, clock, random, secrets } = services;
  let keys: StoredKey[] = [];
  const publicKeys = new Map<string, webcrypto.CryptoKey>();
  let signer: { keyId: string; key: webcrypto.CryptoKey } | undefined;

  const keyPath = (keyId: string) => `/identity/signingkeys/${keyId.toLowerCase()}`;

  async function load(): Promise<void> {
    const documents = await store.read.documents<StoredKey>({ type: keyType });
    keys = documents.map(({ body }) => body).sort((a, b) => b.createdMs - a.createdMs);
    if (keys.length === 0) await rotate();
    else await openSigner();
  }

  async function openSigner(): Promise<void> {
    const current = keys.find((key) => key.retiredMs === undefined);
    if (!current) return void (await rotate());
    const path = keyPath(current.keyId);
    const sealed = await store.read.sealed(path, "privateKey");
    if (!sealed) throw new Error("The private signing key is missing from the store.");
    const key = await importPKCS8(secrets.open(path, "privateKey", sealed), algorithm);
    signer = { keyId: current.keyId, key };
  }

  async function rotate(): Promise<string> {
    const pair = await generateKeyPair("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "der" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    const publicJwk = await exportJWK(
      createPublicKey({ key: pair.publicKey, format: "der", type: "spki" }),
    );
    const nowMs = clock.now().getTime();
    const keyId = random.token(160);
    await store.transaction(async (writer) => {
      for (const { body: key } of await writer.documents<StoredKey>({ type: keyType })) {
        const path = keyPath(key.keyId);
        if (key.retiredMs === undefined) {
          await writer.put({
            id: path,
            type: keyType,
            parent: "/identity",
            body: { ...key, retiredMs: nowMs },
          });
        } else if (key.retiredMs + verifiesForMs < nowMs) await writer.remove(path);
      }
      const path = keyPath(keyId);
      const body: StoredKey = { keyId, publicJwk, createdMs: nowMs, retiredMs: undefined };
      await writer.put({ id: path, type: keyType, parent: "/identity", body });
      await writer.putSealed(path, "privateKey", secrets.seal(path, "privateKey", pair.privateKey));
    });
    await load();
    return keyId;
  }

  const verifies = (key: StoredKey) =>
    key.retiredMs === undefined || key.retiredMs + verifiesForMs > clock.now().getTime();

  return {
    load,
    rotate,
    async sign(claims, options = {}) {
      if (!signer) throw new Error("The signing keys are not loaded.");
      const header = {
        alg: algorithm,
        kid: signer.keyId,
        x5t: signer.keyId,
        typ: options.type ?? "JWT",
      };
      return new SignJWT(claims).setProtectedHeader(header).sign(signer.key);
    },
    async find(keyId) {
      const key = keys.find((candidate) => candidate.keyId === keyId);
      if (!key || !verifies(key)) return undefined;
      let imported = publicKeys.get(keyId);
      if (!imported) {
        imported = (await importJWK(key.publicJwk, algorithm)) as webcrypto.CryptoKey;
        publicKeys.set(keyId, imported);
      }
      return imported;
    },
    async publicKeys() {
      return keys.filter(verifies).map((key) => ({
        ...key.publicJwk,
        kid: key.keyId,
        x5t: key.keyId,
        use: "sig",
        alg: algorithm,
      }));
    },
  };
}
