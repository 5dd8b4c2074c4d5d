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

/** `schema.name`, `[schema].[name]` or a bare name, which is in dbo; undefined for anything else. */
export function parseObjectName(text: string): ObjectName | undefined {
  const part = String.raw`(?:\[((?:[^\]]|\]\])+)\]|([A-Za-z_#@][\w$#@]*))`;
  const match = new RegExp(String.raw`^\s*${part}\s*(?:\.\s*${part}\s*)?$`).exec(text);
  if (!match) return undefined;
  const [, quotedFirst, first, quotedSecond, second] = match;
  const names = [
    quotedFirst?.replaceAll("]]", "]") ?? first,
    quotedSecond?.replaceAll("]]", "]") ?? second,
  ];
  const [one = "", two] = names;
  const parsed = two === undefined ? { schema: "dbo", name: one } : { schema: one, name: two };
  return parsed.schema.length > 128 || parsed.name.length > 128 ? undefined : parsed;
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
