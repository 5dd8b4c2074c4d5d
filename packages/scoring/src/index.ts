// What this package offers: a model's bytes become a scorer over column vectors, on one thread or several.
export type {
  Column,
  ColumnValues,
  OutputColumn,
  ScoreResult,
  ScorerColumn,
  ScorerInput,
  ScorerOutput,
} from "./column.ts";
export type { ValueRange } from "./graph/value-range.ts";
export { ModelError, type ModelErrorCode } from "./model-error.ts";
export { readModel } from "./onnx/model.ts";
export { type ModelSignature, signatureOf } from "./onnx/signature.ts";
export { openScorer, type Scorer, type ScorerKind, type ScorerOptions } from "./scorer.ts";
export { openScorerPool, type ScorerPool, type ScorerPoolOptions } from "./scorer-pool.ts";
