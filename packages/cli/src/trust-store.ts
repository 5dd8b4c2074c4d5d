// Puts the authority for localhost into the stores that this user's browsers read, and takes it out:
// NSS databases on Linux (certutil), the login keychain on macOS (security).

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CommandError } from "./command.ts";

export interface Authority {
  readonly file: string;
  /** SHA-256, with colons. */
  readonly fingerprint: string;
  /** Its name in a store. */
  readonly name: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Gives the stores that have it now. */
export function installAuthority(authority: Authority, environment: Environment): string[] {
  const { file, name } = authority;
  if (process.platform === "darwin") {
    const keychain = loginKeychain(environment);
    run("security", ["add-trusted-cert", "-r", "trustRoot", "-k", keychain, file]);
    return [keychain];
  }
  const stores = nssStores(environment);
  for (const store of stores) {
    if (!existsSync(join(store, "cert9.db"))) {
      mkdirSync(store, { recursive: true, mode: 0o700 });
      run("certutil", ["-N", "-d", `sql:${store}`, "--empty-password"]);
    }
    run("certutil", ["-A", "-d", `sql:${store}`, "-t", "C,,", "-n", name, "-i", file]);
  }
  return stores;
}

/** Gives the stores that had it. */
export function removeAuthority(authority: Authority, environment: Environment): string[] {
  const { name, fingerprint } = authority;
  if (process.platform === "darwin") {
    const keychain = loginKeychain(environment);
    run("security", ["delete-certificate", "-Z", fingerprint.replaceAll(":", ""), "-t", keychain]);
    return [keychain];
  }
  return nssStores(environment).filter((store) => {
    const { status } = tool("certutil", ["-D", "-d", `sql:${store}`, "-n", name]);
    return status === 0;
  });
}

function loginKeychain({ HOME = "" }: Environment): string {
  return join(HOME, "Library", "Keychains", "login.keychain-db");
}

/** Chromium's own, made where it is missing, and those of Firefox profiles that are there. */
function nssStores({ HOME = "" }: Environment): string[] {
  const firefox = join(HOME, ".mozilla", "firefox");
  const profiles = existsSync(firefox)
    ? readdirSync(firefox)
        .map((name) => join(firefox, name))
        .filter((folder) => existsSync(join(folder, "cert9.db")))
    : [];
  return [join(HOME, ".pki", "nssdb"), ...profiles];
}

function run(program: string, parameters: readonly string[]): void {
  const { status, stderr } = tool(program, parameters);
  if (status === 0) return;
  const message = `${program} failed: ${stderr.trim() || `exit code ${status}`}`;
  throw new CommandError({ code: "TrustStoreFailed", message });
}

function tool(program: string, parameters: readonly string[]) {
  const result = spawnSync(program, parameters, { encoding: "utf8" });
  if ((result.error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") {
    throw new CommandError({
      code: "ToolMissing",
      message: `${program} is not there, and browsers' stores cannot be changed without it.`,
      hint: "Install it (libnss3-tools on Debian, nss-tools on Fedora), or import the file in the browser's own settings.",
    });
  }
  return result;
}
