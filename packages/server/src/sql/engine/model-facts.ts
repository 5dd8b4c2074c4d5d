// What the engine must know of a model before it can call it. A long one takes a second to open, so that is done on a
// thread of its own: the main thread serves all connections of a pool.
import { openScorer, type Scorer } from "@callosum/scoring/scorer.ts";
import { callAside } from "../../platform/call-aside.ts";

export type ModelFacts = Pick<Scorer, "inputs" | "outputs" | "columns">;

export interface ModelFile {
  bytes: Uint8Array;
  kernelsPath: string | null;
}

/** Opening this much takes about as long as starting a thread. */
const bytesInPlaceMax = 512 * 1024;

/** Rejects with the scorer's reason, a `ModelError` or its copy. */
export async function modelFacts(file: ModelFile): Promise<ModelFacts> {
  if (file.bytes.length <= bytesInPlaceMax) return readFacts(file);
  return callAside({ module: new URL(import.meta.url), name: readFacts.name, input: file });
}

export function readFacts({ bytes, kernelsPath }: ModelFile): ModelFacts {
  const scorer = openScorer(bytes, { kernelsPath });
  const { inputs, outputs, columns } = scorer;
  scorer.close();
  return { inputs, outputs, columns };
}
