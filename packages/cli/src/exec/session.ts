// One run of `callosum exec`: the chosen principal, a proxy credential of its own, and the whole
// environment that environment.ts composes of them.

import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { mintProxyCredential } from "@callosum/server/http/proxy-credential.ts";
import type { Contract } from "@callosum/server/main.ts";
import { actAs, instanceKey } from "../actor.ts";
import { usageError } from "../command.ts";
import { writeBrowserScript } from "./browser.ts";
import { writeBundle } from "./bundle.ts";
import { type Environment, execEnvironment } from "./environment.ts";
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
  /** As actor.ts reads it. */
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
  const home = join(stateDirectory, "home");
  if (options.home) mkdirSync(home, { recursive: true, mode: 0o700 });
  const java = options.java
    ? prepareJavaTrustStore({
        directory: stateDirectory,
        caFiles: authorityFiles(contract),
        environment,
      })
    : undefined;
  const { actor, close } = await actAs(as, { contract, environment });
  return {
    environment: {
      ...execEnvironment({
        inherited: environment,
        proxyUrl: contract.proxy,
        credential,
        bundleFile,
        stateDirectory,
        browser,
        tenantId: contract.tenantId,
        subscriptionId: contract.subscriptionId,
        principal: actor,
        ...(options.home ? { home } : {}),
        ...(java ? { java } : {}),
      }),
      // Our own commands in the run, such as a verdict's advice, mean this instance.
      CALLOSUM_DATA: contract.dataDir,
    },
    close,
  };
}

/** Certificates one by one: keytool reads one from a file. */
function authorityFiles({ dataDir }: Contract): string[] {
  return ["localhost-ca.pem", "azure-ca.pem"].map((name) => join(dataDir, "certificates", name));
}

const allowedHost = /^(?:\*\.)?(?:[a-z0-9_.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

function readAllowed(text: string): string {
  if (allowedHost.test(text)) return text.toLowerCase();
  throw usageError(`--allow '${text}' is no host: use name, name:port, *.domain or *.domain:port.`);
}
