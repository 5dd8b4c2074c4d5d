// Expressions of ARM templates: "[…]", with "[[…]" for a literal that begins with a bracket
// (prereq-constructs.md and the template function pages of the Azure Resource Manager documents).
// Functions that depend on the deployment (parameters, reference, resourceId, copyIndex…) come in
// through the scope.
import { type CallNode, type Node, walk } from "./ast.ts";
import { cacheByText } from "./cache.ts";
import { ExpressionError } from "./error.ts";
import { checkCalls, evaluateToJson, makeFrame, type Scope } from "./evaluate.ts";
import type { Environment } from "./function.ts";
import { templateFunctions } from "./functions/template/table.ts";
import { mapTexts } from "./json-walk.ts";
import { templateTextLengthMax } from "./limit.ts";
import { type Grammar, parseExpression } from "./parser.ts";
import type { Json } from "./value.ts";

export type { CallNode, Node } from "./ast.ts";
export { ExpressionError, type ExpressionErrorCode } from "./error.ts";
export type { Scope, ScopeFunction } from "./evaluate.ts";
export type { Environment } from "./function.ts";
export type { Json } from "./value.ts";

/** A call somewhere in a JSON value. */
export interface TemplateCall {
  readonly node: CallNode;
  /** Where the text stands: `properties.dependsOn[0]`. */
  readonly path: string;
}

const grammar: Grammar = { literals: new Map(), hasSafeAccess: false, hasNamespaces: true };

const parsedTexts = cacheByText(parse, 2_000_000);

/** Undefined for a text that is no expression. Parsed once a text. Fails with ExpressionError. */
export function parseTemplateExpression(text: string): Node | undefined {
  return isExpression(text) ? parsedTexts.get(text) : undefined;
}

/**
 * Evaluates every expression inside a JSON value, those that stand as property names included;
 * parts without one are shared with the input. Fails with ExpressionError, whose `path` names the text.
 */
export function evaluateTemplate(value: Json, scope: Scope, environment: Environment): Json {
  const evaluate = (text: string): Json => {
    const node = parseTemplateExpression(text);
    return node === undefined
      ? unescapeBracket(text)
      : evaluateTemplateNode(node, scope, environment);
  };
  return mapTexts(value, {
    text: evaluate,
    key: (key) => {
      const name = evaluate(key);
      if (typeof name === "string") return name;
      throw new ExpressionError("ResultType", "A property name must give a string.", {
        position: 0,
      });
    },
  });
}

/** Evaluates a part of a parsed expression, such as the first argument of a `reference` call. */
export function evaluateTemplateNode(node: Node, scope: Scope, environment: Environment): Json {
  return evaluateToJson(node, makeFrame(templateFunctions, scope, environment));
}

/**
 * The calls of the named functions (in any case; all calls without names) inside a JSON value, in
 * the order of the texts, so that dependencies can be found without evaluating anything. Also
 * validates: every text is parsed. Fails with ExpressionError.
 */
export function templateCalls(value: Json, names?: readonly string[]): TemplateCall[] {
  const wanted = names && new Set(names.map((name) => name.toLowerCase()));
  const found: TemplateCall[] = [];
  const collect = (text: string, path: () => string): string => {
    const root = parseTemplateExpression(text);
    if (root === undefined) return text;
    const place = path();
    walk(root, (node) => {
      if (node.type === "call" && (!wanted || wanted.has(node.key)))
        found.push({ node, path: place });
    });
    return text;
  };
  mapTexts(value, { text: collect, key: collect });
  return found;
}

/** An expression begins with one bracket and ends with one. */
function isExpression(text: string): boolean {
  return text.startsWith("[") && text.endsWith("]") && !text.startsWith("[[");
}

function unescapeBracket(text: string): string {
  return text.startsWith("[[") && text.endsWith("]") ? text.slice(1) : text;
}

function parse(text: string): Node {
  if (text.length > templateTextLengthMax) {
    throw new ExpressionError(
      "LimitExceeded",
      `A template expression may have ${templateTextLengthMax} characters, not ${text.length}.`,
    );
  }
  const { node, end } = parseExpression(text, { start: 1, closing: "]", grammar });
  if (end !== text.length) {
    throw new ExpressionError("Syntax", "The expression ends before the text does.", {
      position: end,
    });
  }
  return checkCalls(node, templateFunctions);
}
