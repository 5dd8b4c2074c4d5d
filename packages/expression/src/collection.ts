// What both languages do with strings, arrays and objects as collections.
import { ExpressionError } from "./error.ts";
import type { CallContext } from "./function.ts";
import { type Budget, checkDepth, stringLengthMax } from "./limit.ts";
import { toText } from "./text.ts";
import {
  definedKeys,
  equalValues,
  type Integer,
  isNumberKind,
  kindOf,
  type Numeric,
  toDouble,
  type Value,
  type ValueObject,
} from "./value.ts";

type Items = readonly Value[];

/** Lower case that keeps every index in place: a character that would grow stays as it is. */
export function foldCase(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from({ length: text.length }, (_, i) => {
    const char = text[i]!.toLowerCase();
    return char.length === 1 ? char : text[i];
  }).join("");
}

/**
 * Call before searching: a repetitive text makes the runtime's search take as many steps as the
 * product of both lengths.
 */
export function spendSearch(text: string, search: string, budget: Budget): void {
  if (search.length > 8) budget.spend((text.length / 1024) * search.length);
}

/** Where the string is, in any case; -1 when it is nowhere. */
export function indexInAnyCase(
  which: "first" | "last",
  { text, search }: { text: string; search: string },
  { budget }: CallContext,
): number {
  spendSearch(text, search, budget);
  const [whole, part] = [foldCase(text), foldCase(search)];
  return which === "first" ? whole.indexOf(part) : whole.lastIndexOf(part);
}

export function includesText(text: string, search: string, budget: Budget): boolean {
  spendSearch(text, search, budget);
  return text.includes(search);
}

/** Fails with ArgumentValue when the part does not lie inside the text. */
export function substring(text: string, start: Integer, length?: Integer): string {
  const from = Number(start);
  const count = length === undefined ? text.length - from : Number(length);
  if (from < 0 || from > text.length || count < 0 || from + count > text.length) {
    throw new ExpressionError(
      "ArgumentValue",
      `${count} characters from index ${from} on lie outside the string, which has ${text.length}.`,
    );
  }
  return text.slice(from, from + count);
}

export function replaceText(
  { text, search, replacement }: { text: string; search: string; replacement: string },
  { budget }: CallContext,
): string {
  if (search === "") {
    throw new ExpressionError("ArgumentValue", "The text to replace must not be empty.");
  }
  spendSearch(text, search, budget);
  const parts = text.split(search);
  budget.spendText(text.length + (parts.length - 1) * (replacement.length - search.length));
  return parts.join(replacement);
}

export function splitText(text: string, delimiter: string, budget: Budget): string[] {
  spendSearch(text, delimiter, budget);
  return delimiter === "" ? [text] : text.split(delimiter);
}

export function joinTexts(items: Items, delimiter: string, { budget }: CallContext): string {
  budget.spend(items.length);
  let length = 0;
  const texts = items.map((item) => {
    const text = toText(item, budget);
    length += text.length + delimiter.length;
    if (length > stringLengthMax) budget.spendText(length);
    return text;
  });
  return texts.join(delimiter);
}

export function isEmpty(value: string | Items | ValueObject | null): boolean {
  if (value === null) return true;
  if (typeof value === "string" || Array.isArray(value)) return value.length === 0;
  return definedKeys(value as ValueObject).length === 0;
}

export function includesItem(items: Items, value: Value, budget: Budget): boolean {
  return items.some((item) => equalValues(item, value, budget));
}

/** The item at an end; null for an empty array and '' for an empty string. */
export function itemAtEnd(collection: string | Items, end: "first" | "last"): Value {
  const item = collection[end === "first" ? 0 : collection.length - 1];
  return item ?? (typeof collection === "string" ? "" : null);
}

/** A count below zero is zero, one beyond the end is the end. */
export function skipItems<T extends string | Items>(collection: T, count: Integer): T {
  return collection.slice(Math.max(0, Number(count))) as T;
}

export function takeItems<T extends string | Items>(collection: T, count: Integer): T {
  return collection.slice(0, Math.max(0, Number(count))) as T;
}

/** Every item once, in the order of first appearance. */
export function unionArrays(arrays: readonly Items[], budget: Budget): Value[] {
  const kept = new Map<string, Value>();
  for (const item of arrays.flat(1)) {
    const key = identityOf(item, budget);
    if (!kept.has(key)) kept.set(key, item);
  }
  return [...kept.values()];
}

/** The items of the first array that every other has, once each. */
export function intersectArrays(arrays: readonly Items[], budget: Budget): Value[] {
  const [first = [], ...others] = arrays;
  const sets = others.map((items) => new Set(items.map((item) => identityOf(item, budget))));
  return unionArrays([first], budget).filter((item) => {
    const key = identityOf(item, budget);
    return sets.every((set) => set.has(key));
  });
}

/**
 * A text that equal values share and others do not: 1 and 1.0 are equal, and so are objects whose
 * members differ in order only. Parts carry their length, so that no part can imitate another.
 */
function identityOf(value: Value, budget: Budget, depth = 0): string {
  checkDepth(depth);
  const identity = () => {
    const kind = kindOf(value);
    if (isNumberKind(kind)) {
      return `n${typeof value === "bigint" ? value : toDouble(value as Numeric)}`;
    }
    if (kind !== "array" && kind !== "object") return `${kind[0]}${toText(value, budget)}`;
    const parts =
      kind === "array"
        ? (value as Items).map((item) => identityOf(item, budget, depth + 1))
        : definedKeys(value as ValueObject)
            .sort()
            .flatMap((key) => [key, identityOf((value as ValueObject)[key]!, budget, depth + 1)]);
    return `${kind[0]}${parts.map((part) => `${part.length}:${part}`).join("")}`;
  };
  const text = identity();
  budget.spendText(text.length);
  return text;
}

/** All arrays or all objects; anything else fails with ArgumentType. */
export function sameCollections(
  name: string,
  collections: readonly (Items | ValueObject)[],
): { arrays: readonly Items[] } | { objects: readonly ValueObject[] } {
  if (collections.every((each) => Array.isArray(each))) {
    return { arrays: collections as readonly Items[] };
  }
  if (collections.some((each) => Array.isArray(each))) {
    throw new ExpressionError("ArgumentType", `'${name}' takes arrays only or objects only.`);
  }
  return { objects: collections as readonly ValueObject[] };
}
