// The syntax tree that both languages share, and the walk over it.
import type { Value } from "./value.ts";

/** `start` and `end` are offsets into the text as written. */
interface Span {
  readonly start: number;
  readonly end: number;
}

export interface LiteralNode extends Span {
  readonly type: "literal";
  readonly value: Value;
}

export interface CallNode extends Span {
  readonly type: "call";
  /** As written; a template's own functions are `namespace.name`. */
  readonly name: string;
  /** The name in lower case: names are matched without regard to case. */
  readonly key: string;
  readonly args: readonly Node[];
}

export interface MemberNode extends Span {
  readonly type: "member";
  readonly object: Node;
  /** `.name` is a literal here, `[...]` any expression. */
  readonly property: Node;
  /** `?.` and `?[`: null instead of an error when there is nothing to select. */
  readonly isSafe: boolean;
}

export type Node = LiteralNode | CallNode | MemberNode;

/** A text with its expressions. One that is the whole text keeps its type, others make strings. */
export type ParsedText =
  | { readonly type: "literal"; readonly value: string }
  | { readonly type: "expression"; readonly node: Node }
  | { readonly type: "interpolation"; readonly parts: readonly (string | Node)[] };

/** Visits every node, outermost first. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  if (node.type === "call") for (const arg of node.args) walk(arg, visit);
  if (node.type === "member") {
    walk(node.object, visit);
    walk(node.property, visit);
  }
}

export function nodesOf(parsed: ParsedText): readonly Node[] {
  if (parsed.type === "expression") return [parsed.node];
  if (parsed.type === "literal") return [];
  return parsed.parts.filter((part) => typeof part !== "string");
}
