// The members step of Add role assignment, with the panel that finds them.

import {
  Button,
  Field,
  makeStyles,
  Radio,
  RadioGroup,
  Subtitle2,
  Textarea,
  tokens,
} from "@fluentui/react-components";
import { AddRegular, DeleteRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { type DirectoryObject, kindLabels, kindOf } from "../../api/directory.ts";
import { type Column, Grid } from "../../control/grid.tsx";
import { Panel } from "../../control/panel.tsx";
import { PrincipalSearch } from "./principal-search.tsx";
import type { Wanted } from "./wanted.ts";

const useStyles = makeStyles({
  step: {
    display: "grid",
    gap: tokens.spacingVerticalL,
    paddingTop: tokens.spacingVerticalM,
    justifyItems: "stretch",
  },
  button: { justifySelf: "start" },
  panel: { display: "grid", gap: tokens.spacingVerticalM, justifyItems: "stretch" },
  selected: {
    display: "flex",
    justifyContent: "space-between",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
  },
  list: { listStyle: "none", margin: 0, padding: 0 },
});

const titles = {
  principal: "Select members",
  managedIdentity: "Select managed identities",
} as const;

export function Members({
  wanted,
  onChange,
}: {
  wanted: Wanted;
  onChange(changed: Partial<Wanted>): void;
}) {
  const styles = useStyles();
  const [isSelecting, setSelecting] = useState(false);
  const { kind, members, description } = wanted;
  const remove = (removed: DirectoryObject) =>
    onChange({ members: members.filter(({ id }) => id !== removed.id) });
  return (
    <div className={styles.step}>
      <Field label="Assign access to">
        <RadioGroup
          value={kind}
          onChange={(_, { value }) => onChange({ kind: value as Wanted["kind"], members: [] })}
        >
          <Radio value="principal" label="User, group, or service principal" />
          <Radio value="managedIdentity" label="Managed identity" />
        </RadioGroup>
      </Field>
      <Button className={styles.button} icon={<AddRegular />} onClick={() => setSelecting(true)}>
        Select members
      </Button>
      <Grid
        label="Members"
        columns={memberColumns(remove)}
        rows={members}
        rowKey={({ id }) => id}
        empty="No members selected."
      />
      <Field label="Description" hint="Optional">
        <Textarea
          value={description}
          onChange={(_, { value }) => onChange({ description: value })}
        />
      </Field>
      <Selection
        isOpen={isSelecting}
        kind={kind}
        members={members}
        onSelect={(selected) => {
          onChange({ members: selected });
          setSelecting(false);
        }}
        onClose={() => setSelecting(false)}
      />
    </div>
  );
}

function memberColumns(
  remove: (member: DirectoryObject) => void,
): readonly Column<DirectoryObject>[] {
  return [
    { name: "name", label: "Name", text: ({ displayName }) => displayName },
    { name: "id", label: "Object ID", text: ({ id }) => id },
    { name: "type", label: "Type", text: (member) => kindLabels[kindOf(member)] },
    {
      name: "remove",
      label: "Remove",
      width: "80px",
      text: () => "",
      show: (member) => (
        <Button
          size="small"
          appearance="subtle"
          aria-label={`Remove ${member.displayName}`}
          icon={<DeleteRegular />}
          onClick={() => remove(member)}
        />
      ),
    },
  ];
}

function Selection({
  isOpen,
  kind,
  members,
  onSelect,
  onClose,
}: {
  isOpen: boolean;
  kind: Wanted["kind"];
  members: readonly DirectoryObject[];
  onSelect(members: readonly DirectoryObject[]): void;
  onClose(): void;
}) {
  return (
    <Panel title={titles[kind]} isOpen={isOpen} onClose={onClose}>
      {isOpen && (
        <SelectionBody kind={kind} members={members} onSelect={onSelect} onClose={onClose} />
      )}
    </Panel>
  );
}

function SelectionBody({
  kind,
  members,
  onSelect,
  onClose,
}: {
  kind: Wanted["kind"];
  members: readonly DirectoryObject[];
  onSelect(members: readonly DirectoryObject[]): void;
  onClose(): void;
}) {
  const styles = useStyles();
  const [selected, setSelected] = useState(members);
  return (
    <div className={styles.panel}>
      <PrincipalSearch
        kind={kind}
        chosen={selected.map(({ id }) => id)}
        onChoose={(found) => setSelected([...selected, found])}
      />
      <Subtitle2 as="h3">Selected members</Subtitle2>
      <ul className={styles.list} aria-label="Selected members">
        {selected.length === 0 && <li>No members selected. Search for and select members.</li>}
        {selected.map((member) => (
          <li key={member.id} className={styles.selected}>
            {member.displayName}
            <Button
              size="small"
              appearance="subtle"
              aria-label={`Remove ${member.displayName}`}
              icon={<DeleteRegular />}
              onClick={() => setSelected(selected.filter(({ id }) => id !== member.id))}
            />
          </li>
        ))}
      </ul>
      <div style={{ display: "flex", gap: tokens.spacingHorizontalS }}>
        <Button
          appearance="primary"
          disabledFocusable={selected.length === 0}
          onClick={() => selected.length > 0 && onSelect(selected)}
        >
          Select
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </div>
  );
}
