// Ranges of a partitioned table. They do not divide its rows in the engine: they say which rows a
// partition number means. Source: "CREATE TABLE (Azure Synapse Analytics)", table partition options.
import type { SqlType } from "../../session.ts";
import { findColumn, type TableObject } from "../catalogue/model.ts";
import { convert } from "./conversion.ts";
import { tableSql } from "./source.ts";
import { quoteName, textValue } from "./value.ts";

/** Boundary values in the column's own order; they are kept as text. */
export function sortedBoundaries(values: readonly string[], type: SqlType): string[] {
  const keyed = values.map((text) => ({ text, key: boundary(text, type).literal?.value ?? text }));
  return keyed
    .toSorted((left, right) => (left.key! < right.key! ? -1 : left.key! > right.key! ? 1 : 0))
    .map(({ text }) => text);
}

export function sameBoundary(left: string, right: string, type: SqlType): boolean {
  return boundary(left, type).sql === boundary(right, type).sql;
}

function boundary(text: string, type: SqlType) {
  return convert(textValue(text), type, undefined);
}

export function partitionCount(table: TableObject): number {
  return (table.partition?.values.length ?? 0) + 1;
}

/** The condition that rows of partition `number`, counted from 1, meet; NULL lies in the first. */
export function partitionCondition(table: TableObject, number: number): string {
  const { partition } = table;
  if (partition === undefined) return "true";
  const column = findColumn(table, partition.column)!;
  const name = quoteName(column.name);
  const bound = (index: number) => boundary(partition.values[index]!, column.type).sql;
  const [above, below] = partition.range === "right" ? [">=", "<"] : [">", "<="];
  const low = number > 1 ? [`${name} ${above} ${bound(number - 2)}`] : [];
  const high = number <= partition.values.length ? [`${name} ${below} ${bound(number - 1)}`] : [];
  const within = [...low, ...high].join(" AND ") || "true";
  return number === 1 ? `(${name} IS NULL OR ${within})` : `(${within})`;
}

/** The engine does not tell sizes by table: a value counts so much. */
export const valueBytes = 8;
const pageBytes = 8192;

/** How many pages of 8 KB those rows take, as far as anyone can tell. */
export function partitionPagesSql(table: TableObject, number: number): string {
  const rowBytes = table.columns.length * valueBytes;
  return `((${partitionRowsSql(table, number)} * ${rowBytes} + ${pageBytes - 1}) // ${pageBytes})`;
}

/** How many rows a partition has, as a subquery. */
export function partitionRowsSql(table: TableObject, number: number): string {
  const condition = partitionCondition(table, number);
  return `(SELECT count(*) FROM ${tableSql(table)}${condition === "true" ? "" : ` WHERE ${condition}`})`;
}
