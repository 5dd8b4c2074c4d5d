// The lake: upload and download MB/s and small blobs a second, beside Azurite and a bare node:http file
// server in the same run. `npm run bench -- storage`; `--quick` for a glance. One round of each server after
// the other, the first not counted: it warms processes and the system's file cache. The targets
// (docs/storage.md) are against the bare server on the same TLS; the one without is beside it.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filler, inParallel, send } from "./load/lake-client.ts";
import {
  startAzurite,
  startBare,
  startOurs,
  stopServers,
  type Target,
} from "./load/lake-server.ts";

const quick = process.argv.includes("--quick");
const mib = 1024 * 1024;
const largeBytes = (quick ? 64 : 128) * mib;
const blockBytes = 8 * mib;
const rounds = quick ? 3 : 5;
const smallBytes = 4096;
const smallCount = quick ? 1000 : 4000;
const smallConnections = 32;
const blockConnections = 4;
const version = { "x-ms-version": "2021-12-02" };
const blobHeaders = { ...version, "x-ms-blob-type": "BlockBlob" };

const works = {
  upload: "one PUT",
  blocks: "blocks of 8 MiB",
  append: "append and flush",
  download: "one GET",
  small: "small puts",
} as const;
type Work = keyof typeof works;
/** MB/s, puts a second for `small`; undefined where the server has no such thing. */
type Figures = Readonly<Record<Work, number | undefined>>;

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly length?: number;
  readonly body?: Uint8Array;
  readonly query?: string;
}

async function ask(target: Target, sent: Sent): Promise<number> {
  const { url, query, ...rest } = sent;
  const search = [query, target.query].filter(Boolean).join("&");
  const reply = await send({
    ...rest,
    url: `${url}?${search}`,
    agent: target.agent,
    headers: sent.method === "PUT" ? blobHeaders : version,
  });
  if (reply.status < 300) return reply.bytes;
  throw new Error(`${target.name}: ${reply.status} ${reply.text.slice(0, 400)}`);
}

/** Seconds of work, as MB/s of the large content. */
async function rate(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return largeBytes / 1000 / (performance.now() - begun);
}

const blockCount = largeBytes / blockBytes;
const blockId = (index: number) =>
  encodeURIComponent(Buffer.from(String(index).padStart(6, "0")).toString("base64"));

async function uploadBlocks(target: Target, url: string): Promise<void> {
  await inParallel(blockCount, blockConnections, async (index) => {
    const block = { method: "PUT", length: blockBytes };
    if (target.blocks)
      await ask(target, { ...block, url, query: `comp=block&blockid=${blockId(index)}` });
    else await ask(target, { ...block, url: `${url}-${index}` });
  });
  if (!target.blocks) return;
  const list = Array.from({ length: blockCount }, (_, index) => {
    return `<Latest>${decodeURIComponent(blockId(index))}</Latest>`;
  });
  const text = `<?xml version="1.0" encoding="utf-8"?><BlockList>${list.join("")}</BlockList>`;
  await ask(target, { url, method: "PUT", body: Buffer.from(text), query: "comp=blocklist" });
}

/** As Data Lake clients upload: a file, parts of it at their positions, a flush. */
async function appendParts(target: Target, url: string): Promise<void> {
  await ask(target, { url, method: "PUT", query: "resource=file" });
  await inParallel(blockCount, blockConnections, async (index) => {
    const query = `action=append&position=${index * blockBytes}`;
    await ask(target, { url, method: "PATCH", length: blockBytes, query });
  });
  await ask(target, { url, method: "PATCH", query: `action=flush&position=${largeBytes}` });
}

async function download(target: Target, url: string): Promise<void> {
  const bytes = await ask(target, { url, method: "GET" });
  if (bytes !== largeBytes) throw new Error(`${target.name}: ${bytes} bytes came`);
}

async function measure(target: Target, round: number): Promise<Figures> {
  // Two names in turn: what is replaced is removed, so the disk does not fill.
  const { url, lakeUrl } = target;
  const large = `${url}/large${round % 2}`;
  const body = filler.subarray(0, smallBytes);
  const upload = await rate(() => ask(target, { url: large, method: "PUT", length: largeBytes }));
  const blocks = await rate(() => uploadBlocks(target, `${url}/blocks${round % 2}`));
  const append = lakeUrl && (await rate(() => appendParts(target, `${lakeUrl}/parts${round % 2}`)));
  const read = await rate(() => download(target, large));
  const begun = performance.now();
  await inParallel(smallCount, smallConnections, async (index) => {
    await ask(target, { url: `${url}/small${round}-${index}`, method: "PUT", body });
  });
  const small = (smallCount * 1000) / (performance.now() - begun);
  return { upload, blocks, append: append || undefined, download: read, small };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** The largest memory that the process ever had; undefined where the system does not say. */
function peakMib(pid: number): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Math.round(Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) / 1024);
  } catch {
    return undefined;
  }
}

function printTable(targets: readonly Target[], figures: ReadonlyMap<Target, Figures[]>): void {
  const columns = Object.keys(works) as Work[];
  const values = (target: Target, work: Work) =>
    (figures.get(target) ?? []).flatMap((row) => row[work] ?? []);
  const row = (cells: readonly (string | number)[]) => console.log(`| ${cells.join(" | ")} |`);
  console.log(
    `${largeBytes / mib} MiB blobs in MB/s (blocks and parts over ${blockConnections} connections), puts of ${smallBytes} bytes a second over ${smallConnections}; median of ${rounds}`,
  );
  row(["server", ...Object.values(works), "peak memory, MiB"]);
  row(["---", ...columns.map(() => "---"), "---"]);
  for (const target of targets) {
    const cells = columns.map((work) => Math.round(median(values(target, work))) || "—");
    row([target.name, ...cells, peakMib(target.pid) ?? "—"]);
  }
  const [ours, ...others] = targets;
  if (!ours) return;
  for (const other of others) {
    // Rounds are side by side, so what else the machine does weighs on both.
    const ratios = columns.map((work) => {
      const theirs = values(other, work === "append" && !other.lakeUrl ? "blocks" : work);
      const mine = values(ours, work);
      return median(mine.map((value, round) => value / (theirs[round] ?? value))).toFixed(2);
    });
    row([`ours ÷ ${other.name}`, ...ratios, ""]);
  }
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "callosum-bench-lake-"));
  process.on("exit", () => {
    stopServers();
    rmSync(directory, { recursive: true, force: true });
  });
  const place = (name: string) => {
    const path = join(directory, name);
    mkdirSync(path);
    return path;
  };
  const azurite = await startAzurite(place("azurite"));
  const targets = [
    await startOurs(place("ours")),
    await startBare("https", place("bare-https")),
    await startBare("synced", place("bare-synced")),
    await startBare("http", place("bare-http")),
    ...(azurite ? [azurite] : []),
  ];
  for (const target of targets.filter(({ blocks }) => blocks))
    await ask(target, { url: target.url, method: "PUT", query: "restype=container" });
  const figures = new Map<Target, Figures[]>(targets.map((target) => [target, []]));
  for (let round = 0; round <= rounds; round += 1) {
    // Each has each place in turn: what a server still does after its round weighs on the next.
    const first = round % targets.length;
    for (const target of [...targets.slice(first), ...targets.slice(0, first)]) {
      const row = await measure(target, round);
      if (round > 0) figures.get(target)?.push(row);
    }
  }
  printTable(targets, figures);
  stopServers();
}

await main();
