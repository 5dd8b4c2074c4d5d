// Certificates, proxy and environment together: unmodified HTTP clients in child processes reach our
// listener under Azure's real host names, and nothing else.

import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openCertificateFiles } from "@callosum/server/http/certificate-files.ts";
import { azureDomains, openCertificateAuthority } from "@callosum/server/http/certificates.ts";
import { type RunningProxy, startProxy } from "@callosum/server/http/proxy.ts";
import {
  mintProxyCredential,
  verifyProxyCredential,
} from "@callosum/server/http/proxy-credential.ts";
import { decideDestination } from "@callosum/server/http/proxy-destination.ts";
import { writeBundle } from "./bundle.ts";
import { execEnvironment } from "./environment.ts";
import { prepareJavaTrustStore } from "./java-trust-store.ts";

const directory = mkdtempSync(join(tmpdir(), "exec-clients-"));
const key = randomBytes(32);
const servesHost = (host: string) =>
  azureDomains.some((domain) => host === domain || host.endsWith(`.${domain}`));
const authority = openCertificateAuthority({
  files: openCertificateFiles(join(directory, "certificates")),
  clock: { now: () => new Date() },
  random: { guid: () => "", bytes: (length) => randomBytes(length), token: () => "" },
  servesHost,
});
const server = createServer(authority.tlsOptions(), (request, response) => {
  response.end(`served ${request.headers.host}${request.url}`);
});
let originPort: number;
let proxy: RunningProxy;

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  originPort = (server.address() as AddressInfo).port;
  proxy = await startProxy({
    port: 0,
    verify: (user, password) => verifyProxyCredential({ key, user, password }),
    decide: (destination, credential) =>
      decideDestination(destination, credential, { servesHost, originPort }),
    onSocket: (socket) => server.emit("connection", socket),
    onFault: assert.fail,
  });
  const bundleFile = join(directory, "ca-bundle.pem");
  writeBundle({ file: bundleFile, caFile: authority.caFiles.bundle, environment: {} });
});

after(async () => {
  server.closeAllConnections();
  server.close();
  await proxy.close();
  rmSync(directory, { recursive: true });
});

function environment(java?: { trustStoreFile: string; trustStorePassword: string }) {
  const { PATH, HOME, PYENV_ROOT } = process.env;
  return execEnvironment({
    // A caller's proxy settings that would lead elsewhere, were they kept.
    inherited: {
      PATH,
      HOME,
      PYENV_ROOT,
      NO_PROXY: "*",
      no_proxy: "*",
      AZURE_CLIENT_SECRET: "real",
    },
    proxyUrl: proxy.url,
    credential: mintProxyCredential({ key, credential: { id: "test", allow: [] } }),
    bundleFile: join(directory, "ca-bundle.pem"),
    stateDirectory: join(directory, "state"),
    browser: "false",
    tenantId: "tenant",
    subscriptionId: "subscription",
    principal: { kind: "user" },
    ...(java && { java }),
  });
}

interface Outcome {
  isSuccess: boolean;
  output: string;
}

function run(command: readonly string[], env = environment()): Promise<Outcome> {
  const [file, ...parameters] = command;
  return new Promise((resolve) => {
    execFile(file!, parameters, { env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ isSuccess: !error, output: stdout + stderr });
    });
  });
}

const isPresent = (command: string, ...parameters: string[]) =>
  spawnSync(command, parameters, { stdio: "ignore" }).status === 0;

const fetchScript = `
  const response = await fetch(process.argv[1]);
  console.log(await response.text());`;
const httpsScript = `
  require("node:https").get(process.argv[1], (response) => response.pipe(process.stdout));`;
const urllibScript = `
import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1], timeout=20).read().decode())`;
// What recent Python does by default (3.13): strict verification of the chain.
const strictScript = `
import ssl, sys, urllib.request
context = ssl.create_default_context()
context.verify_flags |= ssl.VERIFY_X509_STRICT
print(urllib.request.urlopen(sys.argv[1], timeout=20, context=context).read().decode())`;
const requestsScript = `
import sys, requests
print(requests.get(sys.argv[1], timeout=20).text)`;

const clients: { name: string; command: readonly string[]; probe: [string, ...string[]] }[] = [
  {
    name: "Node's fetch",
    command: [process.execPath, "--input-type=module", "-e", fetchScript],
    probe: [process.execPath, "-v"],
  },
  {
    name: "Node's https",
    command: [process.execPath, "-e", httpsScript],
    probe: [process.execPath, "-v"],
  },
  { name: "curl", command: ["curl", "-sS"], probe: ["curl", "--version"] },
  { name: "Python's urllib", command: ["python3", "-c", urllibScript], probe: ["python3", "-V"] },
  {
    name: "Python's urllib, strictly verifying",
    command: ["python3", "-c", strictScript],
    probe: ["python3", "-c", "import ssl; ssl.VERIFY_X509_STRICT"],
  },
  {
    name: "Python requests",
    command: ["python3", "-c", requestsScript],
    probe: ["python3", "-c", "import requests"],
  },
];

for (const { name, command, probe } of clients) {
  const skip = isPresent(...probe) ? false : `not installed: ${probe.join(" ")}`;
  test(`${name} reaches Azure's host names here, and no others`, { skip }, async () => {
    const hosts = ["management.azure.com", "ws1.dev.azuresynapse.net", `localhost:${originPort}`];
    for (const host of hosts) {
      const { output } = await run([...command, `https://${host}/subscriptions?x=1`]);
      assert.equal(output.trim(), `served ${host}/subscriptions?x=1`);
    }
    const refused = await run([...command, "https://example.com/"]);
    assert.equal(refused.isSuccess, false, refused.output);
    assert.match(refused.output, /403|proxy|Proxy|tunnel/);
  });
}

test("curl shows the refusal, and gets no further without the run's credential", {
  skip: isPresent("curl", "--version") ? false : "not installed: curl",
}, async () => {
  const refused = await run(["curl", "-sv", "https://example.com/"]);
  assert.match(refused.output, /HTTP\/1\.1 403 Forbidden/);
  const anonymous = { ...environment(), HTTPS_PROXY: proxy.url, https_proxy: proxy.url };
  const { output } = await run(["curl", "-sv", "https://management.azure.com/"], anonymous);
  assert.match(output, /HTTP\/1\.1 407 /);
});

const javaClient = `
import java.net.*;
import java.net.http.*;
public class Client {
  public static void main(String[] arguments) throws Exception {
    var proxy = new InetSocketAddress(
        System.getProperty("https.proxyHost"), Integer.getInteger("https.proxyPort"));
    var client = HttpClient.newBuilder().proxy(ProxySelector.of(proxy))
        .authenticator(new Authenticator() {
          protected PasswordAuthentication getPasswordAuthentication() {
            return new PasswordAuthentication(System.getProperty("https.proxyUser"),
                System.getProperty("https.proxyPassword").toCharArray());
          }
        }).build();
    var request = HttpRequest.newBuilder(URI.create(arguments[0])).build();
    System.out.println(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }
}`;

test("a Java client trusts the listener through --java", {
  skip: isPresent("keytool", "-help") && isPresent("javac", "-version") ? false : "no JDK",
}, async () => {
  const java = prepareJavaTrustStore({
    directory: join(directory, "state"),
    caFiles: [authority.caFiles.localhost, authority.caFiles.azure],
    environment: process.env,
  });
  const file = join(directory, "Client.java");
  writeFileSync(file, javaClient);
  const url = "https://ws1.dev.azuresynapse.net/pools";
  const { output } = await run(["java", file, url], environment(java));
  assert.match(output, /served ws1\.dev\.azuresynapse\.net\/pools/);
});
