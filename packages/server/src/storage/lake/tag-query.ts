// Expressions on tags: which blobs a search finds, and conditions on a blob's tags
// (learn.microsoft.com: Find Blobs by Tags; Specifying conditional headers, x-ms-if-tags).

/** A malformed expression; each endpoint of it has its own error. */
export class TagQueryInvalid extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TagQueryInvalid";
  }
}

export interface Tagged {
  readonly container: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface TagQuery {
  /** Tags that the expression names. */
  readonly names: ReadonlySet<string>;
  /** The one container that is searched, when the expression says so. */
  readonly container: string | undefined;
  matches(tagged: Tagged): boolean;
}

const comparisons = {
  "=": (a: string, b: string) => a === b,
  "<>": (a: string, b: string) => a !== b,
  ">": (a: string, b: string) => a > b,
  ">=": (a: string, b: string) => a >= b,
  "<": (a: string, b: string) => a < b,
  "<=": (a: string, b: string) => a <= b,
} as const;
type Comparison = keyof typeof comparisons;

interface Term {
  /** `@container`, or a tag's name. */
  readonly name: string;
  readonly isContainer: boolean;
  readonly comparison: Comparison;
  readonly value: string;
}

const token = /\s*(?:"([^"]{1,128})"|'([^']{0,256})'|(@?[A-Za-z_]\w*)|(<>|[<>]=|[<>=]))/y;
const termCountMax = 10;

/**
 * Reads `"tag" = 'value' AND …`. A `condition` also knows `<>` and OR, which binds weaker; a `search`
 * also knows `@container = 'name'`. Throws TagQueryInvalid.
 */
export function parseTagQuery(text: string, kind: "search" | "condition"): TagQuery {
  const words = readWords(text);
  const alternatives: Term[][] = [[]];
  let count = 0;
  for (let at = 0; ; at += 4) {
    alternatives.at(-1)?.push(readTerm(words.slice(at, at + 3), kind));
    count += 1;
    if (count > termCountMax) throw new TagQueryInvalid(`More than ${termCountMax} comparisons.`);
    const joined = words[at + 3];
    if (joined === undefined) break;
    const word = joined.kind === "word" ? joined.text.toUpperCase() : "";
    if (word === "OR" && kind === "condition") alternatives.push([]);
    else if (word !== "AND")
      throw new TagQueryInvalid(`'${joined.text}' does not join comparisons.`);
  }
  const terms = alternatives.flat();
  return {
    names: new Set(terms.filter(({ isContainer }) => !isContainer).map(({ name }) => name)),
    container: terms.find(({ isContainer }) => isContainer)?.value,
    matches: (tagged) =>
      alternatives.some((required) => required.every((term) => holds(term, tagged))),
  };
}

/** A tag that is not there compares with nothing, not even as different. */
function holds({ name, isContainer, comparison, value }: Term, tagged: Tagged): boolean {
  const actual = isContainer ? tagged.container : tagged.tags[name];
  return actual !== undefined && comparisons[comparison](actual, value);
}

interface Word {
  readonly kind: "quoted" | "value" | "word" | "comparison";
  readonly text: string;
}

function readWords(text: string): Word[] {
  const words: Word[] = [];
  const source = text.trimEnd();
  if (source.trim() === "") throw new TagQueryInvalid("The expression is empty.");
  token.lastIndex = 0;
  while (token.lastIndex < source.length) {
    const at = token.lastIndex;
    const match = token.exec(source);
    if (!match)
      throw new TagQueryInvalid(`The expression is not understood at character ${at + 1}.`);
    const [, quoted, value, word, comparison] = match;
    if (quoted !== undefined) words.push({ kind: "quoted", text: quoted });
    else if (value !== undefined) words.push({ kind: "value", text: value });
    else if (word !== undefined) words.push({ kind: "word", text: word });
    else words.push({ kind: "comparison", text: comparison ?? "" });
  }
  return words;
}

function readTerm(words: readonly Word[], kind: "search" | "condition"): Term {
  const [name, comparison, value] = words;
  const isComplete =
    (name?.kind === "quoted" || name?.kind === "word") &&
    comparison?.kind === "comparison" &&
    value?.kind === "value";
  if (!isComplete) throw new TagQueryInvalid(`A comparison is like "tag" = 'value'.`);
  const isContainer = name.kind === "word" && name.text.startsWith("@");
  if (isContainer) {
    const isKnown = name.text.toLowerCase() === "@container" && kind === "search";
    if (!isKnown || comparison.text !== "=")
      throw new TagQueryInvalid(`'${name.text} ${comparison.text}' is not known here.`);
  }
  if (comparison.text === "<>" && kind === "search")
    throw new TagQueryInvalid("A search does not know <>.");
  return {
    name: name.text,
    isContainer,
    comparison: comparison.text as Comparison,
    value: value.text,
  };
}
