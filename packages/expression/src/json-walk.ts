// Walks a JSON value text by text, naming the place of each for errors and reports.
import { ExpressionError, placeError } from "./error.ts";
import { checkDepth } from "./limit.ts";
import { type Json, shareArray, shareObject } from "./value.ts";

export type JsonObject = { readonly [key: string]: Json };

export interface TextVisitor {
  text(text: string, path: string): Json;
  /** A text that stands for the whole object, as {"value", "type": "Expression"} does. */
  objectText?(object: JsonObject): string | undefined;
  /** What a key becomes; without it keys stay. */
  key?(key: string, path: string): string;
}

/**
 * The value with every text replaced; what does not change is shared with the input. ExpressionErrors
 * get the path of the text.
 */
export function mapTexts(value: Json, visitor: TextVisitor, path = "", depth = 0): Json {
  checkDepth(depth);
  if (typeof value === "string") return withPath(path, () => visitor.text(value, path));
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    return shareArray(value as readonly Json[], (item, i) =>
      mapTexts(item, visitor, `${path}[${i}]`, depth + 1),
    ) as Json;
  }
  const object = value as JsonObject;
  const text = visitor.objectText?.(object);
  if (text !== undefined) return withPath(path, () => visitor.text(text, path));
  const mapped = shareObject(object, (item, key) =>
    mapTexts(item, visitor, memberPath(path, key), depth + 1),
  ) as JsonObject;
  const mapKey = visitor.key;
  if (mapKey === undefined) return mapped;
  const keys = Object.keys(mapped);
  const newKeys = keys.map((key) => withPath(path, () => mapKey(key, memberPath(path, key))));
  if (newKeys.every((key, i) => key === keys[i])) return mapped;
  return Object.fromEntries(newKeys.map((key, i) => [key, mapped[keys[i]!]!]));
}

function memberPath(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function withPath<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof ExpressionError ? placeError(error, { path }) : error;
  }
}
