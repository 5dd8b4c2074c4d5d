// Literals and the types that T-SQL gives them ("Constants (Transact-SQL)").
import type { Expression } from "../ast.ts";
import { fail } from "../error.ts";
import type { Token } from "../lexer.ts";

export function literal(token: Token): Expression {
  const { at, value } = token;
  switch (token.kind) {
    case "string":
      return {
        kind: "literal",
        at,
        type: { name: "varchar", length: textLength(value, 8000) },
        value,
      };
    case "nstring":
      return {
        kind: "literal",
        at,
        type: { name: "nvarchar", length: textLength(value, 4000) },
        value,
      };
    case "binary": {
      const bytes = Buffer.from(value.length % 2 === 1 ? `0${value}` : value, "hex");
      return {
        kind: "literal",
        at,
        type: {
          name: "varbinary",
          length: bytes.length > 8000 ? "max" : Math.max(bytes.length, 1),
        },
        value: new Uint8Array(bytes),
      };
    }
    case "money":
      return { kind: "literal", at, type: { name: "money" }, value: amount(value) };
    default:
      return number(token);
  }
}

/** An empty string literal still has one character of type. */
function textLength(value: string, longest: number): number | "max" {
  return value.length > longest ? "max" : Math.max(value.length, 1);
}

function number(token: Token): Expression {
  const { at, value } = token;
  if (/[eE]/.test(value)) {
    const parsed = Number(/[eE][+-]?$/.test(value) ? `${value}0` : value);
    if (!Number.isFinite(parsed)) fail(168, at, value);
    return { kind: "literal", at, type: { name: "float" }, value: parsed };
  }
  if (!value.includes(".")) {
    const parsed = BigInt(value);
    if (parsed <= 2_147_483_647n) {
      return { kind: "literal", at, type: { name: "int" }, value: Number(parsed) };
    }
  }
  const [whole = "", fraction = ""] = value.split(".");
  const digits = whole.replace(/^0+/, "");
  const precision = Math.max(digits.length + fraction.length, 1);
  if (precision > 38) fail(1007, at, value);
  const type = { name: "decimal", precision, scale: fraction.length } as const;
  return { kind: "literal", at, type, value: BigInt(digits + fraction || "0") };
}

/** `$-1.23456`: the sign may follow the currency symbol, and what money has no room for rounds. */
function amount(text: string): bigint {
  const [whole = "", fraction = ""] = text.replace(/^[+-]/, "").split(".");
  const digits = BigInt(`${whole}${fraction.padEnd(5, "0").slice(0, 5)}`);
  const rounded = (digits + 5n) / 10n;
  return text.startsWith("-") ? -rounded : rounded;
}
