// What BROWSER names under `callosum exec`. Clients open Microsoft's sign-in address with it; a
// person's browser is outside the proxy and would go to the real one, so it gets ours instead.

import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const signInHosts = new Set(["login.microsoftonline.com", "login.windows.net"]);

/**
 * The same page on our origin (`https://localhost:8443`), whose path form for sign-in is Azure's.
 * Our own pages and a client's own loopback pages stay as they are; undefined for anything else.
 */
export function localAddress(address: string, origin: string): string | undefined {
  const url = URL.parse(address);
  if (url?.protocol === "https:" && signInHosts.has(url.host)) {
    return `${origin}${url.pathname}${url.search}`;
  }
  const isLoopback = url !== null && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  return isLoopback && /^https?:$/.test(url.protocol) ? url.href : undefined;
}

/**
 * Writes the executable for BROWSER into `directory` and gives its path. `browser` is the caller's
 * own BROWSER. A path with spaces or colons is misread by what reads BROWSER: such a directory is
 * refused.
 */
export function writeBrowserScript({
  directory,
  origin,
  node,
  browser,
}: {
  directory: string;
  origin: string;
  node: string;
  browser: string | undefined;
}): string {
  const file = join(directory, "browser");
  if (/[\s:%]/.test(file)) {
    throw new Error(`BROWSER cannot name ${file}: use a data directory without spaces or colons.`);
  }
  const self = fileURLToPath(import.meta.url);
  const command = [node, self, origin].map(quote).join(" ");
  const restore = browser ? `BROWSER=${quote(browser)}; export BROWSER` : "unset BROWSER";
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `#!/bin/sh\n${restore}\nexec ${command} "$@"\n`);
  chmodSync(temporary, 0o700);
  renameSync(temporary, file);
  return file;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Opens the page for a person, or only names it where nothing can. Gives the exit code. */
function open(address: string, origin: string): number {
  const local = localAddress(address, origin);
  if (!local) {
    console.error(`Callosum: ${address} is not opened: only its own sign-in is.`);
    return 1;
  }
  console.error(`Callosum: sign in at ${local}`);
  const { BROWSER, HTTPS_PROXY: _upper, https_proxy: _lower, ...environment } = process.env;
  const opener = BROWSER || (process.platform === "darwin" ? "open" : "xdg-open");
  const child = spawn(opener, [local], {
    // A browser is not the command's: it keeps to its own proxy settings.
    env: BROWSER ? { ...environment, BROWSER } : environment,
    stdio: "ignore",
    detached: true,
  });
  // Without a desktop there is nothing to open with, and the line above is enough.
  child.on("error", () => {});
  child.unref();
  return 0;
}

if (import.meta.main) {
  const [origin = "", address = ""] = process.argv.slice(2);
  process.exitCode = open(address, origin);
}
