// What the engine must know of a model before it can call it. A long one takes a second to open, so that is done on a
// thread of its own: the main thread serves all connections of a pool.
import { openScorer, type Scorer } from "@callosum/scoring/scorer.ts";
import { callForFile } from "../../platform/call-aside.ts";

export interface ModelFacts extends Pick<Scorer, "inputs" | "outputs" | "columns"> {
  /** Outputs of linear models and of a few small trees as SQL, column i written as its mark. */
  expressions: Readonly<Record<string, string>>;
}

/** Where a column's SQL goes. */
export const mark = (column: number): string => `⟦${column}⟧`;

export interface ModelFile {
  bytes: Uint8Array;
  kernelsPath: string | null;
}

/** Rejects with the scorer's reason, a `ModelError` or its copy. */
export function modelFacts(file: ModelFile): Promise<ModelFacts> {
  return callForFile(readFacts, new URL(import.meta.url), file);
}

export function readFacts({ bytes, kernelsPath }: ModelFile): ModelFacts {
  const scorer = openScorer(bytes, { kernelsPath });
  const { inputs, outputs, columns } = scorer;
  const marks = columns.map((_, at) => mark(at));
  const written = outputs.flatMap(({ name }) => {
    const sql = scorer.toSql(marks, name);
    return sql === null ? [] : [[name, sql] as const];
  });
  scorer.close();
  return { inputs, outputs, columns, expressions: Object.fromEntries(written) };
}
