// The CIDR chapter of the template functions: known, not implemented.
import { type FunctionDefinition, refuseFunction } from "../../function.ts";

const refused = [
  ["parseCidr", "(network: string): object", "[parseCidr('10.0.0.0/8')]"],
  [
    "cidrSubnet",
    "(network: string, newCidr: integer, subnetIndex: integer): string",
    "[cidrSubnet('10.0.0.0/8', 24, 0)]",
  ],
  ["cidrHost", "(network: string, hostIndex: integer): string", "[cidrHost('10.0.0.0/8', 0)]"],
] as const;

export const cidrFunctions: readonly FunctionDefinition[] = refused.map(([name, signature, text]) =>
  refuseFunction({
    name,
    chapter: "cidr",
    signature,
    source: "ARM template functions, CIDR",
    examples: [{ text, fails: "NotSupported" }],
    reason: "network arithmetic is not implemented",
  }),
);
