// IP firewall rules of a workspace. They are kept and answered; this machine's own address is the only
// one that ever calls, so nothing is filtered by them.

import { isIPv4 } from "node:net";
import { fail } from "@callosum/contract/error-catalogue.ts";
import { defineResource } from "@callosum/contract/resource.ts";
import { type Static, Type } from "typebox";
import { createdBoth, deletingBoth } from "./answer.ts";
import { synapseVersions } from "./api-version.ts";

export const FirewallRange = Type.Object({
  startIpAddress: Type.String({ maxLength: 15 }),
  endIpAddress: Type.String({ maxLength: 15 }),
});

export const firewallRule = defineResource({
  type: "Microsoft.Synapse/workspaces/firewallRules",
  source: "protocols.md 5.1",
  summary: "A range of addresses that may connect",
  apiVersions: synapseVersions,
  name: {
    pattern: /^[^<>*%&:\\/?]{0,127}[^<>*%&:\\/?.]$/,
    rule: "A firewall rule's name has 1 to 128 characters without '<>*%&:\\/?', and does not end with '.'.",
  },
  location: "none",
  tags: false,
  properties: FirewallRange,
  answers: {
    create: createdBoth,
    update: { ...createdBoth, status: 200 },
    remove: deletingBoth,
  },
  put: ({ sent }) => ruleProperties(sent.properties),
  examples: [
    {
      name: "rule",
      resourceName: "AllowAll",
      properties: { startIpAddress: "0.0.0.0", endIpAddress: "255.255.255.255" },
    },
  ],
});

/** A rule's stored properties; rejects with InvalidParameter for what is no IPv4 range. */
export function ruleProperties({ startIpAddress, endIpAddress }: Static<typeof FirewallRange>) {
  for (const [name, address] of Object.entries({ startIpAddress, endIpAddress })) {
    const target = `properties.${name}`;
    const reason = `'${address}' is not an IPv4 address`;
    if (!isIPv4(address)) throw fail.InvalidParameter({ parameter: target, reason, target });
  }
  if (addressNumber(startIpAddress) > addressNumber(endIpAddress)) {
    const target = "properties.endIpAddress";
    const reason = "it must not lie before startIpAddress";
    throw fail.InvalidParameter({ parameter: target, reason, target });
  }
  return { startIpAddress, endIpAddress, provisioningState: "Succeeded" };
}

function addressNumber(address: string): number {
  return address.split(".").reduce((number, part) => number * 256 + Number(part), 0);
}
