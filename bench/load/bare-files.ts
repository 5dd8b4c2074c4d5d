// The peer of the lake: a bare node:http file server, `http|https|synced DIRECTORY`. `synced` is https and on
// disk when it answers, as the lake is; the others leave that to the operating system.

import { createReadStream, createWriteStream, statSync } from "node:fs";
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { openCertificateFiles } from "@callosum/server/http/certificate-files.ts";
import { openCertificateAuthority } from "@callosum/server/http/certificates.ts";
import { systemClock, systemRandom } from "@callosum/server/platform/system.ts";

const [scheme = "http", directory = "."] = process.argv.slice(2);

const handle = (request: IncomingMessage, response: ServerResponse) => {
  const path = join(directory, (request.url ?? "").replace(/\?.*/, "").replaceAll("/", "_"));
  if (request.method === "PUT") {
    pipeline(request, createWriteStream(path, { flush: scheme === "synced" })).then(
      () => response.writeHead(201).end(),
      () => response.destroy(),
    );
  } else {
    response.writeHead(200, { "content-length": statSync(path).size });
    pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), response).catch(
      () => undefined,
    );
  }
};
const certificates = openCertificateAuthority({
  files: openCertificateFiles(join(directory, "certificates")),
  clock: systemClock,
  random: systemRandom,
  servesHost: () => false,
});
const server =
  scheme !== "http"
    ? createHttpsServer(certificates.tlsOptions(), handle)
    : createHttpServer(handle);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  process.stdout.write(`${port} ${certificates.caFiles.bundle}\n`);
});
