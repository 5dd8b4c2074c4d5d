// The Pratt parser of both languages: a prefix (literal or call) followed by postfix operators
// (`.name`, `?.name`, `[index]`, `?[index]`) that all bind alike. There are no infix operators.
import type { Node } from "./ast.ts";
import { ExpressionError } from "./error.ts";
import { readToken, syntaxError, type Token } from "./lexer.ts";
import { depthMax } from "./limit.ts";
import type { Value } from "./value.ts";

export interface Grammar {
  /** Words that are literals: `true`, `false` and `null` in pipelines, none in templates. */
  readonly literals: ReadonlyMap<string, Value>;
  /** `?.` and `?[` exist in pipelines only. */
  readonly hasSafeAccess: boolean;
  /** `contoso.name(...)`: a template's own functions. */
  readonly hasNamespaces: boolean;
}

/**
 * Reads one expression that starts at `start`, and the punctuation that must close it ("" is the
 * end of the text). Returns the tree and the offset after the closing mark. Fails with Syntax or
 * LimitExceeded.
 */
export function parseExpression(
  text: string,
  options: { start: number; closing: "" | "}" | "]"; grammar: Grammar },
): { node: Node; end: number } {
  const parser = new Parser(text, options.start, options.grammar);
  const node = parser.expression(0);
  return { node, end: parser.close(options.closing) };
}

class Parser {
  readonly #text: string;
  readonly #grammar: Grammar;
  #token: Token;

  constructor(text: string, start: number, grammar: Grammar) {
    this.#text = text;
    this.#grammar = grammar;
    this.#token = readToken(text, start);
  }

  expression(depth: number): Node {
    let node = this.#prefix(depth);
    // A chain nests to the left, so its links count as depth like brackets do.
    for (let links = 0; ; links++) {
      this.#checkDepth(depth + links);
      const next = this.#postfix(node, depth + links);
      if (next === undefined) return node;
      node = next;
    }
  }

  /** The closing mark is not read past: what follows it need not be expression text. */
  close(closing: string): number {
    const token = this.#token;
    if (token.text === closing && token.type !== "literal" && token.type !== "name") {
      return token.end;
    }
    const expected = closing === "" ? "the end of the expression" : `'${closing}'`;
    throw syntaxError(`Expected ${expected}, found ${describe(token)}.`, token.start);
  }

  #prefix(depth: number): Node {
    this.#checkDepth(depth);
    const token = this.#token;
    if (token.type === "literal") {
      this.#advance();
      return { type: "literal", value: token.value, start: token.start, end: token.end };
    }
    if (token.type !== "name") {
      throw syntaxError(
        `Expected a function, a string or a number, found ${describe(token)}.`,
        token.start,
      );
    }
    this.#advance();
    const literal = this.#grammar.literals.get(token.text.toLowerCase());
    if (literal !== undefined && this.#token.text !== "(") {
      return { type: "literal", value: literal, start: token.start, end: token.end };
    }
    return this.#call(this.#qualify(token), depth);
  }

  #qualify(token: Token): { name: string; start: number } {
    if (!this.#grammar.hasNamespaces || !this.#isMark(".")) {
      return { name: token.text, start: token.start };
    }
    this.#advance();
    const member = this.#takeName("a function name after the namespace");
    return { name: `${token.text}.${member.text}`, start: token.start };
  }

  #call({ name, start }: { name: string; start: number }, depth: number): Node {
    if (!this.#isMark("(")) {
      throw syntaxError(
        `'${name}' must be called: expected '(' after it, found ${describe(this.#token)}.`,
        this.#token.start,
      );
    }
    this.#advance();
    const args: Node[] = [];
    if (!this.#isMark(")")) {
      args.push(this.expression(depth + 1));
      while (this.#isMark(",")) {
        this.#advance();
        args.push(this.expression(depth + 1));
      }
    }
    const end = this.#expect(")", `to close the arguments of '${name}'`);
    return { type: "call", name, key: name.toLowerCase(), args, start, end };
  }

  #postfix(object: Node, depth: number): Node | undefined {
    const mark = this.#token.type === "punctuation" ? this.#token.text : "";
    const isSafe = mark.startsWith("?");
    if (isSafe && !this.#grammar.hasSafeAccess) {
      throw syntaxError(`'${mark}' does not exist in templates; use tryGet.`, this.#token.start);
    }
    const common = { type: "member", object, isSafe, start: object.start } as const;
    if (mark === "." || mark === "?.") {
      this.#advance();
      const { text, start, end } = this.#takeName(`a property name after '${mark}'`);
      return { ...common, property: { type: "literal", value: text, start, end }, end };
    }
    if (mark === "[" || mark === "?[") {
      this.#advance();
      const property = this.expression(depth + 1);
      return { ...common, property, end: this.#expect("]", "to close the index") };
    }
    return undefined;
  }

  #takeName(what: string): Token {
    const token = this.#token;
    if (token.type !== "name") {
      throw syntaxError(`Expected ${what}, found ${describe(token)}.`, token.start);
    }
    this.#advance();
    return token;
  }

  #isMark(mark: string): boolean {
    return this.#token.type === "punctuation" && this.#token.text === mark;
  }

  #expect(mark: string, purpose: string): number {
    const token = this.#token;
    if (!this.#isMark(mark)) {
      throw syntaxError(`Expected '${mark}' ${purpose}, found ${describe(token)}.`, token.start);
    }
    this.#advance();
    return token.end;
  }

  #advance(): void {
    this.#token = readToken(this.#text, this.#token.end);
  }

  #checkDepth(depth: number): void {
    if (depth <= depthMax) return;
    throw new ExpressionError(
      "LimitExceeded",
      `The expression is nested deeper than ${depthMax}.`,
      { position: this.#token.start },
    );
  }
}

function describe(token: Token): string {
  return token.type === "end" ? "the end of the text" : `'${token.text}'`;
}
