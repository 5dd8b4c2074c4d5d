// A step of a compiled model, from columns of 512 floats to others: as JavaScript calls it, and for a chain.
import type { Column } from "../column.ts";
import type { Link } from "./chain.ts";
import type { BlockRange } from "./read-column.ts";

export interface Block extends BlockRange {
  columns: readonly (Column | null)[];
}

export interface Step {
  run(block: Block): void;
  /** Null for a step that machine code does not have. */
  link: Link | null;
}
