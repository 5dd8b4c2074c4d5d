// One claim of docs/parity.md: what a numbered behaviour is here, how good its evidence is, and the
// test that would fail without it.

/** `works`: seen by a test. `refused`: answered with a clear error by name. `later`: not there yet. */
export type State = "works" | "refused" | "later";

/** Rank of evidence (reference README): how sure we are that Azure does the same. */
export type Evidence = "recorded" | "client" | "OpenAPI" | "docs" | "inferred";

export interface Claim {
  /** The behaviour's number, `A-01` … `J-11`. */
  readonly id: string;
  readonly what: string;
  readonly state: State;
  readonly evidence: Evidence;
  /** `path › test name` for what works; where it is refused, the refusal's test or definition. */
  readonly witness?: string;
  /** What is missing or different. */
  readonly note?: string;
}

interface Row {
  readonly id: string;
  readonly what: string;
  readonly evidence: Evidence;
}

export const works = (row: Row & { witness: string; note?: string }): Claim => ({
  ...row,
  state: "works",
});
export const refused = (row: Row & { note: string; witness?: string }): Claim => ({
  ...row,
  state: "refused",
});
export const later = (row: Row & { note?: string }): Claim => ({ ...row, state: "later" });
