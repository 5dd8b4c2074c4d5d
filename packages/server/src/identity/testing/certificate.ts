// A self-signed RSA certificate for a year, as `az ad sp create-for-rbac --create-cert` makes one,
// made of DER by hand: a test needs no library for it.

import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export interface SelfSigned {
  readonly der: Buffer;
  /** Certificate and private key, as clients read them from one file. */
  readonly pem: string;
  readonly key: KeyObject;
}

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length;
  const head = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), body]);
}

const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts);
const hex = (text: string) => Buffer.from(text, "hex");
const sha256WithRsa = sequence(der(0x06, hex("2a864886f70d01010b")), der(0x05));
const commonName = der(0x06, hex("550403"));

export function selfSigned(now: Date): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const name = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from("Callosum test")))));
  const year = 365 * 24 * 3600 * 1000;
  const times = [now, new Date(now.getTime() + year)].map((date) =>
    der(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, "").slice(2, 14)}Z`)),
  );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1)),
    sha256WithRsa,
    name,
    sequence(...times),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = sign("sha256", body, privateKey);
  const certificate = sequence(body, sha256WithRsa, der(0x03, Buffer.of(0), signature));
  const text = certificate.toString("base64").replace(/.{64}/g, "$&\n");
  const pem = `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
  const key = privateKey.export({ type: "pkcs8", format: "pem" });
  return { der: certificate, pem: `${key}${pem}`, key: privateKey };
}
