// Tags of a resource or group, edited in place and saved together.

import { Button, Input, makeStyles, tokens } from "@fluentui/react-components";
import { DeleteRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { arm, call } from "../../api/request.ts";
import { nameOf } from "../../api/scope.ts";
import { useAzureRight } from "../../control/command-button.tsx";
import { Problem } from "../../control/problem.tsx";
import { useScope } from "../../control/scope-path.ts";
import { useTask } from "../../shell/notification.tsx";
import { ScopeFrame } from "../scope-frame.tsx";
import { resourceChanges } from "./group.ts";
import { useResource } from "./resource-type.ts";

const useStyles = makeStyles({
  rows: {
    display: "grid",
    gridTemplateColumns: "minmax(120px, 320px) minmax(120px, 320px) auto",
    gap: tokens.spacingHorizontalS,
    alignItems: "center",
    justifyContent: "start",
  },
  buttons: { display: "flex", gap: tokens.spacingHorizontalS },
});

export function Page() {
  const id = useScope();
  const { resource, error, refetch } = useResource(id);
  return (
    <ScopeFrame id={id} section="tags">
      <p>
        Tags are name/value pairs that enable you to categorize resources by applying the same tag
        to multiple resources and resource groups.
      </p>
      {error ? <Problem error={error} onRetry={refetch} /> : null}
      {resource && (
        <TagEditor key={JSON.stringify(resource.tags)} id={id} tags={resource.tags ?? {}} />
      )}
    </ScopeFrame>
  );
}

interface Line {
  readonly key: number;
  readonly name: string;
  readonly value: string;
}

function TagEditor({ id, tags }: { id: string; tags: Readonly<Record<string, string>> }) {
  const styles = useStyles();
  const initial = [...Object.entries(tags), ["", ""]].map(
    ([name = "", value = ""], key): Line => ({ key, name, value }),
  );
  const [lines, setLines] = useState<readonly Line[]>(initial);
  const right = useAzureRight(id, "Microsoft.Resources/tags/write");
  const saving = useTask({
    run: (sent: Readonly<Record<string, string>>) =>
      call(arm, {
        method: "PUT",
        path: `${id}/providers/Microsoft.Resources/tags/default?api-version=2021-04-01`,
        body: { properties: { tags: sent } },
      }),
    done: () => `Tags of '${nameOf(id)}' saved`,
    failed: () => "The tags could not be saved",
    changes: [...resourceChanges],
  });
  const edit = (key: number, changed: Partial<Line>) =>
    setLines((earlier) => {
      const edited = earlier.map((line) => (line.key === key ? { ...line, ...changed } : line));
      const last = edited.at(-1);
      return last && last.name !== ""
        ? [...edited, { key: last.key + 1, name: "", value: "" }]
        : edited;
    });
  const problem = right.allowed ? problemOf(lines) : right.reason;
  const save = () => {
    if (problem !== undefined) return;
    const named = lines.filter(({ name }) => name.trim() !== "");
    saving.mutate(Object.fromEntries(named.map(({ name, value }) => [name.trim(), value])));
  };
  return (
    <>
      <div className={styles.rows}>
        {lines.map((line, index) => (
          <TagLine
            key={line.key}
            line={line}
            number={index + 1}
            onEdit={(changed) => edit(line.key, changed)}
            onDelete={() => setLines(lines.filter(({ key }) => key !== line.key))}
          />
        ))}
      </div>
      {problem !== undefined && <p role="status">{problem}</p>}
      {saving.error && <Problem error={saving.error} />}
      <div className={styles.buttons}>
        <Button
          appearance="primary"
          disabledFocusable={problem !== undefined || saving.isPending}
          onClick={save}
        >
          Apply
        </Button>
        <Button onClick={() => setLines(initial)}>Discard changes</Button>
      </div>
    </>
  );
}

function TagLine({
  line,
  number,
  onEdit,
  onDelete,
}: {
  line: Line;
  number: number;
  onEdit(changed: Partial<Line>): void;
  onDelete(): void;
}) {
  return (
    <>
      <Input
        aria-label={`Name of tag ${number}`}
        placeholder="Name"
        value={line.name}
        onChange={(_, { value }) => onEdit({ name: value })}
      />
      <Input
        aria-label={`Value of tag ${number}`}
        placeholder="Value"
        value={line.value}
        onChange={(_, { value }) => onEdit({ value })}
      />
      <Button
        appearance="subtle"
        aria-label={`Delete tag ${number}`}
        icon={<DeleteRegular />}
        disabled={line.name === "" && line.value === ""}
        onClick={onDelete}
      />
    </>
  );
}

const tagCountMax = 50;
const nameLengthMax = 512;
const valueLengthMax = 256;

/** The rules of the server's tags (arm/extensions/tags.ts). */
function problemOf(lines: readonly Line[]): string | undefined {
  const named = lines.filter(({ name }) => name.trim() !== "");
  const names = named.map(({ name }) => name.trim().toLowerCase());
  if (named.length > tagCountMax) return `There are at most ${tagCountMax} tags.`;
  if (new Set(names).size < names.length) return "Two tags have the same name.";
  const isLong = ({ name, value }: Line) =>
    name.length > nameLengthMax || value.length > valueLengthMax;
  return named.some(isLong)
    ? `A tag's name has at most ${nameLengthMax} characters, its value ${valueLengthMax}.`
    : undefined;
}
