// What the person has chosen in the wizard so far.

import type { ScoreRequest } from "./scoring.ts";

export interface Choices {
  readonly model?: ScoreRequest["model"];
  /** Columns by input, where the person chose. */
  readonly inputs: Readonly<Record<string, string | null>>;
  /** All that a column can hold, until the person takes some away. */
  readonly outputs?: readonly string[];
  readonly kind: "procedure" | "view";
  readonly scriptName: string;
  readonly isNewTable: boolean;
  readonly modelTable: string;
}
