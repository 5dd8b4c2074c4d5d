// Debian's Chromium under playwright-core: one browser a test file, quiet, offline but for the
// instance, whose certificate it is told to trust by its key and by nothing else.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { connect } from "node:tls";
import { type Browser, chromium } from "playwright-core";

const executablePath = process.env.CALLOSUM_CHROMIUM ?? "/usr/bin/chromium";

/** Why browser tests can't run here; undefined when they can. */
export const browserMissing = existsSync(executablePath)
  ? undefined
  : `${executablePath} is not there: apt-get install -y --no-install-recommends chromium`;

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

/** Starts the browser for the instance at `origin`. */
export async function launchChromium(origin: string): Promise<Browser> {
  const key = await serverKeyHash(origin);
  return chromium.launch({
    executablePath,
    args: [...flags, `--ignore-certificate-errors-spki-list=${key}`],
    // The wrapper of Debian writes to stderr; the browser's own errors reach the tests as events.
    logger: { isEnabled: () => false, log: () => {} },
  });
}

/** SHA-256 of the public key that the instance serves with, base64. */
function serverKeyHash(origin: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const socket = connect(
      { host: hostname, port: Number(port), servername: hostname, rejectUnauthorized: false },
      () => {
        const key = socket.getPeerX509Certificate()?.publicKey;
        socket.end();
        if (!key) reject(new Error("The instance showed no certificate."));
        else {
          const bytes = key.export({ type: "spki", format: "der" });
          resolve(createHash("sha256").update(bytes).digest("base64"));
        }
      },
    );
    socket.once("error", reject);
  });
}
