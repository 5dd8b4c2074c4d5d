import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, Socket } from "node:net";
import { afterEach, test } from "node:test";
import { type ProxyOptions, type RunningProxy, startProxy } from "./proxy.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
const authorized = `Proxy-Authorization: ${basic("run:secret")}`;

/** Serves "here:443", tunnels to loopback, refuses the rest. */
async function start(options: Partial<ProxyOptions<string>> = {}): Promise<RunningProxy> {
  const proxy = await startProxy<string>({
    port: 0,
    verify: (user, password) => (user === "run" && password === "secret" ? user : undefined),
    decide({ host }) {
      if (host === "here") return { kind: "here" };
      if (host === "127.0.0.1" || host === "far.invalid") return { kind: "tunnel" };
      return { kind: "refuse", reason: `no ${host}` };
    },
    onSocket: (socket) => socket.end("handed over"),
    onFault: assert.fail,
    ...options,
  });
  cleanups.push(() => proxy.close());
  return proxy;
}

/** A server at the far end of a tunnel. Both ends half-open, as the proxy's are. */
async function farEnd(onSocket: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    cleanups.push(() => socket.destroy());
    socket.on("error", () => {});
    onSocket(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

function dial(proxy: RunningProxy): Socket {
  const socket = connect({ port: proxy.port, host: "127.0.0.1", allowHalfOpen: true });
  cleanups.push(() => socket.destroy());
  socket.on("error", () => {});
  return socket;
}

async function readAll(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  if (!socket.readableEnded && !socket.destroyed) {
    await Promise.race([once(socket, "end"), once(socket, "close")]);
  }
  return text;
}

/** Sends the lines as one request head and gives everything that comes back. */
async function exchange(proxy: RunningProxy, ...lines: string[]): Promise<string> {
  const socket = dial(proxy);
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  const answer = await readAll(socket);
  socket.end();
  return answer;
}

test("a request without a credential of ours is answered 407", async () => {
  const proxy = await start();
  const rows = [
    [],
    [`Proxy-Authorization: ${basic("run:wrong")}`],
    [`Proxy-Authorization: ${basic("no colon")}`],
    ["Proxy-Authorization: Basic ***"],
    ["Proxy-Authorization: Bearer run:secret"],
    [`Authorization: ${basic("run:secret")}`],
  ];
  for (const row of rows) {
    const answer = await exchange(proxy, "CONNECT here:443 HTTP/1.1", ...row);
    assert.match(answer, /^HTTP\/1\.1 407 /);
    assert.match(answer, /\r\nProxy-Authenticate: Basic realm=/);
    assert.match(answer, /callosum exec/);
  }
});

test("a host that is served here is handed over, early bytes and all", async () => {
  const proxy = await start({
    onSocket: (socket, destination) => {
      assert.deepEqual(destination, { host: "here", port: 443 });
      socket.once("data", (chunk) => socket.end(`got ${chunk}`));
    },
  });
  const answer = await exchange(proxy, "CONNECT here:443 HTTP/1.1", authorized, "", "early");
  assert.match(answer, /^HTTP\/1\.1 200 [^\r]*\r\n\r\ngot early/);
});

test("a refused host gets 403 and the reason", async () => {
  const proxy = await start();
  const answer = await exchange(proxy, "CONNECT example.com:443 HTTP/1.1", authorized);
  assert.match(answer, /^HTTP\/1\.1 403 [\s\S]*Callosum: no example\.com\n$/);
});

test("what is not a CONNECT is refused by name", async () => {
  const proxy = await start();
  const rows = [
    ["GET http://example.com/x HTTP/1.1", /^HTTP\/1\.1 403 [\s\S]*example\.com/],
    ["POST http://169.254.169.254/metadata HTTP/1.1", /^HTTP\/1\.1 403 [\s\S]*169\.254\.169\.254/],
    ["GET /metadata/identity/oauth2/token HTTP/1.1", /^HTTP\/1\.1 403 [\s\S]*unreachable/],
    ["CONNECT here HTTP/1.1", /^HTTP\/1\.1 400 /],
    ["CONNECT user@here:443 HTTP/1.1", /^HTTP\/1\.1 400 /],
    ["\u0016\u0003\u0001 not http", /^HTTP\/1\.1 400 /],
  ] as const;
  for (const [line, expected] of rows) {
    assert.match(await exchange(proxy, line, "Host: x", authorized), expected, line);
  }
});

test("headers have a size and a time limit", async () => {
  const proxy = await start({ limits: { headerBytesMax: 2_048, requestTimeoutMs: 50 } });
  const large = await exchange(proxy, "CONNECT here:443 HTTP/1.1", `X: ${"x".repeat(4_096)}`);
  assert.match(large, /^HTTP\/1\.1 431 /);
  const slow = dial(proxy);
  slow.write("CONNECT here:443 HTTP/1.1\r\n");
  assert.match(await readAll(slow), /^HTTP\/1\.1 408 /);
  const silent = dial(proxy);
  assert.match(await readAll(silent), /^HTTP\/1\.1 408 /);
});

test("a tunnel carries bytes both ways, untouched", async () => {
  const port = await farEnd((socket) => socket.pipe(socket));
  const proxy = await start();
  const socket = dial(proxy);
  const sent = Buffer.alloc(1_000_000, "0123456789abcdef");
  socket.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n${authorized}\r\n\r\n`);
  socket.end(sent);
  const answer = await readAll(socket);
  const body = answer.slice(answer.indexOf("\r\n\r\n") + 4);
  assert.ok(body === sent.toString());
});

test("a tunnel's far end may answer after the client has finished, and the other way round", async () => {
  const proxy = await start();
  const answersLate = await farEnd((socket) => {
    socket.resume();
    socket.once("end", () => socket.end("late answer"));
  });
  const client = dial(proxy);
  client.end(`CONNECT 127.0.0.1:${answersLate} HTTP/1.1\r\n${authorized}\r\n\r\n`);
  assert.match(await readAll(client), /late answer$/);

  const heard = Promise.withResolvers<string>();
  const finishesFirst = await farEnd((socket) => {
    socket.end("done");
    readAll(socket).then(heard.resolve, heard.reject);
  });
  const other = dial(proxy);
  other.write(`CONNECT 127.0.0.1:${finishesFirst} HTTP/1.1\r\n${authorized}\r\n\r\n`);
  assert.match(await readAll(other), /done$/);
  other.end("still talking");
  assert.equal(await heard.promise, "still talking");
});

test("either side of a tunnel that breaks takes the other with it", async () => {
  const proxy = await start();
  const accepted = Promise.withResolvers<Socket>();
  const port = await farEnd((socket) => accepted.resolve(socket));
  const client = dial(proxy);
  client.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n${authorized}\r\n\r\n`);
  await once(client, "data");
  const far = await accepted.promise;
  client.resetAndDestroy();
  far.resume();
  await Promise.race([once(far, "close"), once(far, "end")]);

  const resets = await farEnd((socket) => socket.once("data", () => socket.resetAndDestroy()));
  const victim = dial(proxy);
  victim.write(`CONNECT 127.0.0.1:${resets} HTTP/1.1\r\n${authorized}\r\n\r\n`);
  await once(victim, "data");
  victim.resume();
  victim.write("x");
  await Promise.race([once(victim, "close"), once(victim, "end")]);
});

test("a far end that cannot be reached is answered 502", async () => {
  const closed = createServer();
  closed.listen(0, "127.0.0.1");
  await once(closed, "listening");
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const proxy = await start();
  for (const target of [`127.0.0.1:${port}`, "far.invalid:443"]) {
    const answer = await exchange(proxy, `CONNECT ${target} HTTP/1.1`, authorized);
    assert.match(answer, /^HTTP\/1\.1 502 /);
    assert.ok(answer.includes(target), answer);
  }
});

test("a far end that does not answer is given up, by the proxy or with the client", async () => {
  const far: Socket[] = [];
  const silent = () => {
    far.push(new Socket());
    return far.at(-1)!;
  };
  const proxy = await start({ connect: silent, limits: { connectTimeoutMs: 50 } });
  const answer = await exchange(proxy, "CONNECT far.invalid:443 HTTP/1.1", authorized);
  assert.match(answer, /^HTTP\/1\.1 502 [\s\S]*no answer in 50 ms/);
  assert.equal(far[0]?.destroyed, true);

  const patient = await start({ connect: silent });
  const client = dial(patient);
  client.write(`CONNECT far.invalid:443 HTTP/1.1\r\n${authorized}\r\n\r\n`);
  while (far.length < 2) await new Promise(setImmediate);
  client.resetAndDestroy();
  await once(far[1]!, "close");
});

test("a client that resets costs nothing, whoever owns its socket by then", async () => {
  const owned = Promise.withResolvers<Socket>();
  const proxy = await start({ onSocket: owned.resolve });
  const client = dial(proxy);
  client.write(`CONNECT here:443 HTTP/1.1\r\n${authorized}\r\n\r\n`);
  const socket = await owned.promise;
  socket.resume();
  client.resetAndDestroy();
  await new Promise((resolve) => socket.once("close", resolve));
});

test("a socket that was handed over ends with its client", async () => {
  const proxy = await start({ onSocket: (socket) => socket.resume() });
  const client = dial(proxy);
  client.end(`CONNECT here:443 HTTP/1.1\r\n${authorized}\r\n\r\n`);
  assert.match(await readAll(client), /^HTTP\/1\.1 200 /);
});

test("an idle tunnel is closed", async () => {
  const port = await farEnd((socket) => socket.resume());
  const proxy = await start({ limits: { idleTimeoutMs: 50 } });
  const client = dial(proxy);
  client.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n${authorized}\r\n\r\n`);
  client.resume();
  await Promise.race([once(client, "close"), once(client, "end")]);
});

test("a fault in a rule is reported and costs its client the connection only", async () => {
  const faults: unknown[] = [];
  const proxy = await start({
    decide: ({ host }) => {
      if (host === "faulty") throw new Error("broken rule");
      return { kind: "here" };
    },
    onFault: (error) => faults.push(error),
  });
  assert.equal(await exchange(proxy, "CONNECT faulty:443 HTTP/1.1", authorized), "");
  assert.match(String(faults), /broken rule/);
  assert.match(await exchange(proxy, "CONNECT here:443 HTTP/1.1", authorized), /handed over$/);
});

test("closing ends tunnels and connections that have said nothing", async () => {
  const port = await farEnd((socket) => socket.resume());
  const proxy = await start();
  const silent = dial(proxy);
  await once(silent, "connect");
  const tunnelled = dial(proxy);
  tunnelled.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n${authorized}\r\n\r\n`);
  await once(tunnelled, "data");
  const ended = Promise.all([silent, tunnelled].map((socket) => readAll(socket)));
  await proxy.close();
  await ended;
});

test("a port that is taken rejects", async () => {
  const proxy = await start();
  await assert.rejects(start({ port: proxy.port }), { code: "EADDRINUSE" });
});
