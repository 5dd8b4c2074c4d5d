// A system view is a value: its schema, name, columns, and the rows it has in a session.
import type { SqlType } from "../../session.ts";
import type { SystemCell } from "../emit/environment.ts";
import type { Session } from "../run/state.ts";
import { isNumeric, nvarchar, types } from "../type.ts";

export type SystemRow = Readonly<Record<string, SystemCell>>;

export interface SystemColumn {
  name: string;
  type: SqlType;
  /** What rows have that do not name the column: the same in every pool. */
  always: SystemCell;
}

export interface SystemView {
  schema: "sys" | "INFORMATION_SCHEMA";
  name: string;
  columns: readonly SystemColumn[];
  rows(session: Session): readonly SystemRow[];
}

const shorthand: Readonly<Record<string, SqlType>> = {
  int: types.int,
  bigint: types.bigint,
  smallint: types.smallint,
  tinyint: types.tinyint,
  float: types.float,
  bit: types.bit,
  name: types.sysname,
  text: nvarchar("max"),
  type: { name: "char", length: 2 },
  datetime: types.datetime,
  guid: types.uniqueidentifier,
  varbinary: { name: "varbinary", length: 85 },
  nvarchar60: nvarchar(60),
  nvarchar256: nvarchar(256),
  nvarchar4000: nvarchar(4000),
  varchar: { name: "varchar", length: 128 },
};

/**
 * Columns as `name:type` words, for example `object_id:int name:name`; `is_masked:bit=0` says what is always
 * the case, `NULL` otherwise.
 */
export function columnsOf(words: string): SystemColumn[] {
  return words
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [, name = "", kind = "", always] = /^(\w+):(\w+)(?:=(.*))?$/.exec(word) ?? [];
      const type = shorthand[kind];
      if (type === undefined) throw new Error(`system view column ${word}`);
      return { name, type, always: always === undefined ? null : cellOf(always, type) };
    });
}

function cellOf(text: string, type: SqlType): SystemCell {
  if (type.name === "bit") return text === "1";
  if (type.name === "bigint") return BigInt(text);
  return isNumeric(type) ? Number(text) : text;
}

export function defineView(
  name: string,
  columns: string,
  rows: (session: Session) => readonly SystemRow[],
): SystemView {
  const [schema, own] = name.split(".") as ["sys" | "INFORMATION_SCHEMA", string];
  return { schema, name: own, columns: columnsOf(columns), rows };
}
