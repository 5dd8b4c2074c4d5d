// Expressions of pipelines, datasets and linked services: `@…`, `@{…}`, and their object form
// {"value": "@…", "type": "Expression"} (expressions.md 2, features.md A-15 and F-12).
import { type Node, nodesOf, type ParsedText } from "./ast.ts";
import { cacheByText } from "./cache.ts";
import { ExpressionError } from "./error.ts";
import { checkCalls, evaluateNode, evaluateToJson, makeFrame, type Scope } from "./evaluate.ts";
import type { Environment } from "./function.ts";
import { pipelineFunctions } from "./functions/pipeline/table.ts";
import { type JsonObject, mapTexts } from "./json-walk.ts";
import { Budget, pipelineTextLengthMax } from "./limit.ts";
import { type Grammar, parseExpression } from "./parser.ts";
import { toText } from "./text.ts";
import { type Json, toJson, type Value } from "./value.ts";

export { ExpressionError, type ExpressionErrorCode } from "./error.ts";
export type { LazyScopeFunction, Scope, ScopeArgument, ScopeFunction } from "./evaluate.ts";
export type { Environment } from "./function.ts";
export type { Json } from "./value.ts";

/** A use of something that only the caller knows, such as `activity('Score').output.runId`. */
export interface Reference {
  /** As written: `activity`. A name that is in no function table is reported too. */
  readonly root: string;
  /** The arguments that are literals; undefined where one must be evaluated. */
  readonly args: readonly (Json | undefined)[];
  /** The members selected from it, up to the first that must be evaluated: `output`, `runId`. */
  readonly members: readonly (string | number)[];
  readonly position: number;
  readonly path: string;
}

const grammar: Grammar = {
  literals: new Map<string, Value>([
    ["true", true],
    ["false", false],
    ["null", null],
  ]),
  hasSafeAccess: true,
  hasNamespaces: false,
};

const parsedTexts = cacheByText(parsePipelineText, 1_000_000);

/** True for a text that evaluateText would change. */
export function hasExpression(text: string): boolean {
  return text.startsWith("@") || text.includes("@{");
}

/**
 * Evaluates one text. A whole-value expression keeps its type, interpolation makes a string, any
 * other text is returned as it is. Fails with ExpressionError.
 */
export function evaluateText(text: string, scope: Scope, environment: Environment): Json {
  if (!hasExpression(text)) return text;
  const parsed = parsedTexts.get(text);
  if (parsed.type === "literal") return parsed.value;
  const frame = makeFrame(pipelineFunctions, scope, environment);
  const { budget } = frame;
  if (parsed.type === "expression") return evaluateToJson(parsed.node, frame);
  let result = "";
  for (const part of parsed.parts) {
    result += typeof part === "string" ? part : toText(evaluateNode(part, frame), budget);
    budget.spendText(result.length);
  }
  return result;
}

/**
 * Evaluates every expression inside a JSON value; parts without one are shared with the input. Does
 * not know activities: give it the part that is to be evaluated now, without the activities inside.
 * Fails with ExpressionError, whose `path` names the text.
 */
export function evaluateValue(value: Json, scope: Scope, environment: Environment): Json {
  return mapTexts(value, {
    objectText: expressionObjectText,
    text: (text) => evaluateText(text, scope, environment),
  });
}

/**
 * What a JSON value uses from its surroundings, in the order of the texts. Also validates: every
 * text is parsed and the argument counts of known functions are checked. Fails with
 * ExpressionError.
 */
export function references(value: Json): Reference[] {
  const found: Reference[] = [];
  mapTexts(value, {
    objectText: expressionObjectText,
    text: (text, path) => {
      if (!hasExpression(text)) return text;
      const place = path();
      for (const node of nodesOf(parsedTexts.get(text))) collectReferences(node, place, found);
      return text;
    },
  });
  return found;
}

function expressionObjectText(object: JsonObject): string | undefined {
  const { value, type } = object;
  if (typeof value !== "string" || typeof type !== "string") return undefined;
  return type.toLowerCase() === "expression" ? value : undefined;
}

function parsePipelineText(text: string): ParsedText {
  if (text.length > pipelineTextLengthMax) {
    throw new ExpressionError(
      "LimitExceeded",
      `A text with expressions may have ${pipelineTextLengthMax} characters, not ${text.length}.`,
    );
  }
  if (text.startsWith("@") && !text.startsWith("@@") && !text.startsWith("@{")) {
    const { node } = parseExpression(text, { start: 1, closing: "", grammar });
    return { type: "expression", node: checkCalls(node, pipelineFunctions) };
  }
  return parseInterpolation(text);
}

/** `@{…}` holds an expression, `@@{` is a plain `@{`; `@@` is a plain `@` at the start only. */
function parseInterpolation(text: string): ParsedText {
  const parts: (string | Node)[] = [];
  let plain = "";
  let at = 0;
  if (text.startsWith("@@")) {
    plain = "@";
    at = 2;
  }
  for (let mark = text.indexOf("@{", at); mark !== -1; mark = text.indexOf("@{", at)) {
    if (mark > at && text[mark - 1] === "@") {
      plain += `${text.slice(at, mark - 1)}@{`;
      at = mark + 2;
      continue;
    }
    plain += text.slice(at, mark);
    const { node, end } = parseExpression(text, { start: mark + 2, closing: "}", grammar });
    if (plain !== "") parts.push(plain);
    parts.push(checkCalls(node, pipelineFunctions));
    plain = "";
    at = end;
  }
  plain += text.slice(at);
  if (parts.length === 0) return { type: "literal", value: plain };
  if (plain !== "") parts.push(plain);
  return { type: "interpolation", parts };
}

function collectReferences(node: Node, path: string, found: Reference[]): void {
  const members: (string | number)[] = [];
  let owner = node;
  for (; owner.type === "member"; owner = owner.object) {
    const property = owner.property.type === "literal" ? owner.property.value : undefined;
    if (typeof property === "string" || typeof property === "number") members.unshift(property);
    else members.length = 0;
    if (owner.property.type !== "literal") collectReferences(owner.property, path, found);
  }
  if (owner.type !== "call") return;
  if (!pipelineFunctions.has(owner.key)) {
    const args = owner.args.map((arg) =>
      arg.type === "literal" ? toJson(arg.value, new Budget()) : undefined,
    );
    found.push({ root: owner.name, args, members, position: owner.start, path });
  }
  for (const arg of owner.args) collectReferences(arg, path, found);
}
