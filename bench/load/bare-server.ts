// The peer: a bare node:https handler that verifies the same token (remembering verified ones, as ours
// does) and answers the same bytes. What any server on this runtime could do at best.

import { createServer } from "node:https";
import { text } from "node:stream/consumers";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";

interface BareOptions {
  readonly key: string;
  readonly cert: string;
  readonly jwks: JSONWebKeySet;
  readonly issuer: string;
  readonly body: string;
}

const options = JSON.parse(await text(process.stdin)) as BareOptions;
const keys = createLocalJWKSet(options.jwks);
const verified = new Map<string, number>();

async function isVerified(header: string | undefined): Promise<boolean> {
  const token = header?.slice("Bearer ".length) ?? "";
  const expiry = verified.get(token);
  if (expiry !== undefined) return expiry > Date.now() / 1000;
  const { payload } = await jwtVerify(token, keys, { issuer: options.issuer });
  verified.set(token, Number(payload.exp));
  return true;
}

const server = createServer({ key: options.key, cert: options.cert }, (request, response) => {
  isVerified(request.headers.authorization).then(
    (ok) => {
      response.writeHead(ok ? 200 : 401, {
        "content-type": "application/json; charset=utf-8",
        "content-length": Buffer.byteLength(options.body),
      });
      response.end(options.body);
    },
    () => response.writeHead(401).end(),
  );
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" && address ? address.port : 0}\n`);
});
