// Names and values of one thing: a resource's essentials, a review before creating.

import { makeStyles, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  list: {
    display: "grid",
    gridTemplateColumns: "fit-content(280px) minmax(0, 1fr)",
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalXL}`,
    margin: 0,
  },
  value: { margin: 0, overflowWrap: "anywhere" },
});

export function Essentials({
  label,
  entries,
}: {
  label: string;
  entries: readonly (readonly [name: string, value: ReactNode])[];
}) {
  const styles = useStyles();
  return (
    <dl aria-label={label} className={styles.list}>
      {entries.map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>
            <Text weight="semibold">{name}</Text>
          </dt>
          <dd className={styles.value}>{value === "" || value === undefined ? "–" : value}</dd>
        </div>
      ))}
    </dl>
  );
}
