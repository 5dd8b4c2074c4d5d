// Search conditions as DuckDB SQL: comparison by precedence and collation, LIKE, IN, EXISTS.
import type { SqlType } from "../../session.ts";
import type { ComparisonOperator, Expression, Predicate } from "../ast.ts";
import { fail } from "../error.ts";
import { isBinary, isInteger, isString, isUnicode, spoken, unify } from "../type.ts";
import { convert } from "./conversion.ts";
import type { Binder, Scope } from "./scope.ts";
import { foldSql, joinCollation, quoteText, sortKey, type Value } from "./value.ts";
import { isPredicate } from "./walk.ts";

/** Raises 4145 unless the expression is a search condition. */
export function bindCondition(binder: Binder, expression: Expression, scope: Scope): string {
  if (!isPredicate(expression)) fail(4145, expression.at, nearText(expression));
  return predicateSql(binder, expression as Predicate, scope);
}

function nearText(expression: Expression): string {
  switch (expression.kind) {
    case "column":
      return expression.parts.at(-1)!;
    case "variable":
      return expression.name;
    default:
      return ")";
  }
}

function predicateSql(binder: Binder, node: Predicate, scope: Scope): string {
  switch (node.kind) {
    case "logical": {
      const left = binder.condition(node.left, scope);
      return `(${left} ${node.op.toUpperCase()} ${binder.condition(node.right, scope)})`;
    }
    case "not":
      return `(NOT ${binder.condition(node.operand, scope)})`;
    case "compare": {
      const [left, right] = [binder.value(node.left, scope), binder.value(node.right, scope)];
      const known = foldedComparison(node.op, left, right);
      if (known !== undefined) return String(known);
      const pair = comparable(left, right, node);
      return `(${pair[0]} ${node.op} ${pair[1]})`;
    }
    case "isNull":
      return `(${binder.value(node.operand, scope).sql} IS ${node.negated ? "NOT " : ""}NULL)`;
    case "between":
      return between(binder, node, scope);
    case "in":
      return membership(binder, node, scope);
    case "like":
      return like(binder, node, scope);
    case "exists":
      return `EXISTS (${binder.query(node.query, scope, { place: "nested" }).sql})`;
    case "quantified":
      return quantified(binder, node, scope);
  }
}

/** Known whole numbers, as in the condition of a loop, need no engine. */
function foldedComparison(op: ComparisonOperator, left: Value, right: Value): boolean | undefined {
  const [x, y] = [left.literal?.value, right.literal?.value];
  if (typeof x !== "number" || typeof y !== "number") return undefined;
  if (!isInteger(left.type) || !isInteger(right.type)) return undefined;
  const answers = {
    "=": x === y,
    "<>": x !== y,
    "<": x < y,
    ">": x > y,
    "<=": x <= y,
    ">=": x >= y,
  };
  return answers[op];
}

/** Both sides in their common type, as keys that compare under the collation. */
export function comparable(
  left: Value,
  right: Value,
  node: { at: Expression["at"] },
): [string, string] {
  const [a, b] = aligned(left, right, node);
  const collation = joinCollation(left, right);
  const keyed = (value: Value): string =>
    sortKey(collation === undefined ? value : { ...value, collation });
  return [keyed(a), keyed(b)];
}

function aligned(left: Value, right: Value, node: { at: Expression["at"] }): [Value, Value] {
  if (left.bareNull || right.bareNull) {
    const type: SqlType = left.bareNull
      ? right.bareNull
        ? { name: "int" }
        : right.type
      : left.type;
    return [convert(left, type, node.at), convert(right, type, node.at)];
  }
  const type = commonType(left.type, right.type);
  const widen = (value: Value): Value => {
    const sameKind = isString(value.type) && isString(type);
    return sameKind ? value : convert(value, type, node.at);
  };
  return [widen(left), widen(right)];
}

function commonType(left: SqlType, right: SqlType): SqlType {
  if (isBinary(left) && isBinary(right)) return { name: "varbinary", length: "max" };
  const unified = unify(left, right);
  return isString(unified)
    ? { name: isUnicode(unified) ? "nvarchar" : "varchar", length: "max" }
    : unified;
}

function between(
  binder: Binder,
  node: Extract<Predicate, { kind: "between" }>,
  scope: Scope,
): string {
  const operand = binder.value(node.operand, scope);
  const low = comparable(operand, binder.value(node.low, scope), node);
  const high = comparable(operand, binder.value(node.high, scope), node);
  const inside =
    low[0] === high[0]
      ? `(${low[0]} BETWEEN ${low[1]} AND ${high[1]})`
      : `(${low[0]} >= ${low[1]} AND ${high[0]} <= ${high[1]})`;
  return node.negated ? `(NOT ${inside})` : inside;
}

function membership(
  binder: Binder,
  node: Extract<Predicate, { kind: "in" }>,
  scope: Scope,
): string {
  const operand = binder.value(node.operand, scope);
  const not = node.negated ? "NOT " : "";
  if ("body" in node.values) {
    const relation = binder.query(node.values, scope, { place: "nested" });
    const column = onlyColumn(relation.columns, node);
    const inner: Value = { sql: "q.c1", ...column };
    const [left, right] = comparable(operand, inner, node);
    return `(${left} ${not}IN (SELECT ${right} FROM (${relation.sql}) q))`;
  }
  const values = node.values.map((item) => binder.value(item, scope));
  const type = values.reduce<SqlType>(
    (common, value) => (value.bareNull ? common : unify(common, value.type)),
    operand.type,
  );
  const left = comparable(operand, { sql: "", type, nullable: true }, node)[0];
  const items = values.map((value) => {
    const aligned = isString(type) && isString(value.type) ? value : convert(value, type, node.at);
    return sortKey(
      operand.collation === undefined ? aligned : { ...aligned, collation: operand.collation },
    );
  });
  return `(${left} ${not}IN (${items.join(", ")}))`;
}

export function onlyColumn<T>(columns: readonly T[], node: { at: Expression["at"] }): T {
  if (columns.length !== 1) fail(116, node.at);
  return columns[0]!;
}

function quantified(
  binder: Binder,
  node: Extract<Predicate, { kind: "quantified" }>,
  scope: Scope,
): string {
  const operand = binder.value(node.left, scope);
  const relation = binder.query(node.query, scope, { place: "nested" });
  const inner: Value = { sql: "q.c1", ...onlyColumn(relation.columns, node) };
  const [left, right] = comparable(operand, inner, node);
  return `(${left} ${node.op} ${node.quantifier.toUpperCase()} (SELECT ${right} FROM (${relation.sql}) q))`;
}

/**
 * LIKE: `%`, `_`, `[a-z]`, `[^a-z]`, ESCAPE. Trailing blanks of the pattern count; those of a varchar do not where the
 * pattern has none, those of an nvarchar do ("LIKE (Transact-SQL)", pattern matching by using LIKE).
 */
function like(binder: Binder, node: Extract<Predicate, { kind: "like" }>, scope: Scope): string {
  const operand = asText(binder.value(node.operand, scope), node);
  const pattern = asText(binder.value(node.pattern, scope), node);
  const escapeWith = node.escape === undefined ? undefined : binder.value(node.escape, scope);
  const escapeText = escapeWith?.literal?.value;
  if (escapeWith !== undefined && typeof escapeText !== "string")
    fail(102, node.escape!.at, "ESCAPE");
  const known = pattern.literal?.value;
  const takesAnyEnd = typeof known === "string" && known.endsWith("%") && escapeWith === undefined;
  const matches = (sql: string): string =>
    likeSql({ ...operand, sql }, pattern, escapeText as string | undefined);
  const isUnicodeMatch = isUnicode(operand.type) || isUnicode(pattern.type);
  const matched =
    takesAnyEnd || isUnicodeMatch
      ? matches(operand.sql)
      : `(${matches(operand.sql)} OR ${matches(`rtrim(${operand.sql}, ' ')`)})`;
  return node.negated ? `(NOT ${matched})` : matched;
}

function likeSql(operand: Value, pattern: Value, escapeText: string | undefined): string {
  const collation = joinCollation(operand, pattern);
  const subject = foldSql(operand.sql, collation);
  const known = pattern.literal?.value;
  if (typeof known === "string") {
    const plain = simplePattern(known, escapeText);
    if (plain !== undefined) {
      const folded = collation === "sensitive" ? plain : plain.toLowerCase();
      const escapes = folded.includes("\x1b") ? " ESCAPE '\x1b'" : "";
      return `(${subject} LIKE ${quoteText(folded)}${escapes})`;
    }
    const regex = likeRegex(known, escapeText);
    return `regexp_full_match(${operand.sql}, ${quoteText(regex)}, '${collation === "sensitive" ? "s" : "si"}')`;
  }
  const escaped = escapeText === undefined ? "" : ` ESCAPE ${quoteText(escapeText)}`;
  const simple = `(${subject} LIKE ${foldSql(pattern.sql, collation)}${escaped})`;
  const sets = `regexp_full_match(${subject}, ${runtimeRegex(foldSql(pattern.sql, collation))}, 's')`;
  return `CASE WHEN contains(${pattern.sql}, '[') THEN ${sets} ELSE ${simple} END`;
}

function asText(value: Value, node: { at: Expression["at"] }): Value {
  if (isString(value.type)) return value;
  if (value.bareNull) return convert(value, { name: "nvarchar", length: 1 }, node.at);
  if (isBinary(value.type)) fail(8116, node.at, spoken(value.type), 1, "like");
  return convert(value, { name: "varchar", length: "max" }, node.at);
}

/** A pattern without sets, with escape 0x1b, or undefined when it has sets. */
function simplePattern(pattern: string, escapeWith: string | undefined): string | undefined {
  let result = "";
  for (let index = 0; index < pattern.length; index += 1) {
    const char = pattern[index]!;
    if (char === escapeWith && index + 1 < pattern.length) {
      index += 1;
      const next = pattern[index]!;
      result += next === "%" || next === "_" ? `\x1b${next}` : next;
    } else if (char === "[") {
      const close = pattern.indexOf("]", index + 2);
      const content = close === -1 ? undefined : pattern.slice(index + 1, close);
      if (content === undefined || content.length !== 1 || content === "^") return undefined;
      result += content === "%" || content === "_" ? `\x1b${content}` : content;
      index = close;
    } else result += char;
  }
  return result;
}

const regexSpecial = /[\\^$.*+?()[\]{}|]/g;

export function likeRegex(pattern: string, escapeWith: string | undefined): string {
  let result = "";
  for (let index = 0; index < pattern.length; index += 1) {
    const char = pattern[index]!;
    if (char === escapeWith && index + 1 < pattern.length) {
      index += 1;
      result += pattern[index]!.replace(regexSpecial, "\\$&");
    } else if (char === "%") result += ".*";
    else if (char === "_") result += ".";
    else if (char === "[") {
      const close = pattern.indexOf("]", index + 2);
      if (close === -1) return "[^\\x00-\\x{10FFFF}]";
      const body = pattern.slice(index + 1, close).replace(/[\\[\]]/g, "\\$&");
      result += `[${body.startsWith("^") ? body : body.replace(/^\^/, "\\^")}]`;
      index = close;
    } else result += char.replace(regexSpecial, "\\$&");
  }
  return result;
}

/** The same for a pattern that only the engine knows; sets are taken over as they stand. */
export function runtimeRegex(sql: string): string {
  const quoted = `regexp_replace(${sql}, '([\\\\.*+?(){}|$])', '\\\\\\1', 'g')`;
  return `replace(replace(${quoted}, '%', '.*'), '_', '.')`;
}
