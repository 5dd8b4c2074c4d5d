// The one way out: every request to the world that something a user said can cause. Only https, only
// hosts that the operator listed, only public addresses, checked again at each redirect; limits of
// size and time (design of the instance: nothing inside the network can be reached through it).

import { lookup as systemLookup } from "node:dns/promises";
import type { IncomingMessage } from "node:http";
import { type RequestOptions, request as systemRequest } from "node:https";
import { BlockList, isIP } from "node:net";

export interface Fetcher {
  /** The body of a 200. Throws FetchRefused, whose message is for the caller. */
  get(url: string, limits?: { bytesMax?: number; timeoutMs?: number }): Promise<Uint8Array>;
}

export class FetchRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = "FetchRefused";
  }
}

export interface FetcherOptions {
  /** Host names, or `*.example.org` for all below one. */
  readonly hosts: readonly string[];
  /** The machine's own unless given. */
  readonly lookup?: (host: string) => Promise<readonly { address: string; family: number }[]>;
  readonly request?: (url: URL, options: RequestOptions) => ReturnType<typeof systemRequest>;
}

const bytesMaxDefault = 4 * 1024 * 1024;
const timeoutMsDefault = 20_000;
const redirectsMax = 5;

export function createFetcher(options: FetcherOptions): Fetcher {
  return {
    async get(text, { bytesMax = bytesMaxDefault, timeoutMs = timeoutMsDefault } = {}) {
      const signal = AbortSignal.timeout(timeoutMs);
      let url = readUrl(text);
      try {
        for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
          const answer = await getOnce(url, { options, bytesMax, signal });
          if ("body" in answer) return answer.body;
          url = readUrl(new URL(answer.location, url).href);
        }
      } catch (error) {
        if (!signal.aborted || error instanceof FetchRefused) throw error;
        throw new FetchRefused(`'${url.hostname}' did not answer within ${timeoutMs / 1_000} s.`);
      }
      throw new FetchRefused(`'${url.hostname}' redirects more than ${redirectsMax} times.`);
    },
  };
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url) throw new FetchRefused("It is not a URL.");
  if (url.protocol !== "https:") throw new FetchRefused("Only https is fetched.");
  if (url.username !== "" || url.password !== "") {
    throw new FetchRefused("A URL with a user name or a password is not fetched.");
  }
  if (url.port !== "") throw new FetchRefused("Only port 443 is fetched from.");
  return url;
}

type Once = { readonly body: Uint8Array } | { readonly location: string };

async function getOnce(
  url: URL,
  work: { options: FetcherOptions; bytesMax: number; signal: AbortSignal },
): Promise<Once> {
  const { options, bytesMax, signal } = work;
  const { hostname } = url;
  if (!isListed(hostname, options.hosts)) {
    throw new FetchRefused(
      `The host '${hostname}' is not listed: 'callosum up --fetch-host ${hostname}' lists it.`,
    );
  }
  const address = await publicAddress(hostname, options.lookup ?? lookupAll);
  const response = await send(url, { options, address, signal });
  const { statusCode = 0, headers } = response;
  if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
    response.destroy();
    return { location: headers.location };
  }
  if (statusCode !== 200) {
    response.destroy();
    throw new FetchRefused(`'${hostname}' answered status ${statusCode}.`);
  }
  return { body: await readBody(response, { bytesMax, hostname }) };
}

function isListed(host: string, hosts: readonly string[]): boolean {
  const name = host.toLowerCase();
  return hosts.some((each) => {
    const listed = each.toLowerCase();
    return listed.startsWith("*.") ? name.endsWith(listed.slice(1)) : name === listed;
  });
}

type Address = { readonly address: string; readonly family: number };

const lookupAll = (host: string) => systemLookup(host, { all: true });

/** One of the host's addresses; all of them must be public, or a name could lead inside. */
async function publicAddress(
  host: string,
  lookup: NonNullable<FetcherOptions["lookup"]>,
): Promise<Address> {
  const literal = host.replace(/^\[|\]$/g, "");
  const family = isIP(literal);
  const found = family === 0 ? await lookup(host).catch(() => []) : [{ address: literal, family }];
  const [first] = found;
  if (!first) throw new FetchRefused(`The host '${host}' has no address.`);
  if (found.some(({ address }) => !isPublic(address))) {
    throw new FetchRefused(`The host '${host}' has an address that is not public.`);
  }
  return first;
}

// Two lists: one alone takes every IPv4 address for an IPv6 one below ::ffff:0:0/96.
const inside = { ipv4: new BlockList(), ipv6: new BlockList() };
/** IANA special-purpose registries: everything that is not the public internet. */
const insideRanges: readonly [string, number, "ipv4" | "ipv6"][] = [
  ["0.0.0.0", 8, "ipv4"],
  ["10.0.0.0", 8, "ipv4"],
  ["100.64.0.0", 10, "ipv4"],
  ["127.0.0.0", 8, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.0.0.0", 24, "ipv4"],
  ["192.0.2.0", 24, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["198.18.0.0", 15, "ipv4"],
  ["198.51.100.0", 24, "ipv4"],
  ["203.0.113.0", 24, "ipv4"],
  ["224.0.0.0", 3, "ipv4"],
  ["::", 8, "ipv6"],
  ["64:ff9b::", 96, "ipv6"],
  ["64:ff9b:1::", 48, "ipv6"],
  ["100::", 64, "ipv6"],
  ["2001::", 23, "ipv6"],
  ["2001:db8::", 32, "ipv6"],
  ["2002::", 16, "ipv6"],
  ["fc00::", 7, "ipv6"],
  ["fe80::", 9, "ipv6"],
  ["ff00::", 8, "ipv6"],
];
for (const [net, prefix, family] of insideRanges) inside[family].addSubnet(net, prefix, family);

/** Whether an address is one of the public internet. */
export function isPublic(address: string): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  return !inside[family].check(address, family);
}

function send(
  url: URL,
  work: { options: FetcherOptions; address: Address; signal: AbortSignal },
): Promise<IncomingMessage> {
  const { options, address, signal } = work;
  return new Promise((resolve, reject) => {
    const sent = (options.request ?? systemRequest)(url, {
      method: "GET",
      signal,
      headers: { accept: "application/json, */*", "user-agent": "callosum" },
      agent: false,
      // The address that was checked, not what the name gives when it is asked again.
      lookup: (_host, { all }, done) =>
        all === true
          ? done(null, [{ address: address.address, family: address.family }])
          : done(null, address.address, address.family),
    });
    sent.once("response", resolve);
    sent.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        signal.aborted
          ? error
          : new FetchRefused(
              `'${url.hostname}' cannot be reached: ${error.code ?? error.message}.`,
            ),
      );
    });
    sent.end();
  });
}

async function readBody(
  response: IncomingMessage,
  { bytesMax, hostname }: { bytesMax: number; hostname: string },
): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += (chunk as Buffer).length;
    if (length > bytesMax) {
      response.destroy();
      throw new FetchRefused(`'${hostname}' answered more than ${bytesMax} bytes.`);
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
