// The menu beside the pages of one thing, and the page that is chosen.

import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { type MenuEntry, MenuLink } from "../control/menu-link.tsx";

const useStyles = makeStyles({
  body: {
    display: "grid",
    gridTemplateColumns: "200px minmax(0, 1fr)",
    gap: tokens.spacingHorizontalXL,
    "@media (max-width: 900px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  menu: { listStyle: "none", margin: 0, padding: 0 },
  content: {
    minWidth: 0,
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalM,
  },
});

export function SideMenu({
  label,
  entries,
  children,
}: {
  label: string;
  entries: readonly MenuEntry[];
  children: ReactNode;
}) {
  const styles = useStyles();
  return (
    <div className={styles.body}>
      <nav aria-label={label}>
        <ul className={styles.menu}>
          {entries.map((entry) => (
            <li key={entry.to}>
              <MenuLink {...entry} iconSize={18} />
            </li>
          ))}
        </ul>
      </nav>
      <div className={styles.content}>{children}</div>
    </div>
  );
}
