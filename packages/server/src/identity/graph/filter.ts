// `$filter` as clients of the directory send it: eq, in, startswith, any over a collection, and, or.
// Everything else that OData has is refused by name (protocols.md 5.6).

import { graphFail } from "./error-catalogue.ts";

type Literal = string | boolean | number | null;

export type Filter =
  | { readonly kind: "and" | "or"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "in"; readonly path: string; readonly values: readonly Literal[] }
  | { readonly kind: "startsWith"; readonly path: string; readonly prefix: string }
  | {
      readonly kind: "any";
      readonly path: string;
      readonly variable: string;
      readonly inner: Filter;
    };

interface Token {
  readonly kind: "name" | "literal" | "sign";
  readonly text: string;
  readonly value?: Literal;
}

const textLengthMax = 4096;
const depthMax = 32;
const tokenPattern =
  /\s*(?:(?<text>'(?:[^']|'')*')|(?<guid>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})|(?<number>-?\d+(?:\.\d+)?(?![\w-]))|(?<name>[a-z_$][\w/.]*)|(?<sign>[(),:]))/iy;

/** Parses a filter; Request_UnsupportedQuery names what is not supported, BadRequest what is wrong. */
export function parseFilter(text: string): Filter {
  if (text.length > textLengthMax) throw invalid("The filter is too long.");
  const tokens = createCursor(tokenize(text));
  const filter = parseEither(tokens, 0);
  const rest = tokens.peek();
  if (rest) throw unsupported(`'${rest.text}' after an expression`);
  return filter;
}

interface Cursor {
  peek(): Token | undefined;
  next(): Token;
  /** Takes the next token where it is this sign or word. */
  take(text: string): boolean;
  expect(sign: string): void;
}

function createCursor(tokens: readonly Token[]): Cursor {
  let at = 0;
  const cursor: Cursor = {
    peek: () => tokens[at],
    next() {
      const token = tokens[at];
      if (!token) throw invalid("The expression ends too early.");
      at += 1;
      return token;
    },
    take(text) {
      const token = tokens[at];
      const isIt = token?.kind !== "literal" && token?.text.toLowerCase() === text;
      if (isIt) at += 1;
      return isIt;
    },
    expect(sign) {
      const token = cursor.next();
      if (token.text !== sign) throw invalid(`'${sign}' was expected instead of '${token.text}'.`);
    },
  };
  return cursor;
}

function parseEither(tokens: Cursor, depth: number): Filter {
  if (depth > depthMax) throw invalid("The expression is nested too deeply.");
  let left = parseBoth(tokens, depth);
  while (tokens.take("or")) left = { kind: "or", left, right: parseBoth(tokens, depth) };
  return left;
}

function parseBoth(tokens: Cursor, depth: number): Filter {
  let left = parseTerm(tokens, depth);
  while (tokens.take("and")) left = { kind: "and", left, right: parseTerm(tokens, depth) };
  return left;
}

function parseTerm(tokens: Cursor, depth: number): Filter {
  if (tokens.take("(")) {
    const inner = parseEither(tokens, depth + 1);
    tokens.expect(")");
    return inner;
  }
  const token = tokens.next();
  if (token.kind !== "name") throw invalid(`'${token.text}' is not a property.`);
  if (tokens.take("(")) return parseCall(tokens, token.text, depth);
  return parseComparison(tokens, token.text);
}

function parseCall(tokens: Cursor, name: string, depth: number): Filter {
  if (name.toLowerCase() === "startswith") {
    const path = tokens.next().text;
    tokens.expect(",");
    const prefix = parseLiteral(tokens);
    tokens.expect(")");
    if (typeof prefix !== "string") throw invalid("startswith compares with a text.");
    return { kind: "startsWith", path, prefix };
  }
  const path = /^(.+)\/any$/i.exec(name)?.[1];
  if (path === undefined) throw unsupported(`The function '${name}'`);
  const variable = tokens.next().text;
  tokens.expect(":");
  const inner = parseEither(tokens, depth + 1);
  tokens.expect(")");
  return { kind: "any", path, variable, inner };
}

function parseComparison(tokens: Cursor, path: string): Filter {
  const operator = tokens.next().text.toLowerCase();
  if (operator === "eq") return { kind: "in", path, values: [parseLiteral(tokens)] };
  if (operator !== "in") throw unsupported(`The operator '${operator}'`);
  tokens.expect("(");
  const values = [parseLiteral(tokens)];
  while (tokens.take(",")) values.push(parseLiteral(tokens));
  tokens.expect(")");
  return { kind: "in", path, values };
}

function parseLiteral(tokens: Cursor): Literal {
  const token = tokens.next();
  if (token.kind === "literal") return token.value as Literal;
  const word = token.text.toLowerCase();
  if (word === "true" || word === "false") return word === "true";
  if (word === "null") return null;
  throw invalid(`'${token.text}' is not a value.`);
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  const end = text.trimEnd().length;
  while (tokenPattern.lastIndex < end) {
    const at = tokenPattern.lastIndex;
    const groups = tokenPattern.exec(text)?.groups;
    if (!groups) throw invalid(`Syntax error at position ${at}.`);
    tokens.push(toToken(groups));
  }
  return tokens;
}

function toToken(groups: Record<string, string | undefined>): Token {
  const { text, guid, number, name, sign } = groups;
  if (text !== undefined) {
    return { kind: "literal", text, value: text.slice(1, -1).replaceAll("''", "'") };
  }
  if (guid !== undefined) return { kind: "literal", text: guid, value: guid };
  if (number !== undefined) return { kind: "literal", text: number, value: Number(number) };
  if (name !== undefined) return { kind: "name", text: name };
  return { kind: "sign", text: sign ?? "" };
}

/**
 * Whether an object, in Graph's shape, passes. Names and texts compare without regard to case, as in
 * Graph; a property that the object's type does not have is refused.
 */
export function passes(filter: Filter, entity: Readonly<Record<string, unknown>>): boolean {
  return check(filter, (path) => valueAt(entity, path));
}

function check(filter: Filter, read: (path: string) => unknown): boolean {
  switch (filter.kind) {
    case "and":
      return check(filter.left, read) && check(filter.right, read);
    case "or":
      return check(filter.left, read) || check(filter.right, read);
    case "in": {
      const value = folded(read(filter.path));
      return filter.values.some((candidate) => folded(candidate) === value);
    }
    case "startsWith": {
      const value = read(filter.path);
      return (
        typeof value === "string" && value.toLowerCase().startsWith(filter.prefix.toLowerCase())
      );
    }
    case "any": {
      const items = read(filter.path);
      if (!Array.isArray(items)) throw invalid(`'${filter.path}' is not a collection.`);
      return items.some((item) =>
        check(filter.inner, (path) => itemValue(item, path, filter.variable)),
      );
    }
    default:
      return filter satisfies never;
  }
}

function itemValue(item: unknown, path: string, variable: string): unknown {
  if (path === variable) return item;
  if (!path.startsWith(`${variable}/`)) throw invalid(`'${path}' is not '${variable}'.`);
  return valueAt(item as Record<string, unknown>, path.slice(variable.length + 1));
}

function valueAt(entity: Readonly<Record<string, unknown>>, path: string): unknown {
  let value: unknown = entity;
  for (const name of path.split("/")) {
    if (typeof value !== "object" || value === null) return undefined;
    const found = Object.entries(value).find(([key]) => key.toLowerCase() === name.toLowerCase());
    if (!found) throw invalid(`Could not find a property named '${name}'.`);
    value = found[1];
  }
  return value;
}

function folded(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase() : (value ?? null);
}

function invalid(reason: string) {
  return graphFail.BadRequest({ reason: `Invalid filter clause: ${reason}` });
}

function unsupported(what: string) {
  return graphFail.Request_UnsupportedQuery({
    reason: `Unsupported Query. ${what} is not supported in $filter by Callosum: eq, in, startswith, any, and, or are.`,
  });
}
