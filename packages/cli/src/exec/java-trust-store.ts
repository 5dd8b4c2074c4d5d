// The trust store of `callosum exec --java`: the JDK's own roots and our authorities. keytool writes
// it, once per set of certificates.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { Environment } from "./environment.ts";

/** The JDK's default. The store holds public certificates only. */
const trustStorePassword = "changeit";

/**
 * Finds the caller's Java and makes the trust store in `directory` unless it is there. Throws with a
 * message for people where there is no Java, no keytool, or keytool fails.
 */
export function prepareJavaTrustStore({
  directory,
  caFiles,
  environment,
}: {
  directory: string;
  /** One certificate each, PEM. */
  caFiles: readonly string[];
  environment: Environment;
}): { trustStoreFile: string; trustStorePassword: string } {
  const home = findJavaHome(environment);
  const cacerts = ["lib/security/cacerts", "jre/lib/security/cacerts"]
    .map((path) => join(home, path))
    .find((path) => existsSync(path));
  const keytool = join(home, "bin", "keytool");
  if (!cacerts || !existsSync(keytool)) {
    throw new Error(`--java needs keytool and the default trust store, which ${home} lacks.`);
  }
  const hash = createHash("sha256").update(readFileSync(cacerts));
  for (const file of caFiles) hash.update(readFileSync(file));
  const trustStoreFile = join(directory, `java-${hash.digest("hex").slice(0, 16)}.keystore`);
  if (existsSync(trustStoreFile)) return { trustStoreFile, trustStorePassword };

  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const temporary = `${trustStoreFile}.${process.pid}`;
  try {
    copyFileSync(cacerts, temporary);
    // A copy keeps the mode, and the JDK's own may be read-only.
    chmodSync(temporary, 0o600);
    for (const [index, file] of caFiles.entries()) {
      execFileSync(
        keytool,
        [
          ...["-importcert", "-noprompt", "-trustcacerts", "-alias", `callosum-${index}`],
          ...["-file", file, "-keystore", temporary, "-storepass", trustStorePassword],
        ],
        { stdio: "pipe" },
      );
    }
    renameSync(temporary, trustStoreFile);
  } finally {
    rmSync(temporary, { force: true });
  }
  return { trustStoreFile, trustStorePassword };
}

function findJavaHome(environment: Environment): string {
  if (environment.JAVA_HOME) return environment.JAVA_HOME;
  for (const directory of (environment.PATH ?? "").split(delimiter)) {
    const java = join(directory, "java");
    try {
      accessSync(java, constants.X_OK);
    } catch {
      continue;
    }
    return dirname(dirname(realpathSync(java)));
  }
  throw new Error("--java needs a Java: set JAVA_HOME, or have java on the PATH.");
}
