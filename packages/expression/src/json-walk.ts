// Walks a JSON value text by text, naming the place of each for errors and reports.
import { ExpressionError, placeError } from "./error.ts";
import { checkDepth } from "./limit.ts";
import { type Json, shareArray, shareObject } from "./value.ts";

export type JsonObject = { readonly [key: string]: Json };

export interface TextVisitor {
  text(text: string, path: () => string): Json;
  /** A text that stands for the whole object, as {"value", "type": "Expression"} does. */
  objectText?(object: JsonObject): string | undefined;
  /** What a key becomes; without it keys stay. */
  key?(key: string, path: () => string): string;
}

/**
 * The value with every text replaced; what does not change is shared with the input.
 * ExpressionErrors get the path of the text.
 */
export function mapTexts(value: Json, visitor: TextVisitor): Json {
  // The keys from the root to the value at hand; an error leaves them as they were at its place.
  const trail: (string | number)[] = [];
  const path = () => formatPath(trail);
  try {
    return mapPart(value, { visitor, trail, path });
  } catch (error) {
    throw error instanceof ExpressionError ? placeError(error, { path: path() }) : error;
  }
}

interface Walk {
  readonly visitor: TextVisitor;
  readonly trail: (string | number)[];
  readonly path: () => string;
}

function mapPart(value: Json, walk: Walk): Json {
  if (typeof value === "string") return walk.visitor.text(value, walk.path);
  if (typeof value !== "object" || value === null) return value;
  checkDepth(walk.trail.length);
  if (Array.isArray(value)) {
    return shareArray(value as readonly Json[], (item, i) => mapMember(item, i, walk)) as Json;
  }
  const object = value as JsonObject;
  const text = walk.visitor.objectText?.(object);
  if (text !== undefined) return walk.visitor.text(text, walk.path);
  const mapped = shareObject(object, (item, key) => mapMember(item, key, walk)) as JsonObject;
  return walk.visitor.key === undefined ? mapped : mapKeys(mapped, walk);
}

function mapMember(item: Json, key: string | number, walk: Walk): Json {
  walk.trail.push(key);
  const mapped = mapPart(item, walk);
  walk.trail.pop();
  return mapped;
}

function mapKeys(object: JsonObject, { visitor, trail, path }: Walk): JsonObject {
  const keys = Object.keys(object);
  const newKeys = keys.map((key) => {
    trail.push(key);
    const newKey = visitor.key!(key, path);
    trail.pop();
    return newKey;
  });
  if (newKeys.every((key, i) => key === keys[i])) return object;
  return Object.fromEntries(newKeys.map((key, i) => [key, object[keys[i]!]!]));
}

function formatPath(trail: readonly (string | number)[]): string {
  let path = "";
  for (const key of trail) {
    if (typeof key === "number") path += `[${key}]`;
    else path += path === "" ? key : `.${key}`;
  }
  return path;
}
