// A result set as RFC 4180 text; NULL is an empty field.

import type { Cell, SqlColumn } from "../sql/stream.ts";

export function csvOf(set: {
  columns: readonly Pick<SqlColumn, "name">[];
  rows: readonly (readonly Cell[])[];
}): string {
  const lines = [set.columns.map(({ name }) => name), ...set.rows];
  return lines.map((cells) => `${cells.map(field).join(",")}\r\n`).join("");
}

function field(cell: Cell): string {
  if (cell === null) return "";
  const text = typeof cell === "boolean" ? String(Number(cell)) : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
