// A list as a table: search, sort, pages, selection. Only the page that is seen is in the document, so
// ten thousand rows stay smooth.

import {
  Button,
  Checkbox,
  makeStyles,
  SearchBox,
  Skeleton,
  SkeletonItem,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  TableSelectionCell,
  Text,
  tokens,
} from "@fluentui/react-components";
import { ChevronLeftRegular, ChevronRightRegular } from "@fluentui/react-icons";
import { type ReactNode, useId } from "react";
import { type Column, type GridState, useGridState } from "./grid-state.ts";
import { Problem } from "./problem.tsx";

export type { Column } from "./grid-state.ts";

export interface GridProps<Row> {
  /** Name of the list for screen readers: "Linked services". */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** Undefined while loading. */
  readonly rows: readonly Row[] | undefined;
  readonly error?: unknown;
  readonly onRetry?: () => void;
  rowKey(row: Row): string;
  /** Shown instead of rows when there are none. */
  readonly empty: ReactNode;
  readonly pageSize?: number;
  readonly selection?: {
    readonly keys: ReadonlySet<string>;
    /** One row at a time, as for a choice. */
    readonly isSingle?: boolean;
    onChange(keys: ReadonlySet<string>): void;
  };
  /** Buttons and filters beside the search box. */
  readonly tools?: ReactNode;
}

/** What a grid shows of a query: its rows, or what went wrong and a way to ask again. */
export function rowsOf<Row>({
  data,
  error,
  refetch,
}: {
  readonly data: readonly Row[] | undefined;
  readonly error: unknown;
  refetch(): unknown;
}): Pick<GridProps<Row>, "rows" | "error" | "onRetry"> {
  return { rows: data, error, onRetry: () => void refetch() };
}

const useStyles = makeStyles({
  tools: {
    display: "flex",
    alignItems: "center",
    flexWrap: "wrap",
    gap: tokens.spacingHorizontalM,
    marginBottom: tokens.spacingVerticalS,
  },
  count: { color: tokens.colorNeutralForeground2 },
  scroll: { overflowX: "auto" },
  cell: { overflowWrap: "anywhere" },
  pages: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  empty: { padding: tokens.spacingVerticalXXL, textAlign: "center" },
});

export function Grid<Row>(grid: GridProps<Row>) {
  const styles = useStyles();
  const state = useGridState(grid);
  if (grid.error && grid.rows === undefined) {
    return <Problem error={grid.error} {...(grid.onRetry && { onRetry: grid.onRetry })} />;
  }
  return (
    <div>
      <div className={styles.tools}>
        <SearchBox
          aria-label={`Filter ${grid.label}`}
          placeholder="Filter"
          value={state.search}
          onChange={(_, { value }) => state.setSearch(value)}
        />
        {grid.tools}
        <Text className={styles.count} role="status">
          {grid.rows === undefined ? "Loading" : countText(state.found, grid.rows.length)}
        </Text>
      </div>
      <div className={styles.scroll}>
        <Table aria-label={grid.label} size="small" aria-rowcount={state.found + 1}>
          <Head grid={grid} state={state} />
          <TableBody>
            {grid.rows === undefined && <Waiting columns={grid.columns.length} />}
            {state.shown.map((row) => (
              <Row key={grid.rowKey(row)} grid={grid} row={row} />
            ))}
          </TableBody>
        </Table>
      </div>
      {grid.rows !== undefined && state.found === 0 && (
        <div className={styles.empty}>
          {grid.rows.length === 0 ? grid.empty : <Text>Nothing matches the filter.</Text>}
        </div>
      )}
      {state.pageCount > 1 && <Pages state={state} />}
    </div>
  );
}

function countText(found: number, all: number): string {
  const count = found.toLocaleString();
  if (found !== all) return `${count} of ${all.toLocaleString()}`;
  return all === 1 ? "1 item" : `${count} items`;
}

function Head<Row>({ grid, state }: { grid: GridProps<Row>; state: GridState<Row> }) {
  const { selection } = grid;
  const shownKeys = state.shown.map(grid.rowKey);
  const chosen = shownKeys.filter((key) => selection?.keys.has(key)).length;
  return (
    <TableHeader>
      <TableRow>
        {selection && (
          <TableHeaderCell style={{ width: 44 }}>
            {!selection.isSingle && (
              <Checkbox
                aria-label="Select all on this page"
                checked={chosen === 0 ? false : chosen === shownKeys.length ? true : "mixed"}
                onChange={(_, { checked }) => selection.onChange(new Set(checked ? shownKeys : []))}
              />
            )}
          </TableHeaderCell>
        )}
        {grid.columns.map(({ name, label, width }) => (
          <TableHeaderCell
            key={name}
            sortable
            {...(width && { style: { width } })}
            {...(state.sort?.column === name && { sortDirection: state.sort.direction })}
            onClick={() => state.toggleSort(name)}
          >
            {label}
          </TableHeaderCell>
        ))}
      </TableRow>
    </TableHeader>
  );
}

function Row<Row>({ grid, row }: { grid: GridProps<Row>; row: Row }) {
  const styles = useStyles();
  const nameId = useId();
  const { selection } = grid;
  const key = grid.rowKey(row);
  const isSelected = selection?.keys.has(key) ?? false;
  const toggle = () => {
    if (!selection) return;
    const keys = new Set(selection.isSingle ? [] : selection.keys);
    if (isSelected) keys.delete(key);
    else keys.add(key);
    selection.onChange(keys);
  };
  return (
    <TableRow {...(selection && { "aria-selected": isSelected })}>
      {selection && (
        <TableSelectionCell
          type={selection.isSingle ? "radio" : "checkbox"}
          checked={isSelected}
          onClick={toggle}
          checkboxIndicator={{ "aria-labelledby": nameId }}
          radioIndicator={{ "aria-labelledby": nameId }}
        />
      )}
      {grid.columns.map((column, index) => (
        <TableCell key={column.name} className={styles.cell} {...(index === 0 && { id: nameId })}>
          {column.show ? column.show(row) : column.text(row)}
        </TableCell>
      ))}
    </TableRow>
  );
}

function Waiting({ columns }: { columns: number }) {
  return ["one", "two", "three"].map((row) => (
    <TableRow key={row}>
      <TableCell colSpan={columns}>
        <Skeleton aria-label="Loading">
          <SkeletonItem />
        </Skeleton>
      </TableCell>
    </TableRow>
  ));
}

function Pages<Row>({ state }: { state: GridState<Row> }) {
  const styles = useStyles();
  return (
    <nav aria-label="Pages" className={styles.pages}>
      <Button
        appearance="subtle"
        icon={<ChevronLeftRegular />}
        aria-label="Previous page"
        disabledFocusable={state.page === 0}
        onClick={() => state.setPage(state.page - 1)}
      />
      <Text>
        Page {state.page + 1} of {state.pageCount}
      </Text>
      <Button
        appearance="subtle"
        icon={<ChevronRightRegular />}
        aria-label="Next page"
        disabledFocusable={state.page + 1 >= state.pageCount}
        onClick={() => state.setPage(state.page + 1)}
      />
    </nav>
  );
}
