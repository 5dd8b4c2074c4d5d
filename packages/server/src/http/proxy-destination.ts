// Where a CONNECT may go: hosts of the table end here, others only where `--allow` names them.

import type { ProxyCredential } from "./proxy-credential.ts";

export interface Destination {
  /** Lower case; an IPv6 address without its brackets. */
  host: string;
  port: number;
}

export type ProxyDecision =
  | { kind: "here" }
  | { kind: "tunnel" }
  | { kind: "refuse"; reason: string };

/** Reads a CONNECT's authority form (RFC 9110 9.3.6); undefined when it is not `host:port`. */
export function parseDestination(authority: string): Destination | undefined {
  const match = /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9_.-]{1,253})):(\d{1,5})$/i.exec(authority);
  const host = (match?.[1] ?? match?.[2])?.toLowerCase().replace(/\.$/, "");
  const port = Number(match?.[3]);
  return host && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

export interface DestinationRules {
  /** The table of hosts, Azure's names. */
  servesHost(host: string): boolean;
  /** The port of our own HTTPS origin on loopback. */
  originPort: number;
}

const loopbackHosts = new Set(["localhost", "127.0.0.1", "::1"]);

/** The table comes first: nothing that a run allows lets Azure's names out of this machine. */
export function decideDestination(
  { host, port }: Destination,
  { allow }: ProxyCredential,
  { servesHost, originPort }: DestinationRules,
): ProxyDecision {
  if (servesHost(host)) {
    if (port === 443) return { kind: "here" };
    const reason = `${host} is served here on port 443 only, not on ${port}. SQL clients do not use this proxy: they connect to the TDS port, see 'callosum hosts'.`;
    return { kind: "refuse", reason };
  }
  if (loopbackHosts.has(host) && port === originPort) return { kind: "here" };
  if (allow.some((pattern) => allows(pattern, { host, port }))) return { kind: "tunnel" };
  const reason = `${host} is not one of the hosts that Callosum serves, and this run may not leave the machine. To let it through untouched: callosum exec --allow ${host} -- …`;
  return { kind: "refuse", reason };
}

/** `name`, `name:port`, `*.domain` or `*.domain:port`; an IPv6 address has brackets before a port. */
export function allows(pattern: string, { host, port }: Destination): boolean {
  const withPort = parseDestination(pattern.replace(/^\*\./, ""));
  if (withPort && withPort.port !== port) return false;
  const name = withPort?.host ?? pattern.replace(/^\*\./, "").replace(/^\[(.*)\]$/, "$1");
  return pattern.startsWith("*.") ? host.endsWith(`.${name}`) : host === name;
}
