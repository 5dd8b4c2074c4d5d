// A table, view or procedure of the tree.

import type { Database, ObjectKind, SqlObject } from "../sql/catalog.ts";

export interface TreeObject extends Database, SqlObject {
  readonly kind: ObjectKind;
}
