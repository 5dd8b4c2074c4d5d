// The SQL script editor: connect to a pool, run all or what is selected, cancel, publish.

import { Dropdown, Field, makeStyles, Option, tokens } from "@fluentui/react-components";
import { PlayRegular, SaveRegular, StopRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { CodeEditor } from "../../control/code-editor.tsx";
import { CommandButton } from "../../control/command-button.tsx";
import { type Crumb, PageFrame } from "../../control/page-frame.tsx";
import { useSynapseRight } from "../right.ts";
import { sqlPoolsQuery } from "../sql/catalog.ts";
import { useWorkspaceName } from "../workspace.ts";
import { Results } from "./results.tsx";
import { useSqlRun } from "./sql-run.ts";

const useStyles = makeStyles({
  connection: { display: "flex", gap: tokens.spacingHorizontalL, flexWrap: "wrap" },
});

export interface EditedScript {
  readonly query: string;
  readonly database: string;
}

export function ScriptEditor({
  name,
  script,
  crumbs,
  isChanged,
  notice,
  onChange,
  onPublish,
}: {
  name: string;
  script: EditedScript;
  crumbs: readonly Crumb[];
  isChanged: boolean;
  notice?: ReactNode;
  onChange(script: EditedScript): void;
  onPublish(): void;
}) {
  const workspace = useWorkspaceName();
  const { run, start, cancel } = useSqlRun();
  const [selected, setSelected] = useState("");
  const { query, database } = script;
  const isRunning = run.state === "running";
  const blocked = isRunning
    ? "The script is running."
    : database === ""
      ? "Choose a SQL pool to connect to first."
      : undefined;
  const runText = (text: string) => {
    if (blocked === undefined) void start({ workspace, database, query: text });
  };
  return (
    <PageFrame
      title={`${name}${isChanged ? " (not published)" : ""}`}
      crumbs={crumbs}
      commands={
        <Commands
          blocked={blocked}
          isRunning={isRunning}
          onRun={() => runText(selected || query)}
          onCancel={cancel}
          onPublish={onPublish}
        />
      }
    >
      {notice}
      <Connection
        workspace={workspace}
        database={database}
        onChange={(chosen) => onChange({ ...script, database: chosen })}
      />
      <CodeEditor
        label="SQL script"
        language="sql"
        height="38vh"
        value={query}
        onChange={(text) => onChange({ ...script, query: text })}
        onRun={runText}
        onSelect={setSelected}
      />
      <Results run={run} />
    </PageFrame>
  );
}

function Commands({
  blocked,
  isRunning,
  onRun,
  onCancel,
  onPublish,
}: {
  blocked: string | undefined;
  isRunning: boolean;
  onRun(): void;
  onCancel(): void;
  onPublish(): void;
}) {
  const right = useSynapseRight("sqlScripts/write");
  return (
    <>
      <CommandButton
        icon={<PlayRegular />}
        appearance="primary"
        disabledReason={blocked}
        onClick={onRun}
      >
        Run
      </CommandButton>
      <CommandButton
        icon={<StopRegular />}
        disabledReason={isRunning ? undefined : "No script is running."}
        onClick={onCancel}
      >
        Cancel
      </CommandButton>
      <CommandButton icon={<SaveRegular />} right={right} onClick={onPublish}>
        Publish
      </CommandButton>
    </>
  );
}

function Connection({
  workspace,
  database,
  onChange,
}: {
  workspace: string;
  database: string;
  onChange(database: string): void;
}) {
  const styles = useStyles();
  const { data = [] } = useQuery(sqlPoolsQuery(workspace));
  const names = data.map(({ name }) => name);
  return (
    <div className={styles.connection}>
      <Field label="Connect to">
        <Dropdown
          value={database}
          selectedOptions={[database]}
          placeholder={names.length === 0 ? "No SQL pool is there" : "Select a SQL pool"}
          onOptionSelect={(_, { optionValue }) => onChange(optionValue ?? "")}
        >
          {names.map((name) => (
            <Option key={name}>{name}</Option>
          ))}
        </Dropdown>
      </Field>
    </div>
  );
}
