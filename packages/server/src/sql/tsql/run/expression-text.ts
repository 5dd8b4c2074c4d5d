// A default's expression as text, for the catalogue: constants only, as in a dedicated SQL pool.
import type { Expression } from "../ast.ts";
import { unscaledText } from "../emit/value.ts";
import { refuseOption } from "../error.ts";

export function expressionText(expression: Expression): string {
  switch (expression.kind) {
    case "null":
      return "NULL";
    case "unary":
      return `${expression.op}${expressionText(expression.operand)}`;
    case "call":
      return `${expression.call.name.parts.join(".")}(${expression.call.args.map(expressionText).join(", ")})`;
    case "binary":
      return `(${expressionText(expression.left)} ${expression.op} ${expressionText(expression.right)})`;
    case "literal":
      return literalText(expression);
    default:
      return refuseOption(expression.at, "DEFAULT that is not a constant");
  }
}

function literalText(node: Extract<Expression, { kind: "literal" }>): string {
  const { type, value } = node;
  if (typeof value === "string")
    return `${type.name.startsWith("n") ? "N" : ""}'${value.replaceAll("'", "''")}'`;
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString("hex")}`;
  if (typeof value === "bigint" && type.name === "decimal")
    return type.scale === 0 ? `${value}.` : unscaledText(value, type.scale);
  if (typeof value === "bigint") return `$${unscaledText(value, 4)}`;
  if (type.name === "float") return Number(value).toExponential();
  return String(value);
}
