// TDS throughput: rows/s of a ten-column SELECT through tedious and into a bare TCP reader, beside a
// bare socket that pushes the same bytes. Server and client are separate processes. The server is
// packages/server/src/sql/tds over a front that hands out the same column vectors again and again.
import { fork } from "node:child_process";
import { connect as connectSocket, createServer, type Socket } from "node:net";
import { Connection, Request } from "tedious";
import { listen } from "../packages/server/src/sql/tds/listener.ts";
import { secureContext } from "../packages/server/src/sql/tds/testing/certificate.ts";
import {
  createFixedFront,
  password,
  tenColumns,
} from "../packages/server/src/sql/tds/testing/fixed-front.ts";
import {
  batchPacket,
  loginPacket,
  preloginPacket,
} from "../packages/server/src/sql/tds/testing/raw-client.ts";
import { realClock } from "../packages/server/src/sql/tds/testing/wire.ts";

interface Usage {
  rssMiB: number;
  peakMiB: number;
  cpuMs: number;
}

/** In the child: serves TDS, and bytes without protocol, as long as the parent lives. */
async function serve(): Promise<void> {
  const front = createFixedFront();
  for (const count of [2048, 1_000_000, 10_000_000]) {
    front.answers.set(`rows ${count}`, (signal) => tenColumns(count, { signal }));
  }
  const silent = { write() {} };
  const host = "127.0.0.1";
  const common = { front, host, port: 0, secureContext, log: silent, clock: realClock };
  const listener = await listen({ ...common, allowPlain: true });
  const bare = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (wanted) => push(socket, Number(wanted.toString())));
  });
  await new Promise<void>((resolve) => bare.listen(0, host, resolve));
  let peak = 0;
  setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    const rss = process.memoryUsage.rss();
    const cpuMs = (user + system) / 1000;
    process.send!({ rssMiB: rss / 2 ** 20, peakMiB: peak / 2 ** 20, cpuMs });
    peak = 0;
  });
  process.once("disconnect", () => process.exit());
  process.send!({ tds: listener.port, bare: (bare.address() as { port: number }).port });
}

/** The limit: one ready buffer, written again as soon as the socket takes it. */
function push(socket: Socket, byteCount: number): void {
  const block = Buffer.alloc(131_072, 7);
  let left = byteCount;
  const more = (): void => {
    while (left > 0) {
      const count = Math.min(left, block.length);
      left -= count;
      if (!socket.write(block.subarray(0, count))) {
        socket.once("drain", more);
        return;
      }
    }
    socket.end();
  };
  more();
}

/** Bytes of the answer to one batch, read and dropped. */
function readBare(port: number, text: string, packetBytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(port, "127.0.0.1");
    let phase = 0;
    let total = 0;
    let tail = Buffer.alloc(0);
    socket.on("error", reject);
    socket.on("connect", () => socket.write(preloginPacket));
    socket.on("data", (chunk: Buffer) => {
      if (phase < 2) {
        phase++;
        const login = loginPacket({ user: "sa", password, packetBytes });
        socket.write(phase === 1 ? login : batchPacket(text));
        return;
      }
      total += chunk.length;
      // The answer ends with a DONE token that has no more to come.
      tail = Buffer.concat([tail.subarray(-13), chunk.subarray(-13)]).subarray(-13);
      if (tail[0] === 0xfd && tail[1] === 0x10 && tail[2] === 0 && tail[3] === 0xc1) {
        socket.destroy();
        resolve(total);
      }
    });
  });
}

function readPushed(port: number, byteCount: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(port, "127.0.0.1", () => socket.write(String(byteCount)));
    let total = 0;
    socket.on("data", (chunk) => {
      total += chunk.length;
    });
    socket.on("error", reject);
    socket.on("end", () => resolve(total));
  });
}

function readTedious(port: number, text: string, options: object): Promise<number> {
  return new Promise((resolve, reject) => {
    const connection = new Connection({
      server: "127.0.0.1",
      authentication: { type: "default", options: { userName: "sa", password } },
      options: { port, requestTimeout: 0, trustServerCertificate: true, ...options },
    });
    connection.connect((failure) => {
      if (failure) return reject(failure);
      let rows = 0;
      const request = new Request(text, (error) => {
        connection.close();
        if (error) reject(error);
        else resolve(rows);
      });
      request.on("row", () => rows++);
      connection.execSqlBatch(request);
    });
  });
}

async function main(): Promise<void> {
  const child = fork(import.meta.filename, ["serve"]);
  const receive = <T>() =>
    new Promise<T>((resolve) => child.once("message", (m) => resolve(m as T)));
  const usage = async (): Promise<Usage> => {
    const answer = receive<Usage>();
    child.send("usage");
    return answer;
  };
  const ports = await receive<{ tds: number; bare: number }>();
  const table: Record<string, string>[] = [];

  async function measure(name: string, rows: number, run: () => Promise<number>): Promise<number> {
    await run();
    const before = await usage();
    const times: number[] = [];
    let bytes = 0;
    for (let round = 0; round < 3; round++) {
      const start = performance.now();
      bytes = await run();
      times.push(performance.now() - start);
    }
    const median = times.toSorted((a, b) => a - b)[1]!;
    const after = await usage();
    const mebibytes = name.includes("tedious")
      ? ""
      : (bytes / 2 ** 20 / (median / 1000)).toFixed(0);
    table.push({
      what: name,
      rows: rows.toLocaleString("en"),
      "M rows/s": (rows / median / 1000).toFixed(2),
      "MiB/s": mebibytes,
      "server CPU µs/row": (((after.cpuMs - before.cpuMs) * 1000) / rows / 3).toFixed(3),
      "server peak RSS MiB": after.peakMiB.toFixed(0),
    });
    return bytes;
  }

  await measure("TDS → bare reader, one chunk", 2048, () => readBare(ports.tds, "rows 2048", 4096));
  const million = 1_000_000;
  const ten = 10 * million;
  for (const packetBytes of [4096, 32_767]) {
    const label = `packets of ${packetBytes}`;
    const bytes = await measure(`TDS → bare reader, ${label}`, ten, () =>
      readBare(ports.tds, `rows ${ten}`, packetBytes),
    );
    await measure("bare socket, same bytes", ten, () => readPushed(ports.bare, bytes));
  }
  for (const packetSize of [4096, 32_767]) {
    const options = { packetSize, encrypt: false };
    await measure(`TDS → tedious, plain, packets of ${packetSize}`, million, () =>
      readTedious(ports.tds, `rows ${million}`, options),
    );
  }
  await measure("TDS → tedious, TLS in TDS", million, () =>
    readTedious(ports.tds, `rows ${million}`, { encrypt: true }),
  );
  console.table(table);
  child.kill();
}

if (process.argv[2] === "serve") await serve();
else await main();
