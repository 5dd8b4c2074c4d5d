// Finds people, groups and applications, or managed identities by the name of their resource.

import { Button, makeStyles, SearchBox, Spinner, Text, tokens } from "@fluentui/react-components";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import {
  type DirectoryObject,
  identityResource,
  kindLabels,
  kindOf,
  searchQuery,
  subtitleOf,
} from "../../api/directory.ts";
import { typeLabel, typeOf } from "../../api/scope.ts";
import { Problem } from "../../control/problem.tsx";

const useStyles = makeStyles({
  search: { width: "100%", maxWidth: "100%" },
  list: {
    listStyle: "none",
    margin: 0,
    padding: 0,
    width: "100%",
    maxHeight: "360px",
    overflowY: "auto",
  },
  found: {
    width: "100%",
    justifyContent: "flex-start",
    textAlign: "left",
    fontWeight: tokens.fontWeightRegular,
  },
  detail: { color: tokens.colorNeutralForeground2, overflowWrap: "anywhere" },
});

export function PrincipalSearch({
  kind,
  chosen = [],
  onChoose,
}: {
  kind: "principal" | "managedIdentity";
  /** Ids that are not offered again. */
  chosen?: readonly string[];
  onChoose(found: DirectoryObject): void;
}) {
  const styles = useStyles();
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text);
  const { data, error, refetch } = useQuery({
    ...searchQuery(kind, wanted),
    placeholderData: keepPreviousData,
  });
  const shown = data?.filter(({ id }) => !chosen.includes(id));
  return (
    <>
      <SearchBox
        className={styles.search}
        aria-label="Select"
        placeholder={
          kind === "principal"
            ? "Search by name, user name or id"
            : "Search by name of the resource, for example the Synapse workspace"
        }
        value={text}
        onChange={(_, { value }) => setText(value)}
      />
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Spinner size="small" label="Searching" />}
      {shown?.length === 0 && (
        <Text role="status">
          {chosen.length > 0 && data?.length
            ? "All that was found is selected."
            : `Nobody is found by '${wanted}'.`}
        </Text>
      )}
      <ul className={styles.list} aria-label="Found">
        {shown?.map((object) => (
          <li key={object.id}>
            <Button appearance="subtle" className={styles.found} onClick={() => onChoose(object)}>
              <span>
                <Text block>
                  {object.displayName} ({foundLabel(object)})
                </Text>
                <Text block size={200} className={styles.detail}>
                  {subtitleOf(object)}
                </Text>
              </span>
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}

function foundLabel(object: DirectoryObject): string {
  const resource = identityResource(object);
  return resource === undefined ? kindLabels[kindOf(object)] : typeLabel(typeOf(resource));
}
