// Where a value stands in a JSON text: line and column of a path such as `resources[0].name`.

export interface Position {
  readonly lineNumber: number;
  readonly linePosition: number;
}

/** The place of the deepest part of the path that the text has; undefined when it has none. */
export function locate(text: string, path: readonly (string | number)[]): Position | undefined {
  const reader = { text, at: 0 };
  const offset = find(reader, path);
  if (offset === undefined) return undefined;
  const before = text.slice(0, offset);
  const lines = before.split("\n");
  return { lineNumber: lines.length, linePosition: (lines.at(-1) ?? "").length + 1 };
}

/** `a.b[0].c` as its steps. */
export function pathSteps(path: string): (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([text, index]) =>
    index === undefined ? text : Number(index),
  );
}

interface Reader {
  readonly text: string;
  at: number;
}

/** The text is known to be JSON. Leaves the reader anywhere; gives an offset. */
function find(reader: Reader, path: readonly (string | number)[]): number | undefined {
  skipSpace(reader);
  const start = reader.at;
  const [step, ...rest] = path;
  if (step === undefined) return start;
  const opening = reader.text[reader.at];
  if (opening !== "{" && opening !== "[") return start;
  reader.at += 1;
  for (let index = 0; ; index += 1) {
    skipSpace(reader);
    const mark = reader.text[reader.at];
    if (mark === undefined || mark === "}" || mark === "]") return start;
    if (mark === ",") {
      reader.at += 1;
      index -= 1;
      continue;
    }
    let key: string | number = index;
    if (opening === "{") {
      key = readText(reader);
      skipSpace(reader);
      reader.at += 1;
    }
    if (String(key).toLowerCase() === String(step).toLowerCase()) return find(reader, rest);
    skipValue(reader);
  }
}

function skipSpace(reader: Reader): void {
  while (/\s/.test(reader.text[reader.at] ?? "")) reader.at += 1;
}

function readText(reader: Reader): string {
  const start = reader.at;
  reader.at += 1;
  while (reader.at < reader.text.length && reader.text[reader.at] !== '"') {
    reader.at += reader.text[reader.at] === "\\" ? 2 : 1;
  }
  reader.at += 1;
  return JSON.parse(reader.text.slice(start, reader.at)) as string;
}

function skipValue(reader: Reader): void {
  skipSpace(reader);
  let depth = 0;
  while (reader.at < reader.text.length) {
    const mark = reader.text[reader.at];
    if (mark === '"') readText(reader);
    else {
      if (mark === "{" || mark === "[") depth += 1;
      if (mark === "}" || mark === "]") {
        if (depth === 0) return;
        depth -= 1;
      }
      if (mark === "," && depth === 0) return;
      reader.at += 1;
    }
    if (depth === 0 && /[\s,}\]]/.test(reader.text[reader.at] ?? "")) return;
  }
}
