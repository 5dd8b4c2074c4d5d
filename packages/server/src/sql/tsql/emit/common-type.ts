// The type that branches of CASE, COALESCE and their kind agree on.
import type { SqlType } from "../../session.ts";
import type { Position } from "../ast.ts";
import { fail } from "../error.ts";
import { unify } from "../type.ts";
import type { Value } from "./value.ts";

/** Raises 8133 when every branch is NULL. */
export function commonType(values: readonly Value[], at: Position): SqlType {
  const typed = values.filter((value) => !value.bareNull);
  if (typed.length === 0) fail(8133, at);
  return typed.map((value) => value.type).reduce(unify);
}
