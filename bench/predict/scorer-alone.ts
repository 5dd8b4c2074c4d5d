// The scorer alone on ready columns, and peers every way that is worth trying on the same rows.
import { kernelSources } from "../../packages/scoring/src/program/kernel-addon.ts";
import { openScorerPool } from "../../packages/scoring/src/scorer-pool.ts";
import { buildAddon } from "../../packages/server/src/platform/native-addon.ts";
import { medianSeconds } from "./median.ts";
import type { BenchModel } from "./model.ts";
import { type OpenReadyPeer, orUnmeasured, type ReadyPeer, Unmeasured } from "./peer.ts";
import { benchRows } from "./rows.ts";

export interface ScorerRow {
  model: string;
  kind: string;
  rowCount: number;
  rate: number;
  peers: ReadyPeerRow[];
}

export interface ReadyPeerRow {
  name: string;
  figures: ReadyPeerFigures | Unmeasured;
}

export interface ReadyPeerFigures {
  /** Rows a second, the best way first. */
  ways: { name: string; rate: number }[];
  /** The largest difference from its scores, relative to the largest of them. */
  difference: number;
}

export interface ScorerLimits {
  rowCount: number;
  threads: number;
  measuredMsMin: number;
}

const comparedRows = 2000;

/** The scorer over columns of its own, ready to be run in turns with others. */
export async function openAlone(
  model: BenchModel,
  { rowCount, threads }: Pick<ScorerLimits, "rowCount" | "threads">,
) {
  const { path: kernelsPath } = await buildAddon(kernelSources);
  const pool = await openScorerPool(model.bytes, { threads, kernelsPath });
  const { columns, ready } = benchRows(pool, rowCount);
  const output = pool.outputs[0]?.name as string;
  const into = pool.allocate("float", rowCount) as Float32Array;
  const run = () => pool.score(columns, rowCount, [output], [into]);
  return { kind: pool.kind, ready, output, into, run, close: () => pool.close() };
}

export async function measureScorer(
  model: BenchModel,
  peers: readonly ReadyPeer[],
  { rowCount, threads, measuredMsMin }: ScorerLimits,
): Promise<ScorerRow> {
  const alone = await openAlone(model, { rowCount, threads });
  const { ready, output, into } = alone;
  const given = { bytes: model.bytes, inputs: ready, output, rowCount, threads };
  const opened: { name: string; peer: OpenReadyPeer | Unmeasured }[] = [];
  for (const { name, open } of peers) {
    opened.push({ name, peer: await orUnmeasured(() => open(given)) });
  }
  const ways = opened.flatMap(({ name, peer }) =>
    peer instanceof Unmeasured ? [] : peer.ways.map((way) => ({ ...way, peer: name })),
  );
  const runs = [alone.run, ...ways.map((way) => way.run)];
  const [own, ...seconds] = (await medianSeconds(runs, { measuredMsMin })) as number[];
  const timed = ways.map((way, at) => ({ ...way, rate: rowCount / (seconds[at] as number) }));
  const row: ScorerRow = {
    model: model.name,
    kind: alone.kind,
    rowCount,
    rate: rowCount / (own as number),
    peers: [],
  };
  for (const { name, peer } of opened) {
    const figures =
      peer instanceof Unmeasured
        ? peer
        : {
            ways: timed.filter((way) => way.peer === name).sort((a, b) => b.rate - a.rate),
            difference: differenceOf(into, await peer.scores(comparedRows)),
          };
    row.peers.push({ name, figures });
    if (!(peer instanceof Unmeasured)) await peer.close();
  }
  await alone.close();
  return row;
}

function differenceOf(ours: Float32Array, theirs: ArrayLike<number>): number {
  let [most, size] = [0, 0];
  for (let i = 0; i < theirs.length; i += 1) {
    const score = theirs[i] as number;
    size = Math.max(size, Math.abs(score));
    most = Math.max(most, Math.abs((ours[i] as number) - score));
  }
  return most / size;
}
