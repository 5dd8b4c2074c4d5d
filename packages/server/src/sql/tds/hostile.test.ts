// Clients that break the protocol: each ends in a clean disconnect, and the server goes on serving.
import assert from "node:assert/strict";
import { connect as connectSocket, type Socket } from "node:net";
import { after, before, describe, test } from "node:test";
import { connect as connectTls } from "node:tls";
import { packetize } from "./packet.ts";
import { encryption, preloginReply } from "./prelogin.ts";
import { password, tenColumns } from "./testing/fixed-front.ts";
import { createManualClock } from "./testing/manual-clock.ts";
import {
  batchPacket,
  loginPacket,
  loginPayload,
  preloginPacket,
  requestHeaders,
} from "./testing/raw-client.ts";
import { closeConnection, collect, connect } from "./testing/tedious-client.ts";
import { startWire, type Wire } from "./testing/wire.ts";

const clock = createManualClock();
const limits = { loginTimeoutMs: 1000, messageStallTimeoutMs: 5000, requestBytesMax: 1 << 20 };
let wire: Wire;
before(async () => {
  wire = await startWire({ allowPlain: true, limits, clock });
  wire.front.answers.set("endless", (signal) => tenColumns(Number.MAX_SAFE_INTEGER, { signal }));
});
after(async () => {
  await assertUnharmed();
  await wire.listener.close();
  assert.deepEqual(wire.errors, []);
});

async function assertUnharmed(): Promise<void> {
  const connection = await connect(wire.port);
  assert.equal((await collect(connection, "set nocount on")).error, undefined);
  await closeConnection(connection);
}

interface Exchange {
  socket: Socket;
  received(): Buffer;
  /** The server has closed the connection. */
  closed: Promise<Buffer>;
  /** Resolves with the server's next bytes. */
  reply(): Promise<Buffer>;
}

function open(port = wire.port): Exchange {
  const socket = connectSocket(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  // A reset is as clean an end as any for a client that misbehaved.
  socket.on("error", () => {});
  const received = () => Buffer.concat(chunks);
  return {
    socket,
    received,
    closed: new Promise((resolve) => socket.on("close", () => resolve(received()))),
    reply: () => new Promise((resolve) => socket.once("data", resolve)),
  };
}

/** Sends each step after the answer to the one before; then waits for the server to hang up. */
async function play(steps: readonly Buffer[]): Promise<Buffer> {
  const exchange = open();
  for (const [index, step] of steps.entries()) {
    const reply = index < steps.length - 1 ? exchange.reply() : undefined;
    exchange.socket.write(step);
    await reply;
  }
  return exchange.closed;
}

const login = loginPacket({ user: "sa", password });
const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const packet = (type: number, ...parts: Buffer[]) => packetize(type, Buffer.concat(parts), 4096);
const rpc = (text: string) => packet(3, requestHeaders(), hex(text));
const brokenLogin = (change: (payload: Buffer) => void): Buffer => {
  const payload = Buffer.from(
    loginPayload({ user: "sa", password, features: hex("0a 01000000 01 ff") }),
  );
  change(payload);
  return packetize(16, payload, 4096);
};
const brokenFeatures = (features: string): Buffer =>
  packetize(16, loginPayload({ user: "", password: "", features: hex(features) }), 4096);
const tlsPrelogin = packet(18, preloginReply({ encryption: encryption.on, federated: false }));
/** sp_executesql with one parameter `@a` of the given TYPE_INFO and value. */
const parameter = (rest: string) => rpc(`ffff 0a00 0000 02 4000 6100 00 ${rest}`);

const hungUp: [name: string, steps: Buffer[]][] = [
  ["speaks HTTP", [Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]],
  ["sends a packet shorter than its header", [hex("12 01 0007 0000 0100")]],
  ["sends a packet of 65,535 bytes", [hex("12 01 ffff 0000 0100")]],
  ["sends a packet type that does not exist", [hex("00 01 0010 0000 0100")]],
  ["sends multiplexed (SMP) packets", [hex("53 01 0010 0000 0100 00000000")]],
  ["begins with LOGIN7", [login]],
  ["begins with a batch", [batchPacket("select 1")]],
  ["begins with an attention", [packet(6)]],
  ["sends a server's packet", [packet(4, hex("fd"))]],
  ["sends PRELOGIN without an end", [packet(18, hex("00 0006 0006"))]],
  ["sends PRELOGIN with an option outside it", [packet(18, hex("00 7fff 0006 ff"))]],
  ["sends PRELOGIN without a version", [packet(18, hex("01 0006 0001 ff 00"))]],
  [
    "sends PRELOGIN with unknown encryption",
    [packet(18, hex("00 000b 0006 01 0011 0001 ff 0c0000000000 09"))],
  ],
  ["sends PRELOGIN of 64 KiB", [packet(18, Buffer.alloc(65_536))]],
  ["sends empty packets without end", [hex("12 00 0008 0000 0100".repeat(1000))]],
  ["mixes packet types in a message", [hex("12 00 0009 0000 0100 00 10 01 0009 0000 0100 00")]],
  ["sends PRELOGIN twice", [preloginPacket, preloginPacket]],
  ["sends LOGIN7 before the answer to PRELOGIN", [Buffer.concat([preloginPacket, login])]],
  ["sends no LOGIN7 but a batch", [preloginPacket, batchPacket("select 1")]],
  ["sends LOGIN7 of ten bytes", [preloginPacket, packet(16, Buffer.alloc(10))]],
  [
    "sends LOGIN7 with a wrong length",
    [preloginPacket, brokenLogin((p) => p.writeUInt32LE(0xffffffff, 0))],
  ],
  [
    "sends LOGIN7 with a field outside it",
    [preloginPacket, brokenLogin((p) => p.writeUInt16LE(0xffff, 42))],
  ],
  [
    "sends LOGIN7 with a field inside its fixed part",
    [preloginPacket, brokenLogin((p) => p.writeUInt16LE(4, 40))],
  ],
  [
    "sends LOGIN7 with features outside it",
    [preloginPacket, brokenLogin((p) => p.writeUInt32LE(0x7fffffff, p.readUInt16LE(56)))],
  ],
  [
    "sends LOGIN7 with a feature of 4 GiB",
    [preloginPacket, brokenLogin((p) => p.writeUInt32LE(0xffffffff, p.length - 6))],
  ],
  [
    "sends LOGIN7 with features without an end",
    [preloginPacket, brokenLogin((p) => p.writeUInt8(0x0b, p.length - 1))],
  ],
  ["sends LOGIN7 of a megabyte", [preloginPacket, packet(16, Buffer.alloc(1 << 20))]],
  [
    "repeats another PRELOGIN than the one it got",
    [preloginPacket, brokenFeatures("02 09000000 03 04000000 61006200 ff")],
  ],
  ["sends half a packet with its PRELOGIN", [Buffer.concat([tlsPrelogin, hex("12 01")])]],
  ["logs in twice", [preloginPacket, login, login]],
  ["sends a token that nobody asked for", [preloginPacket, login, packet(8, hex("00000000"))]],
  [
    "sends a batch of an odd number of bytes",
    [preloginPacket, login, packet(1, requestHeaders(), hex("410042"))],
  ],
  ["sends headers of 4 GiB", [preloginPacket, login, packet(1, hex("ffffffff 00000000"))]],
  ["sends headers of no length", [preloginPacket, login, packet(1, hex("00000000"))]],
  [
    "sends a header longer than all headers",
    [preloginPacket, login, packet(1, hex("0a000000 ffff0000 0200"))],
  ],
  ["sends a batch of no bytes", [preloginPacket, login, packet(1)]],
  [
    "sends a batch longer than the limit",
    [preloginPacket, login, packet(1, requestHeaders(), Buffer.alloc(3 << 20))],
  ],
  ["calls a procedure with a name of 64 Ki characters", [preloginPacket, login, rpc("feff 4100")]],
  ["calls a procedure without a name", [preloginPacket, login, rpc("0000 0000")]],
  ["calls a procedure number that does not exist", [preloginPacket, login, rpc("ffff ff00 0000")]],
  ["sends a parameter of an unknown type", [preloginPacket, login, parameter("ee 01 00")]],
  ["sends an int of three bytes", [preloginPacket, login, parameter("26 03 03 010203")]],
  ["sends an int with a length of its own", [preloginPacket, login, parameter("26 04 02 0100")]],
  ["sends a decimal of precision 77", [preloginPacket, login, parameter("6a 11 4d 00 00")]],
  ["sends a time of scale 200", [preloginPacket, login, parameter("29 c8 00")]],
  [
    "sends a string longer than its type",
    [preloginPacket, login, parameter("e7 0200 0904d00034 0400 41004200")],
  ],
  [
    "sends a value of 16 EiB",
    [preloginPacket, login, parameter("a5 ffff fdffffffffffffff 00000000")],
  ],
  [
    "sends a chunk of 4 GiB",
    [preloginPacket, login, parameter("a5 ffff feffffffffffffff ffffffff 00")],
  ],
  [
    "sends chunks without an end",
    [preloginPacket, login, parameter("a5 ffff feffffffffffffff 01000000 00")],
  ],
  [
    "sends a string of half a character",
    [preloginPacket, login, parameter("e7 ffff 0904d00034 feffffffffffffff 01000000 41 00000000")],
  ],
  [
    "sends an unknown transaction request",
    [preloginPacket, login, packet(14, requestHeaders(), hex("6300"))],
  ],
  [
    "sends an unknown isolation level",
    [preloginPacket, login, packet(14, requestHeaders(), hex("0500 63 00"))],
  ],
  ["sends a bulk load that is none", [preloginPacket, login, packet(7, hex("00112233"))]],
  [
    "sends a bulk load cut inside a row",
    [preloginPacket, login, packet(7, hex("81 0100 00000000 0000 38 01 6100 d1 0100"))],
  ],
  [
    "sends requests without awaiting answers",
    [preloginPacket, login, Buffer.concat(Array.from({ length: 8 }, () => batchPacket("endless")))],
  ],
  ["sends garbage for TLS inside TDS", [tlsPrelogin, packet(18, Buffer.alloc(500, 0x41))]],
  ["sends garbage instead of TLS packets", [tlsPrelogin, Buffer.alloc(500, 0x41)]],
  ["sends a TLS record cut into nonsense", [hex("16 0301 0005 0100000100")]],
  ["sends a TLS record of 16 MiB", [Buffer.concat([hex("16 0301 ffff 01"), Buffer.alloc(70_000)])]],
];

describe("a client is dropped when it", () => {
  for (const [name, steps] of hungUp) {
    test(name, { timeout: 5000 }, async () => {
      const before = wire.dropped.length;
      await play(steps);
      assert.equal(wire.dropped.length, before + 1, "dropped, not served or refused");
    });
  }

  test("opens TLS from the first byte without ALPN tds/8.0", { timeout: 5000 }, async () => {
    const options = { port: wire.port, host: "127.0.0.1", rejectUnauthorized: false };
    const socket = connectTls(options);
    socket.on("error", () => {});
    await new Promise((resolve) => socket.on("close", resolve));
    assert.equal(wire.dropped.at(-1), "TLS from the first byte without ALPN tds/8.0");
  });

  for (const [name, steps, waitMs] of [
    ["sends nothing at all", [], limits.loginTimeoutMs],
    ["sends half a packet before login", [preloginPacket.subarray(0, 20)], limits.loginTimeoutMs],
    ["never begins TLS", [tlsPrelogin], limits.loginTimeoutMs],
    ["never sends LOGIN7", [preloginPacket], limits.loginTimeoutMs],
    ["stalls inside LOGIN7", [preloginPacket, login.subarray(0, 99)], limits.loginTimeoutMs],
    [
      "stalls inside a request",
      [preloginPacket, login, batchPacket("x").subarray(0, 12)],
      limits.messageStallTimeoutMs,
    ],
  ] as const) {
    test(name, { timeout: 5000 }, async () => {
      const exchange = open();
      await new Promise((resolve) => exchange.socket.once("connect", resolve));
      for (const [index, step] of steps.entries()) {
        const answered =
          index < steps.length - 1 || step === tlsPrelogin || step === preloginPacket;
        const reply = answered ? exchange.reply() : undefined;
        exchange.socket.write(step);
        await reply;
      }
      // The bytes arrive when they arrive; time passes until the server has had enough of it.
      const tick = setInterval(() => clock.advance(waitMs), 5);
      await exchange.closed;
      clearInterval(tick);
    });
  }

  test("stops anywhere in a login and a request", { timeout: 20_000 }, async () => {
    const script = Buffer.concat([
      preloginPacket,
      login,
      batchPacket("set x"),
      parameter("38 01000000"),
    ]);
    for (let length = 0; length < script.length; length += 7) {
      const exchange = open();
      exchange.socket.end(script.subarray(0, length));
      await exchange.closed;
    }
  });
});

describe("a client is told and turned away when it", () => {
  for (const [name, payload, expected] of [
    [
      "speaks TDS 7.1",
      loginPayload({ user: "sa", password, tdsVersion: 0x71000001 }),
      "older than 7.3, is not supported",
    ],
    [
      "wants Windows authentication",
      setFlag(25, 0x80),
      "Integrated (Windows) authentication is not",
    ],
    ["wants to change its password", setFlag(27, 0x01), "Changing the password at login is not"],
    ["is big-endian", setFlag(24, 0x01), "not little-endian"],
    [
      "uses Live ID tokens",
      loginPayload({ user: "", password: "", features: hex("02 01000000 00 ff") }),
      "Federated authentication library 0 is not supported",
    ],
    [
      "asks for the ADAL workflow where none is offered",
      loginPayload({ user: "", password: "", features: hex("02 02000000 04 01 ff") }),
      "Entra sign-in by the client (ADAL workflow) is not supported",
    ],
  ] as const) {
    test(name, { timeout: 5000 }, async () => {
      const answer = await play([preloginPacket, packetize(16, payload, 4096)]);
      assert.ok(answer.includes(Buffer.from(expected, "utf16le")), answer.toString("utf16le"));
    });
  }

  test("cannot encrypt and must", { timeout: 5000 }, async () => {
    const strict = await startWire();
    const exchange = open(strict.port);
    exchange.socket.write(preloginPacket);
    const answer = await exchange.closed;
    assert.equal(answer[answer.indexOf(0xff) + 7], encryption.required);
    await strict.listener.close();
  });
});

function setFlag(at: number, flag: number): Buffer {
  const payload = Buffer.from(loginPayload({ user: "sa", password }));
  payload[at] = payload[at]! | flag;
  return payload;
}

describe("a request is answered with an error and the connection goes on when it", () => {
  for (const [name, request, expected] of [
    [
      "has a NaN",
      parameter("6d 08 08 000000000000f87f"),
      "not a valid instance of data type float",
    ],
    [
      "has a time of 25 hours",
      parameter("29 00 03 905f01"),
      "not a valid instance of data type time",
    ],
    ["has a date after 9999", parameter("28 03 ffffff"), "not a valid instance of data type date"],
    ["has an xml parameter", parameter("f1 00 ffffffffffffffff"), "type xml is not supported"],
    [
      "has a sql_variant parameter",
      parameter("62 08000000 00000000"),
      "sql_variant is not supported",
    ],
    [
      "has an encrypted parameter",
      rpc("ffff 0a00 0000 00 08 38 01000000"),
      "An encrypted parameter",
    ],
    ["opens a cursor by number", rpc("ffff 0200 0000"), "Server cursor (sp_cursoropen)"],
    [
      "has 2,101 parameters",
      rpc(`ffff 0a00 0000 ${"0000 38 01000000".repeat(2101)}`),
      "maximum of 2100 parameters",
    ],
    [
      "leaves a positional parameter to its default before another",
      rpc("ffff 0a00 0000 00 02 38 00000000 00 00 38 01000000"),
      "A default for a positional",
    ],
    [
      "begins a distributed transaction",
      packet(14, requestHeaders(), hex("0100 0000")),
      "A distributed transaction",
    ],
    ["names a transaction that is not open", batchPacket("set x", 99n), "Desc:63"],
    [
      "is a legacy collation it cannot read",
      parameter("a7 0100 1104000000 0100 ff"),
      "collation other than Latin1 or UTF-8",
    ],
  ] as const) {
    test(name, { timeout: 5000 }, async () => {
      const exchange = open();
      for (const step of [preloginPacket, login, request]) {
        const reply = exchange.reply();
        exchange.socket.write(step);
        await reply;
      }
      const text = Buffer.from(expected, "utf16le");
      assert.ok(exchange.received().includes(text), exchange.received().toString("utf16le"));
      const reply = exchange.reply();
      exchange.socket.write(batchPacket("set x"));
      const done = await reply;
      assert.deepEqual([...done.subarray(8, 11)], [0xfd, 0, 0]);
      exchange.socket.end();
      await exchange.closed;
    });
  }
});

describe("attention is acknowledged exactly once", () => {
  const acknowledgement = hex("fd 2000 0000 0000000000000000");
  const count = (bytes: Buffer): number => {
    let found = 0;
    for (let at = bytes.indexOf(acknowledgement); at >= 0; found++) {
      at = bytes.indexOf(acknowledgement, at + 1);
    }
    return found;
  };

  for (const [name, steps, expected] of [
    ["when nothing runs", [packet(6)], 1],
    ["right behind its request", [Buffer.concat([batchPacket("endless"), packet(6)])], 1],
    ["while a request runs", [batchPacket("endless"), packet(6)], 1],
    ["when it comes twice before its answer", [Buffer.concat([packet(6), packet(6)])], 1],
    ["after half a request", [cutPacket(batchPacket("endless").subarray(0, 30)), packet(6)], 1],
    ["each time", [packet(6), packet(6)], 2],
  ] as const) {
    test(name, { timeout: 5000 }, async () => {
      const exchange = open();
      for (const step of [preloginPacket, login]) {
        const reply = exchange.reply();
        exchange.socket.write(step);
        await reply;
      }
      for (const step of steps) {
        const last = step[1] === 1;
        const reply = last ? exchange.reply() : undefined;
        exchange.socket.write(step);
        await reply;
      }
      // The answer to a last batch shows that everything before it has been answered.
      exchange.socket.write(batchPacket("set last"));
      const last = hex("fd 0000 0000 0000000000000000");
      while (!exchange.received().subarray(-13).equals(last)) await exchange.reply();
      exchange.socket.end();
      assert.equal(count(await exchange.closed), expected);
    });
  }
});

/** A logged-in exchange. */
async function logIn(): Promise<Exchange> {
  const exchange = open();
  for (const step of [preloginPacket, login]) {
    const reply = exchange.reply();
    exchange.socket.write(step);
    await reply;
  }
  return exchange;
}

test("of a cancelled request only side effects are told", { timeout: 5000 }, async () => {
  wire.front.answers.set("undone", async function* (signal) {
    yield { kind: "transaction", change: "begin", id: 7n };
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    yield { kind: "transaction", change: "rollback", id: 7n };
    const message = { number: 1, severity: 16, state: 1, line: 1, message: "too late" };
    yield { kind: "message", error: true, message };
  });
  const exchange = await logIn();
  exchange.socket.write(batchPacket("undone"));
  while (wire.front.journal.at(-1) !== "batch undone") await new Promise(setImmediate);
  exchange.socket.write(packet(6));
  await exchange.reply();
  const rolledBack = hex("e3 0b00 0a 00 08 0700000000000000");
  while (!exchange.received().includes(rolledBack)) await exchange.reply();
  exchange.socket.end();
  const received = await exchange.closed;
  assert.ok(!received.includes(Buffer.from("too late", "utf16le")));
});

test("a reset is acknowledged before the request's own answer", { timeout: 5000 }, async () => {
  const exchange = await logIn();
  const request = Buffer.from(batchPacket("set x"));
  request[1] = 0x09;
  exchange.socket.write(request);
  const answer = await exchange.reply();
  assert.deepEqual(answer.subarray(8, 14), hex("e3 0300 12 00 00"));
  assert.ok(wire.front.journal.includes("reset"));
  exchange.socket.end();
  await exchange.closed;
});

test("a reset rolls back the transaction that its request still names", {
  timeout: 5000,
}, async () => {
  const exchange = await logIn();
  exchange.socket.write(packet(14, requestHeaders(), hex("0500 00 00")));
  const begun = await exchange.reply();
  const at = begun.indexOf(hex("e3 0b00 08 08"));
  const transaction = begun.subarray(at + 5, at + 13);
  const request = Buffer.from(batchPacket("set x", transaction.readBigUInt64LE()));
  request[1] = 0x09;
  exchange.socket.write(request);
  const answer = await exchange.reply();
  const rolledBack = Buffer.concat([hex("e3 0300 12 00 00 e3 0b00 0a 00 08"), transaction]);
  assert.deepEqual(answer.subarray(8, 8 + rolledBack.length), rolledBack);
  assert.deepEqual(answer.subarray(-13), hex("fd 0000 0000 0000000000000000"));
  exchange.socket.end();
  await exchange.closed;
});

test("a reset that keeps a transaction is refused while there is one", {
  timeout: 5000,
}, async () => {
  const exchange = await logIn();
  exchange.socket.write(packet(14, requestHeaders(), hex("0500 00 00")));
  await exchange.reply();
  const request = Buffer.from(batchPacket("set x"));
  request[1] = 0x11;
  exchange.socket.write(request);
  const expected = Buffer.from("while keeping its transaction is not supported", "utf16le");
  assert.ok((await exchange.reply()).includes(expected));
  exchange.socket.end();
  await exchange.closed;
});

test("a bulk value longer than its column ends the load, and the connection goes on", {
  timeout: 5000,
}, async () => {
  const exchange = await logIn();
  const columns = hex("81 0200 00000000 0000 38 01 6100 00000000 0000 a7 0200 0904d00034 01 6200");
  const rows = hex(
    "d1 01000000 0200 6162 d1 01000000 0300 616263 d1 01000000 0100 61 fd 0000 0000",
  );
  exchange.socket.write(packet(7, columns, rows));
  const expected = Buffer.from("invalid column length from the bcp client for colid 2.", "utf16le");
  assert.ok((await exchange.reply()).includes(expected));
  exchange.socket.write(batchPacket("set x"));
  assert.deepEqual(
    await exchange.reply(),
    Buffer.concat([hex("04 01 0015 0000 01 00"), hex("fd 0000 0000 0000000000000000")]),
  );
  exchange.socket.end();
  await exchange.closed;
});

test("bulk rows that nobody takes make the client wait", { timeout: 20_000 }, async () => {
  let go = (): void => {};
  wire.front.bulkGate = new Promise((resolve) => {
    go = resolve;
  });
  const exchange = await logIn();
  const row = Buffer.concat([hex("d1"), Buffer.alloc(4)]);
  const rows = Buffer.concat(Array.from({ length: 8_000_000 / 5 }, () => row));
  const columns = hex("81 0100 00000000 0000 38 01 6100");
  exchange.socket.write(packet(7, columns, rows, rows, rows, rows, hex("fd 0000 0000")));
  for (let quiet = 0, last = -1; quiet < 200; ) {
    quiet = exchange.socket.writableLength === last ? quiet + 1 : 0;
    last = exchange.socket.writableLength;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.ok(exchange.socket.writableLength > 10_000_000, `${exchange.socket.writableLength} wait`);
  go();
  const reply = await exchange.reply();
  assert.equal(reply.readBigUInt64LE(reply.length - 8), BigInt((4 * rows.length) / 5));
  exchange.socket.end();
  await exchange.closed;
});

/** A first packet of a longer message: whole, but not the last. */
function cutPacket(bytes: Buffer): Buffer {
  const cut = Buffer.from(bytes);
  cut[1] = 0;
  cut.writeUInt16BE(cut.length, 2);
  return cut;
}

test("random damage to a session never harms the server", { timeout: 60_000 }, async () => {
  const seed = Number(process.env.TDS_FUZZ_SEED ?? 20_261_121);
  const random = mulberry(seed);
  const pick = (below: number) => Math.floor(random() * below);
  const scripts = [
    [preloginPacket, login, batchPacket("set x"), parameter("26 04 04 01000000")],
    [
      preloginPacket,
      login,
      parameter("e7 ffff 0904d00034 feffffffffffffff 02000000 4100 00000000"),
    ],
    [
      preloginPacket,
      login,
      packet(7, hex("81 0100 00000000 0000 38 01 6100 d1 01000000 fd 0000 0000")),
    ],
    [
      preloginPacket,
      brokenLogin(() => {}),
      packet(14, requestHeaders(), hex("0500 02 00")),
      packet(6),
    ],
    [tlsPrelogin, packet(18, hex("16 0301 0005 0100000100"))],
  ];
  const play = async (): Promise<void> => {
    const bytes = Buffer.from(Buffer.concat(scripts[pick(scripts.length)]!));
    for (let change = pick(4); change >= 0; change--) bytes[pick(bytes.length)] = pick(256);
    const exchange = open();
    // Half of the damaged scripts arrive step by step, as a client that awaits answers would send.
    if (pick(2) === 0) exchange.socket.end(bytes.subarray(0, pick(bytes.length) + 1));
    else {
      exchange.socket.write(bytes.subarray(0, preloginPacket.length));
      await Promise.race([exchange.reply(), exchange.closed, new Promise(setImmediate)]);
      exchange.socket.end(bytes.subarray(preloginPacket.length));
    }
    await exchange.closed;
  };
  for (let round = 0; round < 100; round++) await Promise.all(Array.from({ length: 8 }, play));
  assert.deepEqual(wire.errors, [], `seed ${seed}`);
  await assertUnharmed();
});

/** A small seeded generator: the same damage in every run. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test("a slow reader costs three slabs, not the result", { timeout: 20_000 }, async () => {
  const exchange = open();
  for (const step of [preloginPacket, login]) {
    const reply = exchange.reply();
    exchange.socket.write(step);
    await reply;
  }
  exchange.socket.pause();
  let handedOut = 0;
  wire.front.answers.set("counted", async function* (signal) {
    for await (const event of tenColumns(10_000_000, { signal })) {
      if (event.kind === "rows") handedOut += event.count;
      yield event;
    }
  });
  exchange.socket.write(batchPacket("counted"));
  // Quiet for many turns of the event loop: the front is no longer asked.
  for (let quiet = 0, last = -1; quiet < 200; quiet = handedOut === last ? quiet + 1 : 0) {
    last = handedOut;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.ok(handedOut > 0 && handedOut < 300_000, `${handedOut} rows handed out`);
  exchange.socket.destroy();
  await exchange.closed;
});

test("one connection too many is closed, and there is room again when one leaves", async () => {
  const small = await startWire({ allowPlain: true, limits: { connectionCountMax: 1 } });
  const first = await connect(small.port);
  await open(small.port).closed;
  await closeConnection(first);
  await small.listener.close();
  assert.deepEqual(small.dropped, ["tds: too many connections"]);
});
