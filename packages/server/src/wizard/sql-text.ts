// T-SQL as the wizard writes it: bracketed names, literals, and the types that models and columns meet in.

/** `[a]]b]` */
export function bracket(name: string): string {
  return `[${name.replaceAll("]", "]]")}]`;
}

/** `N'it''s'` */
export function literal(text: string): string {
  return `N'${text.replaceAll("'", "''")}'`;
}

export interface ObjectName {
  readonly schema: string;
  readonly name: string;
}

export function qualified({ schema, name }: ObjectName): string {
  return `${bracket(schema)}.${bracket(name)}`;
}

/** The most characters that a name has in SQL. */
export const nameLengthMax = 128;

/** Whether SQL takes two names for one: casing does not count. */
export function isSameName(a: ObjectName, b: ObjectName): boolean {
  return nameKey(a.schema) === nameKey(b.schema) && nameKey(a.name) === nameKey(b.name);
}

function nameKey(name: string): string {
  return name.toLowerCase();
}

/** The first two names that are one in SQL. */
export function twinNames(names: readonly string[]): readonly [string, string] | undefined {
  const known = new Map<string, string>();
  for (const name of names) {
    const twin = known.get(nameKey(name));
    if (twin !== undefined) return [twin, name];
    known.set(nameKey(name), name);
  }
  return undefined;
}

const namePart = String.raw`(\[(?:[^\]]|\]\])+\]|"(?:[^"]|"")+"|[\p{L}_#][\p{L}\p{M}\p{N}_$#@]*)`;
const objectName = new RegExp(String.raw`^\s*${namePart}\s*(?:\.\s*${namePart}\s*)?$`, "u");

/** `schema.name`, delimited or not; a bare name is in dbo. Undefined for anything else. */
export function parseObjectName(text: string): ObjectName | undefined {
  const [, first, second] = objectName.exec(text) ?? [];
  if (first === undefined) return undefined;
  const [one, two] = [plainName(first), second === undefined ? undefined : plainName(second)];
  const parsed = two === undefined ? { schema: "dbo", name: one } : { schema: one, name: two };
  const isTooLong = parsed.schema.length > nameLengthMax || parsed.name.length > nameLengthMax;
  return isTooLong ? undefined : parsed;
}

function plainName(part: string): string {
  if (part.startsWith("[")) return part.slice(1, -1).replaceAll("]]", "]");
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;
}

/** ONNX element types that PREDICT binds, and the T-SQL type of each (features.md G-17, G-18). */
export const sqlTypes: Readonly<Record<string, string>> = {
  float: "real",
  double: "float",
  int64: "bigint",
  int32: "int",
  string: "varchar",
};

/** `[bigint]`; text has a length, because CAST without one cuts at 30 characters. */
export function typeText(type: string): string {
  return type === "varchar" ? "[varchar](8000)" : bracket(type);
}

const numbers = new Set([
  "bit",
  "tinyint",
  "smallint",
  "int",
  "bigint",
  "decimal",
  "numeric",
  "money",
  "smallmoney",
  "real",
  "float",
]);
const texts = new Set(["char", "varchar", "nchar", "nvarchar"]);
const moments = new Set([
  "date",
  "time",
  "datetime",
  "datetime2",
  "smalldatetime",
  "datetimeoffset",
]);

/** Whether CAST takes a column's type to a model's; text may still hold what is no number. */
export function canCast(from: string, to: string): boolean {
  if (texts.has(to))
    return texts.has(from) || numbers.has(from) || moments.has(from) || from === "uniqueidentifier";
  return numbers.has(from) || texts.has(from);
}
