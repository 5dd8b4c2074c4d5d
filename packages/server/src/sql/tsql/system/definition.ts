// A system view is a value: its schema, name, columns, and the rows it has in a session.
import type { SqlType } from "../../session.ts";
import type { SystemCell } from "../emit/environment.ts";
import type { Session } from "../run/state.ts";
import { nvarchar, types } from "../type.ts";

export type SystemRow = Readonly<Record<string, SystemCell>>;

export interface SystemView {
  schema: "sys" | "INFORMATION_SCHEMA";
  name: string;
  columns: readonly { name: string; type: SqlType }[];
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
  varbinary: { name: "varbinary", length: 85 },
  nvarchar60: nvarchar(60),
  nvarchar256: nvarchar(256),
  nvarchar4000: nvarchar(4000),
  varchar: { name: "varchar", length: 128 },
};

/** Columns as `name:type` words, for example `object_id:int name:name`. */
export function columnsOf(words: string): { name: string; type: SqlType }[] {
  return words
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [name = "", type = ""] = word.split(":");
      const found = shorthand[type];
      if (found === undefined) throw new Error(`system view column type ${type}`);
      return { name, type: found };
    });
}

export function defineView(
  name: string,
  columns: string,
  rows: (session: Session) => readonly SystemRow[],
): SystemView {
  const [schema, own] = name.split(".") as ["sys" | "INFORMATION_SCHEMA", string];
  return { schema, name: own, columns: columnsOf(columns), rows };
}
