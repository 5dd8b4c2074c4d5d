// IPv4 and IPv6 networks in CIDR notation as plain integers, for the CIDR template functions.
import { ExpressionError } from "./error.ts";
import { abbreviate } from "./function.ts";

export interface IpNetwork {
  /** 32 or 128. */
  readonly bits: number;
  readonly prefix: number;
  /** The first address, its host bits zero. */
  readonly address: bigint;
}

/** Fails with ArgumentValue. */
export function parseNetwork(text: string): IpNetwork {
  const match = /^([0-9a-f.:]{2,39})\/(\d{1,3})$/i.exec(text);
  const address = match ? parseAddress(match[1]!) : undefined;
  const prefix = Number(match?.[2]);
  if (address === undefined || prefix > address.bits) {
    throw new ExpressionError(
      "ArgumentValue",
      `'${abbreviate(text)}' is not a network such as 10.144.0.0/20.`,
    );
  }
  const hostBits = BigInt(address.bits - prefix);
  return { bits: address.bits, prefix, address: (address.value >> hostBits) << hostBits };
}

export function lastAddress({ bits, prefix, address }: IpNetwork): bigint {
  return address + (1n << BigInt(bits - prefix)) - 1n;
}

export function netmask({ bits, prefix }: IpNetwork): bigint {
  return (1n << BigInt(bits)) - (1n << BigInt(bits - prefix));
}

/** Dotted for IPv4; for IPv6 with the longest run of zero groups left out (RFC 5952). */
export function formatAddress(value: bigint, bits: number): string {
  const size = bits === 32 ? 8 : 16;
  const groups = Array.from({ length: bits / size }, (_, i) =>
    Number(BigInt.asUintN(size, value >> BigInt(bits - size * (i + 1)))),
  );
  if (bits === 32) return groups.join(".");
  const text = groups.map((group) => group.toString(16)).join(":");
  const runs = text.match(/\b0(?::0\b)+/g) ?? [];
  const [longest] = runs.sort((a, b) => b.length - a.length);
  if (longest === undefined) return text;
  return text.replace(new RegExp(`(?:^|:)\\b${longest}\\b(?::|$)`), "::");
}

function parseAddress(text: string): { value: bigint; bits: number } | undefined {
  if (!text.includes(":")) {
    const bytes = text.split(".");
    if (
      bytes.length !== 4 ||
      !bytes.every((byte) => /^\d{1,3}$/.test(byte) && Number(byte) < 256)
    ) {
      return undefined;
    }
    return { value: joinGroups(bytes.map(Number), 8n), bits: 32 };
  }
  const [head, tail, ...rest] = text
    .split("::")
    .map((part) => (part === "" ? [] : part.split(":")));
  if (head === undefined || rest.length > 0) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array<string>(missing).fill("0"), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return {
    value: joinGroups(
      groups.map((group) => Number.parseInt(group, 16)),
      16n,
    ),
    bits: 128,
  };
}

function joinGroups(groups: readonly number[], size: bigint): bigint {
  return groups.reduce((value, group) => (value << size) | BigInt(group), 0n);
}
