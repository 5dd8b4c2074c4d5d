// What the engine complains of, as SQL Server's messages. The patterns are DuckDB's own texts;
// texts that begin with § come from the SQL that emit/ writes.
import { EngineError, engineLost } from "../../engine/port.ts";
import { SqlError, type SqlMessage } from "../../session.ts";
import type { Position } from "../ast.ts";
import { sqlError } from "../error.ts";

/** Characters that emit/conversion.ts hid from DuckDB's number reader. */
const hidden: Readonly<Record<string, string>> = {
  "\u{e000}": ".",
  "\u{e001}": "e",
  "\u{e002}": "E",
  "\u{e003}": "x",
  "\u{e004}": "X",
  "\u{e005}": "_",
};

const integerNames: Readonly<Record<string, string>> = {
  UINT8: "tinyint",
  INT16: "smallint",
  INT32: "int",
  INT64: "bigint",
};

const arithmeticNames: Readonly<Record<string, string>> = {
  ...integerNames,
  INT128: "numeric",
  DOUBLE: "float",
  FLOAT: "real",
};

type Mapper = (found: RegExpExecArray, at: Position | undefined) => SqlError;

/** A model that fails while it runs: the scorer's own complaint, and ONNX Runtime's. */
const modelFailure =
  /(Output '.*' has (?:shape|kind) .*|Non-zero status code returned while running \w+ node.*)/s;

const rules: readonly (readonly [RegExp, Mapper])[] = [
  [/^the (?:pool is not open|connection is closed)$/, (_found, at) => sqlError(42108, at)],
  // copy.ts puts in which file.
  [
    /CSV Error on Line: (\d+)\n(?:Original Line:[^\n]*\n)?([^\n]*)/,
    (found, at) => sqlError(4861, at, "", `Line ${found[1]}: ${found[2]}`),
  ],
  [
    /too small to be a Parquet file|No magic bytes found at/,
    (_found, at) => sqlError(4861, at, "", "It is not a Parquet file."),
  ],
  [modelFailure, (found, at) => sqlError(39051, at, `The model of PREDICT failed: ${found[1]}`)],
  [
    /§(\d+)(.*)/s,
    (found, at) => sqlError(Number(found[1]), at, ...found[2]!.split("\u0001").slice(1)),
  ],
  [
    /Could not convert string "?'?(.*?)'?"? to (?:UUID|INT128)/s,
    (_found, at) => sqlError(8169, at),
  ],
  [
    /Could not convert string '(.*)' to (U?INT\d+)/s,
    (found, at) => textToInteger(found[1]!, found[2]!, at),
  ],
  [
    /Could not convert string '(.*)' to '?BOOL/s,
    (found, at) => sqlError(245, at, "varchar", shown(found[1]!), "bit"),
  ],
  [
    /(?:Could not convert|Could not cast|Casting) (?:string|value) ["'](.*)["'] to (?:type )?DECIMAL\(/s,
    (found, at) =>
      /^\s*[+-]?(\d+\.?\d*|\.\d+)\s*$/.test(found[1]!)
        ? sqlError(8115, at, "numeric", "numeric")
        : sqlError(8114, at, found[1]!.endsWith(" ") ? "nvarchar" : "varchar", "numeric"),
  ],
  [
    /Could not convert string '(.*)' to (DOUBLE|FLOAT)/s,
    (found, at) => sqlError(8114, at, "varchar", found[2] === "FLOAT" ? "real" : "float"),
  ],
  [
    /Could not cast value .* to DECIMAL|to type DECIMAL\(.*out of range|Casting .* to type DECIMAL/s,
    (_found, at) => sqlError(8115, at, "expression", "numeric"),
  ],
  [
    /Type (DOUBLE|FLOAT|DECIMAL\S*) with value (\S+) can't be cast.*destination type (U?INT\d+)/s,
    (found, at) =>
      found[1]!.startsWith("DECIMAL")
        ? sqlError(8115, at, "numeric", integerNames[found[3]!] ?? "int")
        : sqlError(232, at, integerNames[found[3]!] ?? "int", found[2]!),
  ],
  [
    /Failed to cast decimal value (\S+) to type (U?INT\d+)/,
    (found, at) => sqlError(8115, at, "numeric", integerNames[found[2]!] ?? "int"),
  ],
  [/Overflow on abs\(/, (_found, at) => sqlError(8115, at, "expression", "bigint")],
  [
    /Type (U?INT\d+) with value (\S+) can't be cast.*destination type (U?INT\d+)/s,
    (found, at) => narrowing(found[1]!, found[2]!, found[3]!, at),
  ],
  [
    /Overflow in \w+ of (\w+)/,
    (found, at) => sqlError(8115, at, "expression", arithmeticNames[found[1]!] ?? "numeric"),
  ],
  [
    /(?:Out of Range|Overflow).*(?:DECIMAL|HUGEINT|multiplication|numeric|INT128)/is,
    (_found, at) => sqlError(8115, at, "expression", "numeric"),
  ],
  [
    /Type DOUBLE with value \S+ can't be cast.*FLOAT/s,
    (found, at) => sqlError(8115, at, "expression", found[0].includes("FLOAT") ? "real" : "float"),
  ],
  [
    /Could not parse string|Date out of range: |Conversion Error: .*(?:timestamp|date|time) field|invalid (?:date|timestamp|time)|date field value out of range/is,
    (_found, at) => sqlError(241, at),
  ],
  [
    /(?:Date|Timestamp|year|interval).*out of range|Date and time not in timestamp range/is,
    (_found, at) => sqlError(517, at, "datetime"),
  ],
  // An aggregate of an outer column belongs to the outer statement, which is an UPDATE's set list.
  [/column "rowid" must appear in the GROUP BY/, (_found, at) => sqlError(157, at)],
  [/More than one row returned by a subquery/, (_found, at) => sqlError(512, at)],
  [
    /NOT NULL constraint failed: (?:[^.\s]+\.)?"?([^\s"]+)"?/,
    (found, at) => sqlError(515, at, found[1]!, "", "INSERT"),
  ],
  [
    /Conflict on (?:update|tuple deletion)|Transaction conflict|write-write conflict/i,
    (_found, at) => sqlError(3960, at),
  ],
  [/Current transaction is aborted/, (_found, at) => sqlError(3930, at)],
  [/Max expression depth/, (_found, at) => sqlError(191, at)],
  [/Malformed JSON/, (_found, at) => sqlError(13609, at, "", 0)],
  [/Out of Memory|could not allocate|failed to offload/i, (_found, at) => sqlError(701, at)],
];

function shown(text: string): string {
  return text.replace(/[\u{e000}-\u{e005}]/gu, (char) => hidden[char] ?? char).replace(/ $/, "");
}

function textToInteger(text: string, target: string, at: Position | undefined): SqlError {
  const source = text.endsWith(" ") ? "nvarchar" : "varchar";
  const value = shown(text);
  const name = integerNames[target] ?? "int";
  if (/^[+-]?\d+$/.test(value)) {
    if (name === "int") return sqlError(248, at, source, value);
    if (name === "bigint") return sqlError(8115, at, source, name);
    return sqlError(244, at, source, value, name === "tinyint" ? "INT1" : "INT2");
  }
  return sqlError(245, at, source, value, name);
}

/** Sums overflow as expressions; a cast to a smaller type names the value. */
function narrowing(from: string, value: string, to: string, at: Position | undefined): SqlError {
  const name = integerNames[to] ?? "int";
  if (name === "int" || name === "bigint" || from === "INT128")
    return sqlError(8115, at, "expression", name);
  return sqlError(220, at, name, value);
}

/** Every error becomes a SqlError; what has no rule is reported whole as the service's own. */
export function toSqlError(error: unknown, at: Position | undefined): SqlError {
  if (error instanceof SqlError) return error;
  // Binding recurses with the text: what is nested too deeply exhausts the stack.
  if (error instanceof RangeError && /call stack/.test(error.message)) return sqlError(191, at);
  if (error instanceof EngineError) {
    if (error.message === engineLost) return lostEngine(at);
    // The engine quotes the SQL where it failed, and that may hold the messages of other errors.
    const complaint = error.message.replace(/\n+LINE \d+: .*$/s, "");
    for (const [pattern, map] of rules) {
      const found = pattern.exec(complaint);
      if (found !== null) return map(found, at);
    }
    return sqlError(40197, at, complaint.split("\n")[0]!);
  }
  throw error;
}

/** Temporary tables and the transaction went with the engine: the session ends, and a new one works. */
function lostEngine(at: Position | undefined): SqlError {
  const { detail } = sqlError(40197, at, "The SQL engine ended; please connect again.");
  return new SqlError({ ...detail, severity: 20 });
}

/** Errors after which a batch goes on with its next statement ("Error severities"). */
const continuing = new Set([
  220, 232, 266, 512, 515, 517, 535, 544, 545, 2627, 2628, 2714, 2732, 3701, 3902, 3903, 8115, 8134,
  8152, 8672, 15023, 15151, 50000,
]);

export function continuesBatch(message: SqlMessage): boolean {
  return continuing.has(message.number) || message.severity <= 10;
}
