// Searches the directory for whoever can get a role, and keeps the chosen ones.

import {
  Button,
  Field,
  makeStyles,
  SearchBox,
  Spinner,
  Text,
  tokens,
} from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import {
  type DirectoryObject,
  kindLabels,
  kindOf,
  searchQuery,
  subtitleOf,
} from "../../api/directory.ts";
import { Problem } from "../../control/problem.tsx";

const useStyles = makeStyles({
  picker: { display: "grid", gap: tokens.spacingVerticalS },
  search: { maxWidth: "none" },
  list: {
    listStyle: "none",
    margin: 0,
    padding: 0,
    maxHeight: "260px",
    overflowY: "auto",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
  },
  found: {
    width: "100%",
    justifyContent: "start",
    textAlign: "start",
    fontWeight: tokens.fontWeightRegular,
  },
  quiet: { color: tokens.colorNeutralForeground2, overflowWrap: "anywhere" },
  chosen: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  name: { flexGrow: 1, paddingLeft: tokens.spacingHorizontalM },
});

const shownMax = 30;

export function PrincipalPicker({
  chosen,
  onChange,
}: {
  chosen: readonly DirectoryObject[];
  onChange(chosen: readonly DirectoryObject[]): void;
}) {
  const styles = useStyles();
  const [text, setText] = useState("");
  const { found, error, retry } = useFound(useDeferredValue(text));
  const shown = found?.filter(({ id }) => chosen.every((one) => one.id !== id));
  return (
    <div className={styles.picker}>
      <Field label="Select user" hint="Users, groups, applications and managed identities.">
        <SearchBox
          className={styles.search}
          placeholder="Search by name, user name or object ID"
          value={text}
          onChange={(_, { value }) => setText(value)}
        />
      </Field>
      {error && <Problem error={error} onRetry={retry} />}
      {!shown && !error && <Spinner size="small" label="Searching" />}
      {shown?.length === 0 && <Text role="status">Nobody else is found by '{text}'.</Text>}
      {shown && shown.length > 0 && (
        <ul className={styles.list} aria-label="Found">
          {shown.slice(0, shownMax).map((object) => (
            <li key={object.id}>
              <Button
                appearance="subtle"
                className={styles.found}
                onClick={() => onChange([...chosen, object])}
              >
                <span>
                  <Text block>
                    {object.displayName} ({kindLabels[kindOf(object)]})
                  </Text>
                  <Text block size={200} className={styles.quiet}>
                    {subtitleOf(object)}
                  </Text>
                </span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Chosen chosen={chosen} onChange={onChange} />
    </div>
  );
}

/** Users, groups and applications first, then managed identities. */
function useFound(text: string) {
  const options = { placeholderData: keepPreviousData };
  const people = useQuery({ ...searchQuery("principal", text), ...options });
  const identities = useQuery({ ...searchQuery("managedIdentity", text), ...options });
  return {
    found: people.data && identities.data ? [...people.data, ...identities.data] : undefined,
    error: people.error ?? identities.error ?? undefined,
    retry() {
      void people.refetch();
      void identities.refetch();
    },
  };
}

function Chosen({
  chosen,
  onChange,
}: {
  chosen: readonly DirectoryObject[];
  onChange(chosen: readonly DirectoryObject[]): void;
}) {
  const styles = useStyles();
  if (chosen.length === 0) return <Text className={styles.quiet}>Nobody is selected yet.</Text>;
  return (
    <ul className={styles.list} aria-label="Selected">
      {chosen.map((object) => (
        <li key={object.id} className={styles.chosen}>
          <Text className={styles.name}>
            {object.displayName} ({kindLabels[kindOf(object)]})
          </Text>
          <Button
            appearance="subtle"
            icon={<DismissRegular />}
            aria-label={`Leave out ${object.displayName}`}
            onClick={() => onChange(chosen.filter(({ id }) => id !== object.id))}
          />
        </li>
      ))}
    </ul>
  );
}
