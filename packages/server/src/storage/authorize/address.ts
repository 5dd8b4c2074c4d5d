// Addresses of callers against rules: one address, a range `a-b`, or a network `a/bits`.

import { BlockList, isIP } from "node:net";

export function includesAddress(rule: string, address: string): boolean {
  const plain = address.replace(/^::ffff:/i, "");
  const family = isIP(plain) === 6 ? "ipv6" : "ipv4";
  if (isIP(plain) === 0) return false;
  const list = new BlockList();
  try {
    const [first = "", second] = rule.split(/[-/]/);
    if (second === undefined) list.addAddress(first, familyOf(first));
    else if (rule.includes("/")) list.addSubnet(first, Number(second), familyOf(first));
    else list.addRange(first, second, familyOf(first));
  } catch {
    return false;
  }
  return list.check(plain, family);
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}
