// `NAME = value` options of COPY, OPENROWSET, ALTER USER and WITH (…) lists.
import type { NamedOption, OptionValue } from "../ast.ts";
import {
  acceptOp,
  type Cursor,
  expectOp,
  here,
  isOp,
  list,
  next,
  peek,
  unexpected,
} from "./cursor.ts";
import { value } from "./expression.ts";

/** An option without a value counts as ON. */
export function namedOption(cursor: Cursor): NamedOption {
  const at = here(cursor);
  const token = next(cursor);
  if (token.kind !== "word") {
    cursor.index -= 1;
    unexpected(cursor);
  }
  const optionName = token.keyword;
  if (!acceptOp(cursor, "=")) return { at, name: optionName, value: { kind: "word", text: "ON" } };
  return { at, name: optionName, value: optionValue(cursor) };
}

function optionValue(cursor: Cursor): OptionValue {
  const token = peek(cursor);
  if (isOp(cursor, "(")) return parenthesizedValue(cursor);
  switch (token.kind) {
    case "string":
    case "nstring":
      next(cursor);
      return { kind: "string", text: token.value };
    case "number":
      next(cursor);
      return { kind: "number", value: Number(token.value) };
    case "word":
    case "quoted":
      next(cursor);
      return { kind: "word", text: token.value };
    default:
      return unexpected(cursor);
  }
}

function parenthesizedValue(cursor: Cursor): OptionValue {
  expectOp(cursor, "(");
  if (peek(cursor).kind === "word" && isOp(cursor, "=", 1)) {
    const options = list(cursor, namedOption);
    expectOp(cursor, ")");
    return { kind: "list", options };
  }
  const values = isOp(cursor, ")") ? [] : list(cursor, value);
  expectOp(cursor, ")");
  return { kind: "values", values };
}
