// What a script gave: result sets as grids, messages, and the way to keep a result set as a file.

import {
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Tab,
  TabList,
  Text,
  tokens,
} from "@fluentui/react-components";
import { ArrowDownloadRegular } from "@fluentui/react-icons";
import { useMemo, useState } from "react";
import { type Column, Grid } from "../../control/grid.tsx";
import { Problem } from "../../control/problem.tsx";
import type { Cell } from "../sql/stream.ts";
import { csvOf } from "./csv.ts";
import type { ResultSet, Run } from "./sql-run.ts";

const useStyles = makeStyles({
  messages: {
    fontFamily: tokens.fontFamilyMonospace,
    whiteSpace: "pre-wrap",
    padding: tokens.spacingVerticalM,
    margin: 0,
  },
  error: { color: tokens.colorStatusDangerForeground1 },
  set: { paddingTop: tokens.spacingVerticalM },
});

export function Results({ run }: { run: Run }) {
  const [chosen, setChosen] = useState<string>();
  const hasRows = run.results.length > 0;
  const tab = chosen ?? (hasRows && run.state !== "failed" ? "Results" : "Messages");
  if (run.state === "idle") return <Text>Run the script to see its results.</Text>;
  return (
    <section aria-label="Results of the script">
      <Text role="status">{stateText(run)}</Text>
      {run.error !== undefined && <Problem error={run.error} />}
      <TabList selectedValue={tab} onTabSelect={(_, { value }) => setChosen(String(value))}>
        <Tab value="Results" disabled={!hasRows}>
          Results
        </Tab>
        <Tab value="Messages">Messages</Tab>
      </TabList>
      {tab === "Results" ? <ResultSets sets={run.results} /> : <Messages run={run} />}
    </section>
  );
}

function stateText({ state, elapsedMs }: Run): string {
  const time = `${(elapsedMs / 1000).toFixed(1)} s`;
  switch (state) {
    case "running":
      return `Running, ${time}`;
    case "succeeded":
      return `Query executed successfully, ${time}`;
    case "cancelled":
      return `Query cancelled, ${time}`;
    default:
      return `Query completed with errors, ${time}`;
  }
}

function Messages({ run }: { run: Run }) {
  const styles = useStyles();
  if (run.messages.length === 0) return <Text>No message.</Text>;
  return (
    <pre className={styles.messages}>
      {run.messages.map(({ text, isError }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages only ever get more.
        <div key={at} {...(isError && { className: styles.error })}>
          {text}
        </div>
      ))}
    </pre>
  );
}

function ResultSets({ sets }: { sets: readonly ResultSet[] }) {
  const styles = useStyles();
  return sets.map((set, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: result sets only ever get more.
    <div key={at} className={styles.set}>
      <ResultGrid set={set} number={at + 1} />
    </div>
  ));
}

interface Row {
  readonly key: string;
  readonly cells: readonly Cell[];
}

function ResultGrid({ set, number }: { set: ResultSet; number: number }) {
  const columns = useMemo<Column<Row>[]>(
    () =>
      set.columns.map(({ name }, at) => ({
        name: String(at),
        label: name === "" ? "(No column name)" : name,
        text: ({ cells }) => textOf(cells[at]),
      })),
    [set.columns],
  );
  const rows = useMemo(
    () => set.rows.map((cells, at): Row => ({ key: String(at), cells })),
    [set.rows],
  );
  return (
    <>
      {set.isTruncated && (
        <MessageBar intent="warning">
          <MessageBarBody>
            Only the first {set.rows.length.toLocaleString()} rows are shown: a SQL client reads
            them all.
          </MessageBarBody>
        </MessageBar>
      )}
      <Grid
        label={`Result set ${number}`}
        columns={columns}
        rows={rows}
        rowKey={({ key }) => key}
        empty="The query returned no row."
        tools={
          <Button
            appearance="subtle"
            icon={<ArrowDownloadRegular />}
            onClick={() => download(set, `results-${number}.csv`)}
          >
            Export results as CSV
          </Button>
        }
      />
    </>
  );
}

function textOf(cell: Cell | undefined): string | number {
  if (cell === null || cell === undefined) return "NULL";
  return typeof cell === "boolean" ? Number(cell) : cell;
}

function download(set: ResultSet, name: string): void {
  const url = URL.createObjectURL(new Blob([csvOf(set)], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
