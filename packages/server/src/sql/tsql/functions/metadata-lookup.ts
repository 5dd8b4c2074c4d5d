// Metadata functions over values that are not constant, as in SCHEMA_NAME(t.schema_id): what they can
// be asked is known from the catalogue, so the answers become a table inside the expression.
import type { SqlType, SqlValue } from "../../session.ts";
import { isTable } from "../catalogue/model.ts";
import { convert } from "../emit/conversion.ts";
import type { SessionFacts } from "../emit/environment.ts";
import { literalValue, textValue, type Value } from "../emit/value.ts";
import { isBinary, isString, storage, types } from "../type.ts";

/** All argument lists that have an answer; undefined stands where any value will do. */
export type Domain = (facts: SessionFacts) => (readonly (SqlValue | undefined)[])[];

export const domains = {
  databaseIds: (facts) => facts.databases.map(({ id }) => [id]),
  databaseNames: (facts) => facts.databases.map(({ name }) => [name]),
  schemaIds: (facts) => facts.schemas().map(({ id }) => [id]),
  schemaNames: (facts) => facts.schemas().map(({ name }) => [name]),
  principalIds: (facts) => facts.principals().map(({ id }) => [id]),
  principalNames: (facts) => facts.principals().map(({ name }) => [name]),
  objectIds: (facts) => facts.objects().map(({ id }) => [id]),
  objectNames: (facts) =>
    facts.objects().flatMap((object) => namesOf(facts, object).map((name) => [name])),
  /** Object id, column name. */
  columnNames: (facts) =>
    tables(facts).flatMap((table) => table.columns.map((column) => [table.id, column.name])),
  /** Object id, column id. */
  columnIds: (facts) =>
    tables(facts).flatMap((table) => table.columns.map((column) => [table.id, column.id])),
  /** Object name, column name. */
  namedColumns: (facts) =>
    tables(facts).flatMap((table) =>
      namesOf(facts, table).flatMap((name) => table.columns.map((column) => [name, column.name])),
    ),
} satisfies Record<string, Domain>;

function tables(facts: SessionFacts) {
  return facts.objects().filter(isTable);
}

/** A name without its schema means dbo's. */
function namesOf(
  { database }: SessionFacts,
  { schema, name }: { schema: string; name: string },
): string[] {
  const full = `${schema}.${name}`;
  const names = [full, `${database}.${full}`];
  return schema.toLowerCase() === "dbo" ? [...names, name, `${database}..${name}`] : names;
}

const separator = "\u{1f}";

/** The value of `read` for each row's arguments; NULL where the domain has none like them. */
export function lookUp(options: {
  args: readonly Value[];
  domain: Domain;
  facts: SessionFacts;
  type: SqlType;
  read(args: readonly SqlValue[]): SqlValue;
}): Value {
  const { args, domain, facts, type, read } = options;
  const known = args.map((arg) => arg.literal?.value ?? undefined);
  const answers = new Map<string, SqlValue>();
  for (const candidate of domain(facts)) {
    const filled = args.map((_, index) => known[index] ?? candidate[index] ?? null);
    const fits = candidate.every(
      (value, index) =>
        known[index] === undefined || value === undefined || keyOf(known[index]) === keyOf(value),
    );
    if (!fits) continue;
    const key = filled.filter((_, index) => known[index] === undefined).map(keyOf);
    answers.set(key.join(separator), read(filled));
  }
  const present = [...answers].filter(([, answer]) => answer !== null);
  if (present.length === 0) return { sql: `CAST(NULL AS ${storage(type)})`, type, nullable: true };
  const keySql = args
    .filter((_, index) => known[index] === undefined)
    .map(keySqlOf)
    .join(`||'${separator}'||`);
  const keys = listSql(present.map(([key]) => key));
  const texts = present.map(([, answer]) => answer).filter((answer) => typeof answer !== "object");
  const values =
    texts.length === present.length
      ? listSql(texts.map(String))
      : `[${present.map(([, answer]) => literalValue(answer, type).sql).join(", ")}]`;
  const sql = `CAST(list_extract(${values}, list_position(${keys}, ${keySql})) AS ${storage(type)})`;
  return { sql, type, nullable: true };
}

const listEnd = "\u{1e}";

/** One text that the engine splits: thousands of columns would be as many expressions. */
function listSql(texts: readonly string[]): string {
  return texts.some((text) => text.includes(listEnd))
    ? `[${texts.map((text) => textValue(text).sql).join(", ")}]`
    : `string_split(${textValue(texts.join(listEnd)).sql}, '${listEnd}')`;
}

function keyOf(value: SqlValue): string {
  return String(value)
    .toLowerCase()
    .replace(/[[\]"]/g, "")
    .trimEnd();
}

function keySqlOf(value: Value): string {
  const { sql, type } = value;
  if (isBinary(type)) return `CAST(${convert(value, types.bigint, undefined).sql} AS VARCHAR)`;
  if (isString(type)) return `lower(rtrim(translate(${sql}, '[]"', '')))`;
  return `CAST(CAST(${sql} AS BIGINT) AS VARCHAR)`;
}
