// What of a list is seen: filtered by every column's text, sorted by one, a page at a time.

import { type ReactNode, useDeferredValue, useMemo, useState } from "react";

export interface Column<Row> {
  readonly name: string;
  readonly label: string;
  /** What is searched and sorted. */
  text(row: Row): string | number;
  /** What is shown; the text unless given. */
  show?(row: Row): ReactNode;
  /** CSS width. */
  readonly width?: string;
}

export interface GridState<Row> {
  readonly search: string;
  readonly sort: Sort | undefined;
  readonly page: number;
  readonly pageCount: number;
  /** Rows that the filter leaves. */
  readonly found: number;
  readonly shown: readonly Row[];
  setSearch(text: string): void;
  setPage(page: number): void;
  toggleSort(column: string): void;
}

interface Sort {
  readonly column: string;
  readonly direction: "ascending" | "descending";
}

const defaultPageSize = 50;
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

export function useGridState<Row>({
  rows,
  columns,
  pageSize = defaultPageSize,
}: {
  rows: readonly Row[] | undefined;
  columns: readonly Column<Row>[];
  pageSize?: number;
}): GridState<Row> {
  const [search, setSearch] = useState("");
  const [sort, setSort] = useState<Sort>();
  const [page, setPage] = useState(0);
  const wanted = useDeferredValue(search).trim().toLowerCase();
  const found = useMemo(() => {
    const matching = (rows ?? []).filter((row) =>
      columns.some(({ text }) => String(text(row)).toLowerCase().includes(wanted)),
    );
    const by = columns.find(({ name }) => name === sort?.column);
    if (!by) return matching;
    const sign = sort?.direction === "descending" ? -1 : 1;
    return matching.sort((one, other) => sign * compare(by.text(one), by.text(other)));
  }, [rows, columns, wanted, sort]);
  const pageCount = Math.max(1, Math.ceil(found.length / pageSize));
  const seen = Math.min(page, pageCount - 1);
  return {
    search,
    sort,
    page: seen,
    pageCount,
    found: found.length,
    shown: found.slice(seen * pageSize, (seen + 1) * pageSize),
    setSearch(text) {
      setSearch(text);
      setPage(0);
    },
    setPage,
    toggleSort(column) {
      const isAscending = sort?.column === column && sort.direction === "ascending";
      setSort({ column, direction: isAscending ? "descending" : "ascending" });
    },
  };
}

function compare(one: string | number, other: string | number): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return collator.compare(String(one), String(other));
}
