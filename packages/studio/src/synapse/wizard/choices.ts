// What the person has chosen in the wizard so far.

import type { ScoringRequest } from "@callosum/sdk/scoring.ts";

/** Of one linked service, in one version. */
export type ChosenModel = Required<ScoringRequest["model"]>;

export interface Choices {
  readonly model?: ChosenModel;
  /** Columns by input, where the person chose. */
  readonly inputs: Readonly<Record<string, string | null>>;
  /** All that a column can hold, until the person takes some away. */
  readonly outputs?: readonly string[];
  readonly kind: "procedure" | "view";
  readonly scriptName: string;
  readonly isNewTable: boolean;
  readonly modelTable: string;
}
