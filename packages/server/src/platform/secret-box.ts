// Envelope encryption at rest: every secret has a data key of its own, wrapped by the instance's key.
// AES-256-GCM both times; owner and name are authenticated, so a ciphertext can't be moved.

import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { SecretBox } from "@callosum/contract/ports.ts";

const version = 1;
const nonceLength = 12;
const tagLength = 16;
const keyLength = 32;

/** `key` is 32 bytes: the key file's content or the environment's. */
export function createSecretBox(key: Uint8Array): SecretBox {
  if (key.length !== keyLength)
    throw new Error(`The instance key has ${key.length} bytes, not 32.`);
  return {
    seal(owner, name, clear) {
      const dataKey = randomBytes(keyLength);
      const bound = Buffer.from(`${owner}\n${name}`);
      const wrapped = encrypt(key, dataKey, bound);
      return Buffer.concat([
        Buffer.of(version),
        wrapped,
        encrypt(dataKey, Buffer.from(clear), bound),
      ]);
    },
    open(owner, name, sealed) {
      if (sealed[0] !== version) throw new Error("The secret was sealed by an unknown version.");
      const bound = Buffer.from(`${owner}\n${name}`);
      const wrappedEnd = 1 + nonceLength + tagLength + keyLength;
      const dataKey = decrypt(key, sealed.subarray(1, wrappedEnd), bound);
      return decrypt(dataKey, sealed.subarray(wrappedEnd), bound).toString("utf8");
    },
  };
}

function encrypt(key: Uint8Array, clear: Uint8Array, bound: Uint8Array): Buffer {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(bound);
  const body = Buffer.concat([cipher.update(clear), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function decrypt(key: Uint8Array, sealed: Uint8Array, bound: Uint8Array): Buffer {
  const nonce = sealed.subarray(0, nonceLength);
  const tag = sealed.subarray(nonceLength, nonceLength + tagLength);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAAD(bound).setAuthTag(tag);
  return Buffer.concat([
    decipher.update(sealed.subarray(nonceLength + tagLength)),
    decipher.final(),
  ]);
}
