// Bounds that keep any text from hanging or exhausting the process. A text is untrusted: pipelines,
// templates and the values they read are written by callers of a shared server.
import { ExpressionError } from "./error.ts";

/** Characters of a text that contains a pipeline expression. A house limit. */
export const pipelineTextLengthMax = 262_144;

/** Characters of one template expression (ARM template limits: 24,576). */
export const templateTextLengthMax = 24_576;

/** Nesting of expressions, and of the JSON values that are walked recursively. */
export const depthMax = 256;

/** Characters of any string an expression makes. */
export const stringLengthMax = 8 * 1024 * 1024;

const budgetPerExpression = 2_000_000;

/** Counts the work of one expression: about one unit a node, an element, or 64 characters. */
export class Budget {
  #left: number;

  constructor(units: number = budgetPerExpression) {
    this.#left = units;
  }

  spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0) {
      throw new ExpressionError("LimitExceeded", "The expression needs too much work to evaluate.");
    }
  }

  /** Call before a string is built whose length its inputs do not bound. */
  spendText(length: number): void {
    if (length > stringLengthMax) {
      throw new ExpressionError(
        "LimitExceeded",
        `The result would have ${length} characters; a string has at most ${stringLengthMax}.`,
      );
    }
    this.spend(1 + length / 64);
  }
}

export function checkDepth(depth: number): void {
  if (depth > depthMax) {
    throw new ExpressionError("LimitExceeded", `The value is nested deeper than ${depthMax}.`);
  }
}
