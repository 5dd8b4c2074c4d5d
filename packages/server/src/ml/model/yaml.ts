// The YAML that MLmodel files consist of, and no more: block mappings and sequences, plain and quoted
// scalars over several lines, empty flow collections. Anything else is refused with its line.

export type YamlValue = string | null | readonly YamlValue[] | YamlMapping;
export type YamlMapping = ReadonlyMap<string, YamlValue>;

export class YamlError extends Error {
  constructor(line: number, reason: string) {
    super(`line ${line + 1}: ${reason}`);
    this.name = "YamlError";
  }
}

interface Line {
  readonly indent: number;
  readonly text: string;
  readonly number: number;
}

interface Cursor {
  readonly lines: readonly Line[];
  /** As written, for scalars that go over several lines. */
  readonly raw: readonly string[];
  at: number;
}

const depthMax = 32;

/** Reads a document that is a mapping. Throws YamlError. */
export function parseYaml(text: string): YamlMapping {
  const raw = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const lines = raw.flatMap((line, number) => lineOf(line, number) ?? []);
  const cursor: Cursor = { lines, raw, at: 0 };
  const first = cursor.lines[0];
  if (!first) return new Map();
  const value = parseMapping(cursor, first.indent, 0);
  const rest = cursor.lines[cursor.at];
  if (rest) throw new YamlError(rest.number, "it is indented less than the document");
  return value;
}

function lineOf(line: string, number: number): Line | undefined {
  const text = line.trimEnd();
  const body = text.trimStart();
  if (body === "" || body.startsWith("#") || body === "---" || body === "...") return undefined;
  const lead = text.slice(0, text.length - body.length);
  // A tab can stand in the continuation of a quoted scalar, which is read from the raw lines.
  return { indent: lead.includes("\t") ? -1 : lead.length, text: body, number };
}

function parseMapping(cursor: Cursor, indent: number, depth: number): YamlMapping {
  const mapping = new Map<string, YamlValue>();
  for (;;) {
    const line = cursor.lines[cursor.at];
    if (!line || line.indent < indent || isItem(line)) return mapping;
    if (line.indent > indent) throw new YamlError(line.number, "it is indented too far");
    const { key, rest } = splitKey(line);
    if (mapping.has(key)) throw new YamlError(line.number, `the key '${key}' is there twice`);
    mapping.set(key, parseValue(cursor, { line, rest, indent, depth }));
  }
}

function isItem({ text }: Line): boolean {
  return text === "-" || text.startsWith("- ");
}

const quotedKey = /^(?:'((?:[^']|'')*)'|"([^"\\]*)")\s*:(?:\s+|$)/;

/** Where the value begins, or undefined when the text is no `key: value`. */
function keyOf(text: string): { key: string; rest: string } | undefined {
  if (/^['"]/.test(text)) {
    const match = quotedKey.exec(text);
    if (!match) return undefined;
    const key = match[1]?.replaceAll("''", "'") ?? match[2] ?? "";
    return { key, rest: text.slice(match[0].length) };
  }
  const colon = /:(?:\s|$)/.exec(text);
  if (!colon || colon.index === 0 || /^[#&*!|>%@`{}[\],?]/.test(text)) return undefined;
  return { key: text.slice(0, colon.index).trimEnd(), rest: text.slice(colon.index + 1).trim() };
}

function splitKey(line: Line): { key: string; rest: string } {
  const split = keyOf(line.text);
  if (split) return split;
  throw new YamlError(line.number, `'${line.text.slice(0, 40)}' is no 'key: value'`);
}

function parseValue(
  cursor: Cursor,
  at: { line: Line; rest: string; indent: number; depth: number },
): YamlValue {
  const { line, indent, depth } = at;
  const rest = at.rest.replace(/^#.*$/, "");
  if (depth >= depthMax) throw new YamlError(line.number, "it is nested too deep");
  if (rest !== "") return parseScalar(cursor, { line, rest, indent });
  cursor.at += 1;
  const next = cursor.lines[cursor.at];
  if (!next) return null;
  // A sequence may stand at its key's own indentation.
  if (isItem(next) && next.indent >= indent) return parseSequence(cursor, next.indent, depth + 1);
  return next.indent > indent ? parseMapping(cursor, next.indent, depth + 1) : null;
}

function parseSequence(cursor: Cursor, indent: number, depth: number): YamlValue[] {
  const items: YamlValue[] = [];
  for (;;) {
    const line = cursor.lines[cursor.at];
    if (!line || line.indent !== indent || !isItem(line)) return items;
    const rest = line.text.slice(1).trimStart();
    const inner = indent + line.text.length - rest.length;
    if (rest !== "" && keyOf(rest)) {
      // `- key: value` opens a mapping whose other keys stand below the first.
      (cursor.lines as Line[])[cursor.at] = { indent: inner, text: rest, number: line.number };
      items.push(parseMapping(cursor, inner, depth + 1));
    } else {
      items.push(parseValue(cursor, { line, rest, indent, depth }));
    }
  }
}

function parseScalar(cursor: Cursor, at: { line: Line; rest: string; indent: number }): YamlValue {
  const { line, rest } = at;
  if (rest.startsWith("'") || rest.startsWith('"')) return parseQuoted(cursor, line, rest);
  const bare = rest.replace(/\s+#.*$/, "");
  if (bare === "{}" || bare === "[]") {
    cursor.at += 1;
    return bare === "{}" ? new Map() : [];
  }
  if (/^[[{&*!|>%@`]/.test(bare)) {
    throw new YamlError(
      line.number,
      `'${bare.slice(0, 20)}' is a form that MLmodel files do not use`,
    );
  }
  const words = [bare];
  for (cursor.at += 1; ; cursor.at += 1) {
    const next = cursor.lines[cursor.at];
    if (!next || next.indent <= at.indent || next.indent === -1) break;
    words.push(next.text.replace(/\s+#.*$/, ""));
  }
  const text = words.join(" ");
  return /^(?:null|~|Null|NULL)$/.test(text) ? null : text;
}

/** Lines of a quoted scalar are joined by a space, empty ones are line breaks. */
function parseQuoted(cursor: Cursor, line: Line, rest: string): string {
  const quote = rest.charAt(0);
  let number = line.number;
  let part = rest.slice(1);
  const parts: string[] = [];
  for (let end = closingQuote(part, quote); end === -1; end = closingQuote(part, quote)) {
    parts.push(part);
    number += 1;
    const more = cursor.raw[number];
    if (more === undefined) throw new YamlError(line.number, "a quoted text does not end");
    part = more.trim();
  }
  const end = closingQuote(part, quote);
  if (!/^\s*(?:#.*)?$/.test(part.slice(end + 1))) {
    throw new YamlError(number, "something follows a quoted text");
  }
  while ((cursor.lines[cursor.at]?.number ?? number + 1) <= number) cursor.at += 1;
  const text = foldLines([...parts, part.slice(0, end)], quote);
  return quote === "'" ? text.replaceAll("''", "'") : withoutEscapes(text, line.number);
}

function closingQuote(text: string, quote: string): number {
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote === '"' && char === "\\") at += 1;
    else if (char === quote && quote === "'" && text.charAt(at + 1) === "'") at += 1;
    else if (char === quote) return at;
  }
  return -1;
}

function foldLines(lines: readonly string[], quote: string): string {
  const parts: string[] = [];
  for (const [index, line] of lines.entries()) {
    const before = parts.at(-1);
    // In double quotes a line may end in a backslash, which joins without a space.
    const isJoined = quote === '"' && before !== undefined && /(?<!\\)(?:\\\\)*\\$/.test(before);
    if (isJoined) parts[parts.length - 1] = before.slice(0, -1);
    else if (before !== undefined && before !== "\n") parts[parts.length - 1] = before.trimEnd();
    if (index > 0 && line === "") parts.push("\n");
    else if (before === undefined || isJoined || before === "\n") parts.push(line);
    else parts.push(" ", line);
  }
  return parts.join("");
}

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  '"': '"',
  "\\": "\\",
  "/": "/",
  " ": " ",
  "0": "\0",
};

function withoutEscapes(text: string, number: number): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/gs, (all, four, two, one) => {
    const code = four ?? two;
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    const known = escapes[one];
    if (known === undefined) throw new YamlError(number, `the escape '${all}' is not known`);
    return known;
  });
}
