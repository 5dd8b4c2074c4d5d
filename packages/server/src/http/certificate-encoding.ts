// X.509 v3 certificates for P-256 keys, written straight into DER (RFC 5280, X.690): the little that
// our two authorities and their leaves need. certificates.ts decides what is in them.

import { createHash, type KeyObject, sign } from "node:crypto";

export interface DistinguishedName {
  organization: string;
  commonName: string;
}

/** Names that a subtree or a subject alternative name can hold; addresses are 4 or 16 bytes. */
export interface GeneralNames {
  dns: readonly string[];
  addresses: readonly Uint8Array[];
}

export interface NameConstraints {
  permitted: GeneralNames;
  /** No IP address at all may be certified. */
  excludeAddresses: boolean;
}

export interface CertificateContent {
  /** Positive, at most 20 bytes (RFC 5280 4.1.2.2): the top bit is cleared here. */
  serial: Uint8Array;
  subject: DistinguishedName;
  notBefore: Date;
  notAfter: Date;
  publicKey: KeyObject;
  issuer: { name: DistinguishedName; publicKey: KeyObject; privateKey: KeyObject };
  role:
    | { kind: "authority"; constraints: NameConstraints }
    | { kind: "server"; names: GeneralNames };
}

const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

const oid = {
  commonName: [2, 5, 4, 3],
  organization: [2, 5, 4, 10],
  subjectKeyId: [2, 5, 29, 14],
  keyUsage: [2, 5, 29, 15],
  subjectAltName: [2, 5, 29, 17],
  basicConstraints: [2, 5, 29, 19],
  nameConstraints: [2, 5, 29, 30],
  authorityKeyId: [2, 5, 29, 35],
  extendedKeyUsage: [2, 5, 29, 37],
  serverAuth: [1, 3, 6, 1, 5, 5, 7, 3, 1],
  ecdsaWithSha256: [1, 2, 840, 10045, 4, 3, 2],
} as const;

/** One DER element. Context-specific tags are given as numbers, the universal ones from `tag`. */
function der(tagNumber: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(contents);
  if (body.length < 0x80) return Buffer.concat([Buffer.of(tagNumber, body.length), body]);
  // DER wants the fewest length bytes that do.
  const digits = body.length.toString(16);
  const length = Buffer.from(digits.length % 2 ? `0${digits}` : digits, "hex");
  return Buffer.concat([Buffer.of(tagNumber, 0x80 | length.length), length, body]);
}

const sequence = (...items: readonly Uint8Array[]) => der(tag.sequence, ...items);
const context = (number: number, ...items: readonly Uint8Array[]) => der(0xa0 | number, ...items);
const contextPrimitive = (number: number, bytes: Uint8Array) => der(0x80 | number, bytes);

function objectIdentifier([first = 0, second = 0, ...rest]: readonly number[]): Uint8Array {
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return der(tag.oid, Buffer.from(bytes));
}

function integer(bytes: Uint8Array): Uint8Array {
  const positive = Buffer.from(bytes);
  // The top bit is the sign; the bit below it keeps the first byte from being a redundant zero.
  positive[0] = (positive[0]! & 0x7f) | 0x40;
  return der(tag.integer, positive);
}

/** RFC 5280 4.1.2.5: UTCTime through 2049, GeneralizedTime from then on. */
function time(date: Date): Uint8Array {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, "");
  return date.getUTCFullYear() < 2050
    ? der(tag.utcTime, Buffer.from(digits.slice(2), "latin1"))
    : der(tag.generalizedTime, Buffer.from(digits, "latin1"));
}

function name({ organization, commonName }: DistinguishedName): Uint8Array {
  const attribute = (type: readonly number[], value: string) =>
    der(tag.set, sequence(objectIdentifier(type), der(tag.utf8, Buffer.from(value))));
  return sequence(attribute(oid.organization, organization), attribute(oid.commonName, commonName));
}

function bitString(bytes: Uint8Array, unusedBits = 0): Uint8Array {
  return der(tag.bitString, Buffer.of(unusedBits), bytes);
}

function subjectPublicKeyInfo(key: KeyObject): Uint8Array {
  return key.export({ type: "spki", format: "der" });
}

/** RFC 7093 method 1: the first 160 bits of SHA-256 over the public key (65 bytes on P-256). */
function keyId(key: KeyObject): Uint8Array {
  const point = subjectPublicKeyInfo(key).subarray(-65);
  return createHash("sha256").update(point).digest().subarray(0, 20);
}

function extension(type: readonly number[], critical: boolean, value: Uint8Array): Uint8Array {
  const flag = critical ? [der(tag.boolean, Buffer.of(0xff))] : [];
  return sequence(objectIdentifier(type), ...flag, der(tag.octetString, value));
}

const dnsName = (dns: string) => contextPrimitive(2, Buffer.from(dns, "latin1"));
const ipName = (bytes: Uint8Array) => contextPrimitive(7, bytes);

/** The value of the name constraints extension (RFC 5280 4.2.1.10). */
export function encodeNameConstraints(constraints: NameConstraints): Uint8Array {
  const { permitted, excludeAddresses } = constraints;
  const withMask = (bytes: Uint8Array) =>
    ipName(Buffer.concat([bytes, Buffer.alloc(bytes.length, 0xff)]));
  const subtrees = [...permitted.dns.map(dnsName), ...permitted.addresses.map(withMask)];
  // An all-zero mask matches every address of that family.
  const excluded = excludeAddresses ? [ipName(Buffer.alloc(8)), ipName(Buffer.alloc(32))] : [];
  return sequence(
    context(0, ...subtrees.map((base) => sequence(base))),
    ...(excluded.length > 0 ? [context(1, ...excluded.map((base) => sequence(base)))] : []),
  );
}

function extensions(content: CertificateContent): Uint8Array {
  const { role, publicKey, issuer } = content;
  const serverOnly = extension(
    oid.extendedKeyUsage,
    false,
    sequence(objectIdentifier(oid.serverAuth)),
  );
  const purpose =
    role.kind === "authority"
      ? [
          // cA, and pathLenConstraint 0: no authority below ours.
          extension(
            oid.basicConstraints,
            true,
            sequence(der(tag.boolean, Buffer.of(0xff)), der(tag.integer, Buffer.of(0))),
          ),
          // keyCertSign and cRLSign are bits 5 and 6.
          extension(oid.keyUsage, true, bitString(Buffer.of(0b0000_0110), 1)),
          extension(oid.nameConstraints, true, encodeNameConstraints(role.constraints)),
        ]
      : [
          extension(oid.basicConstraints, true, sequence()),
          // digitalSignature is bit 0.
          extension(oid.keyUsage, true, bitString(Buffer.of(0b1000_0000), 7)),
          extension(
            oid.subjectAltName,
            false,
            sequence(...role.names.dns.map(dnsName), ...role.names.addresses.map(ipName)),
          ),
        ];
  return sequence(
    ...purpose,
    serverOnly,
    extension(oid.subjectKeyId, false, der(tag.octetString, keyId(publicKey))),
    extension(oid.authorityKeyId, false, sequence(contextPrimitive(0, keyId(issuer.publicKey)))),
  );
}

/** Encodes and signs; gives the certificate as PEM. */
export function encodeCertificate(content: CertificateContent): string {
  const algorithm = sequence(objectIdentifier(oid.ecdsaWithSha256));
  const toBeSigned = sequence(
    context(0, der(tag.integer, Buffer.of(2))),
    integer(content.serial),
    algorithm,
    name(content.issuer.name),
    sequence(time(content.notBefore), time(content.notAfter)),
    name(content.subject),
    subjectPublicKeyInfo(content.publicKey),
    context(3, extensions(content)),
  );
  const signature = sign("sha256", toBeSigned, content.issuer.privateKey);
  const lines = Buffer.from(sequence(toBeSigned, algorithm, bitString(signature)))
    .toString("base64")
    .match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
