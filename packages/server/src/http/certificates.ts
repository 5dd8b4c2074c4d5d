// The two certificate authorities and the leaves that the HTTPS and TDS listeners present.
// Encoding is in certificate-encoding.ts, storage in certificate-files.ts; proxy.ts brings sockets.
//
// How main.ts plugs it in (Fastify passes these options to https.createServer):
//   const app = fastify({ https: authority.tlsOptions() });
//   startProxy({ onSocket: (socket) => app.server.emit("connection", socket), … });
// A TLS server takes a raw socket through its "connection" event, so TLS ends in one place only.

import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import type { Clock, Random } from "@callosum/contract/ports.ts";
import {
  type DistinguishedName,
  encodeCertificate,
  encodeNameConstraints,
  type GeneralNames,
  type NameConstraints,
} from "./certificate-encoding.ts";
import type { CertificateFiles } from "./certificate-files.ts";

export type AuthorityName = "localhost" | "azure";

/** Azure's names that may ever be certified here, each with what is below it (design: planes). */
export const azureDomains = [
  "login.microsoftonline.com",
  "login.windows.net",
  "sts.windows.net",
  "graph.microsoft.com",
  "management.azure.com",
  "management.core.windows.net",
  "dev.azuresynapse.net",
  "sql.azuresynapse.net",
  "api.azureml.ms",
  "blob.azureml.ms",
  "dfs.core.windows.net",
  "blob.core.windows.net",
  "vault.azure.net",
] as const;

export interface CertificateAuthority {
  /**
   * The context for a TLS server name, made (about 2 ms) and stored when first asked for, renewed
   * before it expires. Undefined when the name is not ours.
   */
  secureContext(
    serverName: string,
    /** TLS inside TDS 7.x ends at 1.2. */
    limit?: { maxVersion: "TLSv1.2" | "TLSv1.3" },
  ): SecureContext | undefined;
  /**
   * For https.createServer or tls.createServer. A client that sends no server name, or one that is
   * not ours, is shown the localhost leaf as of this call: it then reports which names we have.
   */
  tlsOptions(): {
    key: string;
    cert: string;
    minVersion: "TLSv1.2";
    SNICallback: (
      serverName: string,
      done: (error: Error | null, context?: SecureContext) => void,
    ) => void;
  };
  /** The authority's certificate, PEM. */
  caPem(authority: AuthorityName): string;
  /** Absolute paths of public PEM files: each authority's certificate, and `bundle` with both. */
  caFiles: Record<AuthorityName | "bundle", string>;
}

export interface CertificateAuthorityOptions {
  files: CertificateFiles;
  clock: Clock;
  random: Random;
  /** The table of hosts: whether a lower-case name, localhost aside, is served here. */
  servesHost(host: string): boolean;
}

interface Issued {
  certificate: X509Certificate;
  pem: string;
  key: KeyObject;
}

interface Authority extends Issued {
  name: DistinguishedName;
}

interface Leaf {
  pem: string;
  keyPem: string;
  context: SecureContext;
  /** The same, at most TLS 1.2; made when first asked for. */
  readonly context12: SecureContext;
  renewAtMs: number;
}

const dayMs = 86_400_000;
/** Clients' clocks may be behind ours. */
const backdatedMs = dayMs;
const authorityLifetimeMs = 3_650 * dayMs;
/** Browsers and Apple's stack refuse longer-lived leaves. */
const leafLifetimeMs = 397 * dayMs;
/** Renewal this long before expiry, so that a server may run as long without a restart. */
const renewalMs = 120 * dayMs;
const leavesMax = 256;
const organization = "Callosum (not Microsoft)";

const loopbackNames: GeneralNames = {
  dns: ["localhost"],
  addresses: [Buffer.of(127, 0, 0, 1), Buffer.concat([Buffer.alloc(15), Buffer.of(1)])],
};

const constraintsOf: Record<AuthorityName, NameConstraints> = {
  localhost: { permitted: loopbackNames, excludeAddresses: false },
  azure: { permitted: { dns: azureDomains, addresses: [] }, excludeAddresses: true },
};

/** Opens what is stored, and makes the authorities that are missing, expiring or outdated. */
export function openCertificateAuthority(
  options: CertificateAuthorityOptions,
): CertificateAuthority {
  const { files } = options;
  const authorities: Record<AuthorityName, Authority> = {
    localhost: openAuthority("localhost", options),
    azure: openAuthority("azure", options),
  };
  const bundle = authorities.localhost.pem + authorities.azure.pem;
  writeIfChanged(files, "localhost-ca.pem", authorities.localhost.pem);
  writeIfChanged(files, "azure-ca.pem", authorities.azure.pem);
  writeIfChanged(files, "ca.pem", bundle);

  const leaves = new Map<string, Leaf>();
  function leaf(plan: LeafPlan): Leaf {
    const known = leaves.get(plan.name);
    if (known && options.clock.now().getTime() < known.renewAtMs) return known;
    const made = openLeaf(plan, authorities[plan.authority], options);
    leaves.delete(plan.name);
    leaves.set(plan.name, made);
    if (leaves.size > leavesMax) leaves.delete(leaves.keys().next().value!);
    return made;
  }
  function secureContext(
    serverName: string,
    limit?: { maxVersion: "TLSv1.2" | "TLSv1.3" },
  ): SecureContext | undefined {
    const plan = planLeaf(serverName.toLowerCase(), options.servesHost);
    const found = plan && leaf(plan);
    return limit?.maxVersion === "TLSv1.2" ? found?.context12 : found?.context;
  }

  return {
    secureContext,
    tlsOptions() {
      const { keyPem, pem } = leaf(localhostLeaf);
      return {
        key: keyPem,
        cert: pem,
        minVersion: "TLSv1.2",
        SNICallback(serverName, done) {
          let context: SecureContext | undefined;
          try {
            context = secureContext(serverName);
          } catch (error) {
            done(error as Error);
            return;
          }
          done(null, context);
        },
      };
    },
    caPem: (authority) => authorities[authority].pem,
    caFiles: {
      localhost: files.path("localhost-ca.pem"),
      azure: files.path("azure-ca.pem"),
      bundle: files.path("ca.pem"),
    },
  };
}

interface LeafPlan {
  name: string;
  authority: AuthorityName;
  names: GeneralNames;
  /** Names without bound in number stay in memory. */
  isStored: boolean;
}

const localhostLeaf: LeafPlan = {
  name: "localhost",
  authority: "localhost",
  names: loopbackNames,
  isStored: true,
};

/**
 * Which leaf serves a host. Hosts below a domain share its wildcard, so that the number of leaves
 * does not grow with the number of workspaces.
 */
function planLeaf(host: string, servesHost: (host: string) => boolean): LeafPlan | undefined {
  if (host === "localhost") return localhostLeaf;
  if (host.length > 253 || !/^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+$/.test(host)) return undefined;
  const isLoopback = host.endsWith(".localhost");
  const domain = azureDomains.find((base) => host === base || host.endsWith(`.${base}`));
  if ((!isLoopback && !domain) || !servesHost(host)) return undefined;
  const parent = host.slice(host.indexOf(".") + 1);
  // Clients do not accept a wildcard directly below a top-level name such as localhost.
  const name = isLoopback || host === domain ? host : `*.${parent}`;
  return {
    name,
    authority: isLoopback ? "localhost" : "azure",
    names: { dns: [name], addresses: [] },
    isStored: host === domain || parent === domain,
  };
}

function openAuthority(
  authority: AuthorityName,
  { files, clock, random }: CertificateAuthorityOptions,
): Authority {
  const file = `${authority}-ca.key.pem`;
  const constraints = constraintsOf[authority];
  const nowMs = clock.now().getTime();
  const stored = parseIssued(files.read(file));
  if (
    stored &&
    nowMs < stored.certificate.validToDate.getTime() - leafLifetimeMs &&
    stored.certificate.raw.includes(Buffer.from(encodeNameConstraints(constraints)))
  ) {
    const commonName = /^CN=(.*)$/m.exec(stored.certificate.subject)?.[1] ?? "";
    return { ...stored, name: { organization, commonName } };
  }
  const serial = random.bytes(16);
  // The suffix tells one data directory's authority from another's in a browser's list.
  const suffix = Buffer.from(serial.subarray(8, 12)).toString("hex");
  const name = { organization, commonName: `Callosum ${authority} CA ${suffix}` };
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = encodeCertificate({
    serial,
    subject: name,
    notBefore: new Date(nowMs - backdatedMs),
    notAfter: new Date(nowMs + authorityLifetimeMs),
    publicKey,
    issuer: { name, publicKey, privateKey },
    role: { kind: "authority", constraints },
  });
  files.write(file, keyPem(privateKey) + pem, "secret");
  return { certificate: new X509Certificate(pem), pem, key: privateKey, name };
}

function openLeaf(
  plan: LeafPlan,
  authority: Authority,
  { files, clock, random }: CertificateAuthorityOptions,
): Leaf {
  const file = `leaf-${plan.name.replace("*", "_")}.pem`;
  const nowMs = clock.now().getTime();
  if (plan.isStored) {
    const stored = parseIssued(files.read(file));
    // A leaf of an authority that was replaced since is of no use.
    if (stored?.certificate.verify(authority.certificate.publicKey)) {
      const leaf = toLeaf(stored);
      if (nowMs < leaf.renewAtMs) return leaf;
    }
  }
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = encodeCertificate({
    serial: random.bytes(16),
    // A common name holds 64 characters (RFC 5280 A.1); clients read the alternative names.
    subject: { organization, commonName: plan.name.slice(-64) },
    notBefore: new Date(nowMs - backdatedMs),
    notAfter: new Date(nowMs + leafLifetimeMs - backdatedMs),
    publicKey,
    issuer: {
      name: authority.name,
      publicKey: authority.certificate.publicKey,
      privateKey: authority.key,
    },
    role: { kind: "server", names: plan.names },
  });
  if (plan.isStored) files.write(file, keyPem(privateKey) + pem, "secret");
  return toLeaf({ certificate: new X509Certificate(pem), pem, key: privateKey });
}

function toLeaf({ certificate, pem, key }: Issued): Leaf {
  let context12: SecureContext | undefined;
  return {
    pem,
    keyPem: keyPem(key),
    context: createSecureContext({ key: keyPem(key), cert: pem, minVersion: "TLSv1.2" }),
    get context12() {
      const version = "TLSv1.2";
      const pair = { key: keyPem(key), cert: pem };
      context12 ??= createSecureContext({ ...pair, minVersion: version, maxVersion: version });
      return context12;
    },
    renewAtMs: certificate.validToDate.getTime() - renewalMs,
  };
}

/** A key and its certificate share a file, so that no crash can part them. */
function parseIssued(text: string | undefined): Issued | undefined {
  const pem = text?.slice(text.indexOf("-----BEGIN CERTIFICATE-----"));
  if (!text || !pem) return undefined;
  try {
    const certificate = new X509Certificate(pem);
    const key = createPrivateKey(text);
    return certificate.checkPrivateKey(key) ? { certificate, pem, key } : undefined;
  } catch {
    // Damaged by hand or by the disk: it is made anew.
    return undefined;
  }
}

function keyPem(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

function writeIfChanged(files: CertificateFiles, name: string, text: string): void {
  if (files.read(name) !== text) files.write(name, text, "public");
}
