// The CIDR chapter of the template functions.
import { ExpressionError } from "../../error.ts";
import { defineFunction, type FunctionDefinition } from "../../function.ts";
import { formatAddress, lastAddress, netmask, parseNetwork } from "../../ip-network.ts";

const chapter = "cidr";
const source = "ARM template functions, CIDR";

export const cidrFunctions: readonly FunctionDefinition[] = [
  defineFunction({
    name: "parseCidr",
    chapter,
    signature: "(network: string): object",
    source,
    examples: [
      {
        text: "[parseCidr('10.144.0.0/20')]",
        result: {
          network: "10.144.0.0",
          netmask: "255.255.240.0",
          broadcast: "10.144.15.255",
          firstUsable: "10.144.0.1",
          lastUsable: "10.144.15.254",
          cidr: 20,
        },
      },
      {
        text: "[parseCidr('fdad:3236:5555::/48')]",
        result: {
          network: "fdad:3236:5555::",
          netmask: "ffff:ffff:ffff::",
          firstUsable: "fdad:3236:5555::",
          lastUsable: "fdad:3236:5555:ffff:ffff:ffff:ffff:ffff",
          cidr: 48,
        },
      },
      { text: "[parseCidr('10.144.0.0/33')]", fails: "ArgumentValue" },
      { text: "[parseCidr('10.144.0/20')]", fails: "ArgumentValue" },
    ],
    call: ([text]) => {
      const network = parseNetwork(text);
      const { bits, prefix, address } = network;
      const last = lastAddress(network);
      const format = (value: bigint) => formatAddress(value, bits);
      const common = { network: format(address), netmask: format(netmask(network)) };
      if (bits === 128) {
        return { ...common, firstUsable: format(address), lastUsable: format(last), cidr: prefix };
      }
      // One or two addresses leave no room for a broadcast address of their own (RFC 3021).
      const edge = prefix >= 31 ? 0n : 1n;
      return {
        ...common,
        broadcast: format(last),
        firstUsable: format(address + edge),
        lastUsable: format(last - edge),
        cidr: prefix,
      };
    },
  }),
  defineFunction({
    name: "cidrSubnet",
    chapter,
    signature: "(network: string, newCidr: integer, subnetIndex: integer): string",
    source,
    examples: [
      { text: "[cidrSubnet('10.144.0.0/20', 24, 0)]", result: "10.144.0.0/24" },
      { text: "[cidrSubnet('10.144.0.0/20', 24, 4)]", result: "10.144.4.0/24" },
      { text: "[cidrSubnet('fdad:3236:5555::/48', 52, 1)]", result: "fdad:3236:5555:1000::/52" },
      { text: "[cidrSubnet('10.144.0.0/20', 24, 16)]", fails: "ArgumentValue" },
      { text: "[cidrSubnet('10.144.0.0/20', 19, 0)]", fails: "ArgumentValue" },
    ],
    call: ([text, newCidr, subnetIndex]) => {
      const { bits, prefix, address } = parseNetwork(text);
      const newPrefix = Number(newCidr);
      if (newPrefix < prefix || newPrefix > bits) {
        throw new ExpressionError(
          "ArgumentValue",
          `The new CIDR must be ${prefix} to ${bits}, not ${newCidr}.`,
        );
      }
      const count = 1n << BigInt(newPrefix - prefix);
      checkIndex(subnetIndex, count);
      const start = address + (BigInt(subnetIndex) << BigInt(bits - newPrefix));
      return `${formatAddress(start, bits)}/${newPrefix}`;
    },
  }),
  defineFunction({
    name: "cidrHost",
    chapter,
    signature: "(network: string, hostIndex: integer): string",
    source,
    examples: [
      { text: "[cidrHost('10.144.3.0/24', 0)]", result: "10.144.3.1" },
      { text: "[cidrHost('10.144.3.0/24', 4)]", result: "10.144.3.5" },
      { text: "[cidrHost('fdad:3236:5555:3000::/52', 0)]", result: "fdad:3236:5555:3000::1" },
      { text: "[cidrHost('10.144.3.0/24', 254)]", fails: "ArgumentValue" },
      { text: "[cidrHost('10.144.3.0/24', -1)]", fails: "ArgumentValue" },
    ],
    call: ([text, hostIndex]) => {
      const network = parseNetwork(text);
      const hosts = lastAddress(network) - network.address - (network.bits === 32 ? 1n : 0n);
      checkIndex(hostIndex, hosts);
      return formatAddress(network.address + BigInt(hostIndex) + 1n, network.bits);
    },
  }),
];

function checkIndex(index: number | bigint, count: bigint): void {
  if (index >= 0 && BigInt(index) < count) return;
  throw new ExpressionError(
    "ArgumentValue",
    `The index ${index} is outside the ${count} there are.`,
  );
}
