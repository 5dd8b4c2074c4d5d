// `callosum trust`: the authority for localhost, for browsers. The other one, for Azure's names, is for
// exec only and is never installed anywhere (design.md §1).

import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CommandError, defineCommand } from "../command.ts";

export const trust = defineCommand({
  name: "trust",
  summary: "Explain how a browser trusts this instance, or make it so",
  description:
    "The authority signs certificates for localhost and loopback addresses only: its name constraints say so. Nothing is installed without --install, and --remove takes it back.",
  arguments: [],
  options: {
    install: {
      kind: "flag",
      summary:
        "Install it for this user: Chromium and Firefox on Linux (NSS), the login keychain on macOS",
    },
    remove: { kind: "flag", summary: "Take it back" },
  },
  examples: [
    { command: "callosum trust", summary: "Where it is, and what to do with it" },
    { command: "callosum trust --install", summary: "Install it for this user" },
  ],
  async run({ options, dataDirectory, environment }) {
    const file = join(dataDirectory, "certificates", "localhost-ca.pem");
    if (!existsSync(file)) {
      throw new CommandError({
        code: "NoAuthority",
        message: `There is no authority in ${dataDirectory} yet.`,
        hint: "The first 'callosum up' makes it.",
      });
    }
    const certificate = new X509Certificate(readFileSync(file));
    const { fingerprint256: fingerprint, validTo } = certificate;
    const authority = { file, fingerprint, name: `Callosum localhost ${fingerprint.slice(0, 11)}` };
    const facts = { file, fingerprint, validTo };
    if (options.install || options.remove) {
      const { installAuthority, removeAuthority } = await import("../trust-store.ts");
      const act = options.remove ? removeAuthority : installAuthority;
      const stores = act(authority, environment);
      const verb = options.remove ? "Removed from" : "Installed in";
      return { json: { ...facts, stores }, text: stores.map((store) => `${verb} ${store}.`) };
    }
    return {
      json: facts,
      text: [
        `The authority for localhost is ${file}`,
        `  SHA-256 ${fingerprint}`,
        `  until   ${validTo}`,
        "",
        "It can sign for localhost and loopback addresses only. To trust it:",
        "  this user's browsers   callosum trust --install",
        `  the whole machine      sudo cp ${file} /usr/local/share/ca-certificates/callosum.crt && sudo update-ca-certificates`,
        `  one program            NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, … = ${file}`,
        "Programs under 'callosum exec' need none of this.",
      ],
    };
  },
});
