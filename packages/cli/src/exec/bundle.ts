// The CA bundle of `callosum exec`: what the caller's machine trusts, and our authorities.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { rootCertificates } from "node:tls";
import type { Environment } from "./environment.ts";

/** Where systems keep their roots as one PEM file; the first that exists is taken. */
export const systemRootFiles = [
  "/etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Arch, Alpine
  "/etc/pki/tls/certs/ca-bundle.crt", // RHEL, Fedora
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // RHEL without the link above
  "/etc/ssl/ca-bundle.pem", // SUSE
  "/etc/ssl/cert.pem", // macOS, BSD
] as const;

/** Variables that say what the caller trusts beyond, or in place of, the system's roots. */
const trustVariables = [
  "SSL_CERT_FILE",
  "NODE_EXTRA_CA_CERTS",
  "REQUESTS_CA_BUNDLE",
  "CURL_CA_BUNDLE",
] as const;

export interface BundleSources {
  environment: Environment;
  /** Undefined where there is no readable file (REQUESTS_CA_BUNDLE may name a directory). */
  read(path: string): string | undefined;
}

/**
 * The bundle's text: the system's roots (else Node's), what the caller trusts besides, then `ours`.
 * Each certificate once.
 */
export function composeBundle(ours: string, { environment, read }: BundleSources): string {
  const named = trustVariables.flatMap((variable) => environment[variable] ?? []);
  const system = systemRootFiles.map(read).find((text) => text?.includes(begin));
  const roots = system ?? rootCertificates.join("\n");
  const texts = [roots, ...[...new Set(named)].map((path) => read(path) ?? ""), ours];
  return [...new Set(texts.flatMap(certificatesOf))].join("");
}

const begin = "-----BEGIN CERTIFICATE-----";
const pattern = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

function certificatesOf(text: string): string[] {
  return (text.match(pattern) ?? []).map((pem) => `${pem.replace(/\r/g, "")}\n`);
}

/** Writes the bundle, atomically and only where it changed. `ours` is the contract's `caFile`. */
export function writeBundle({
  file,
  caFile,
  environment,
}: {
  file: string;
  caFile: string;
  environment: Environment;
}): void {
  const text = composeBundle(readFileSync(caFile, "utf8"), { environment, read: readIfFile });
  if (readIfFile(file) === text) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // Runs start side by side: each writes its own file, and the last to finish wins.
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text, { mode: 0o644 });
  renameSync(temporary, file);
}

function readIfFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EISDIR" || code === "EACCES" || code === "ENOTDIR") {
      return undefined;
    }
    throw error;
  }
}
