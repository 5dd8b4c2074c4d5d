// The body of a query over HTTP as the session wants it: batches of a script, or one call of
// sp_executesql with parameters.
import { fail } from "@callosum/contract/error-catalogue.ts";
import type { SqlCall, SqlParameter, SqlType } from "../session.ts";
import { splitScript } from "../tsql/parser/script.ts";

export interface ScriptBatch {
  text: string;
  /** 1-based line of the script. */
  firstLine: number;
  /** How often `GO n` runs it. */
  count: number;
}

export type QueryRequest =
  | { kind: "script"; batches: readonly ScriptBatch[] }
  | { kind: "call"; call: SqlCall };

const rowsMaxMax = 2 ** 31 - 1;

/** `{ query, parameters? }`; fails with InvalidRequestContent or InvalidParameter. */
export function readQueryRequest(body: unknown): QueryRequest {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw fail.InvalidRequestContent({ reason: "The body must be a JSON object." });
  const { query, parameters } = body as Record<string, unknown>;
  if (typeof query !== "string") throw invalid("query", "it must be a text");
  const batches = splitScript(query);
  if (parameters === undefined || parameters === null) return { kind: "script", batches };
  if (!Array.isArray(parameters)) throw invalid("parameters", "it must be an array");
  if (parameters.length === 0) return { kind: "script", batches };
  if (batches.length > 1 || batches.some(({ count }) => count !== 1))
    throw invalid("parameters", "they belong to one batch, and the query has GO");
  return { kind: "call", call: executeSql(query, parameters.map(readParameter)) };
}

/** `topRows` of the query string: rows of a result set after which it ends. */
export function readRowsMax(text: string | null): number | undefined {
  if (text === null || text === "") return undefined;
  const rowsMax = Number(text);
  if (/^\d+$/.test(text) && rowsMax >= 1 && rowsMax <= rowsMaxMax) return rowsMax;
  throw invalid("topRows", `it must be a number from 1 to ${rowsMaxMax}`);
}

interface Declared {
  declaration: string;
  parameter: SqlParameter;
}

const text: SqlType = { name: "nvarchar", length: "max" };

/** Values travel as text and are converted to the declared type as T-SQL converts text. */
function readParameter(value: unknown, index: number): Declared {
  const at = `parameters[${index}]`;
  const { name, type, value: given } = (value ?? {}) as Record<string, unknown>;
  if (typeof name !== "string" || !/^@[\p{L}_#@$][\p{L}\p{N}_#@$]*$/u.test(name))
    throw invalid(`${at}.name`, "it must be a variable's name, with its @");
  if (typeof type !== "string" || !/^[\w.[\] ]+(\(\s*(\d+|max)\s*(,\s*\d+\s*)?\))?$/i.test(type))
    throw invalid(`${at}.type`, "it must be a type, like int or nvarchar(20)");
  const parameter = { name, type: text, value: parameterText(given, at), output: false };
  return { declaration: `${name} ${type}`, parameter };
}

function parameterText(value: unknown, at: string): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "1" : "0";
  throw invalid(`${at}.value`, "it must be a text, a number, a boolean or null");
}

function executeSql(query: string, declared: readonly Declared[]): SqlCall {
  const declarations = declared.map(({ declaration }) => declaration).join(", ");
  const positional = (value: string) => ({ name: "", type: text, value, output: false });
  return {
    procedure: "sp_executesql",
    parameters: [
      positional(query),
      positional(declarations),
      ...declared.map(({ parameter }) => parameter),
    ],
  };
}

function invalid(parameter: string, reason: string) {
  return fail.InvalidParameter({ parameter, reason, target: parameter });
}
