// One run of `callosum exec`: the chosen principal, a proxy credential of its own, and the whole
// environment that environment.ts composes of them.

import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mintProxyCredential } from "@callosum/server/http/proxy-credential.ts";
import type { Contract } from "@callosum/server/main.ts";
import { CommandError, usageError } from "../command.ts";
import { writeBrowserScript } from "./browser.ts";
import { writeBundle } from "./bundle.ts";
import { type Environment, type ExecPrincipal, execEnvironment } from "./environment.ts";
import { prepareJavaTrustStore } from "./java-trust-store.ts";

export interface ExecSession {
  readonly environment: Record<string, string>;
  /** Takes back what was made for this run only. */
  close(): Promise<void>;
}

export interface ExecSessionOptions {
  readonly contract: Contract;
  /** The caller's. */
  readonly environment: Environment;
  /** `admin`, `user`, or what principal.ts finds. */
  readonly as: string;
  readonly allow?: readonly string[];
  readonly java?: boolean;
  readonly home?: boolean;
}

/** Prepares a run; the data directory gets the CA bundle and the folder for clients' caches. */
export async function openExecSession(options: ExecSessionOptions): Promise<ExecSession> {
  const { contract, environment, as, allow = [] } = options;
  const stateDirectory = join(contract.dataDir, "exec");
  const bundleFile = join(stateDirectory, "ca-bundle.pem");
  const credential = mintProxyCredential({
    key: instanceKey(contract, environment),
    credential: { id: randomUUID(), allow: allow.map(readAllowed) },
  });
  writeBundle({ file: bundleFile, caFile: contract.caFile, environment });
  const browser = writeBrowserScript({
    directory: stateDirectory,
    origin: contract.origin,
    node: process.execPath,
    browser: environment.BROWSER,
  });
  const java = options.java
    ? prepareJavaTrustStore({
        directory: stateDirectory,
        caFiles: authorityFiles(contract),
        environment,
      })
    : undefined;
  const { principal, close } = await choosePrincipal(contract, as);
  return {
    environment: execEnvironment({
      inherited: environment,
      proxyUrl: contract.proxy,
      credential,
      bundleFile,
      stateDirectory,
      browser,
      tenantId: contract.tenantId,
      subscriptionId: contract.subscriptionId,
      principal,
      ...(options.home ? { home: join(stateDirectory, "home") } : {}),
      ...(java ? { java } : {}),
    }),
    close,
  };
}

/** Certificates one by one: keytool reads one from a file. */
function authorityFiles({ dataDir }: Contract): string[] {
  return ["localhost-ca.pem", "azure-ca.pem"].map((name) => join(dataDir, "certificates", name));
}

/** The key that seals proxy credentials; the server's own rule in platform/data-directory.ts. */
function instanceKey({ dataDir }: Contract, environment: Environment): Uint8Array {
  const given = environment.CALLOSUM_KEY;
  if (given !== undefined) return Buffer.from(given, "base64");
  const file = join(dataDir, "instance.key");
  if (existsSync(file)) return Buffer.from(readFileSync(file, "utf8").trim(), "base64");
  throw new CommandError({
    code: "NoInstanceKey",
    message: `There is no key in ${dataDir}: the instance was started with CALLOSUM_KEY.`,
    hint: "Set the same CALLOSUM_KEY for this command.",
  });
}

const allowedHost = /^(?:\*\.)?(?:[a-z0-9_.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

function readAllowed(text: string): string {
  if (allowedHost.test(text)) return text.toLowerCase();
  throw usageError(`--allow '${text}' is no host: use name, name:port, *.domain or *.domain:port.`);
}

async function choosePrincipal(
  contract: Contract,
  as: string,
): Promise<{ principal: ExecPrincipal; close(): Promise<void> }> {
  const nothing = async () => {};
  if (as === "user") return { principal: { kind: "user" }, close: nothing };
  if (as === "admin" || as.toLowerCase() === contract.admin.clientId) {
    const clientSecret = readFileSync(contract.admin.secretFile, "utf8").trim();
    const { clientId } = contract.admin;
    return { principal: { kind: "application", clientId, clientSecret }, close: nothing };
  }
  throw usageError(`--as is admin or user, not '${as}'.`);
}
