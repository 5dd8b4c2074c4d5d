// The menu beside the pages of one thing, and the page that is chosen.

import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { FluentIcon } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { Link } from "../control/link.tsx";

export interface MenuEntry {
  readonly label: string;
  readonly to: string;
  readonly isCurrent: boolean;
  readonly icon: FluentIcon;
}

const useStyles = makeStyles({
  body: {
    display: "grid",
    gridTemplateColumns: "200px minmax(0, 1fr)",
    gap: tokens.spacingHorizontalXL,
    "@media (max-width: 900px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  menu: { listStyle: "none", margin: 0, padding: 0 },
  entry: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalSNudge} ${tokens.spacingHorizontalS}`,
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: "none",
    ":hover": { background: tokens.colorNeutralBackground1Hover, textDecorationLine: "none" },
  },
  current: { background: tokens.colorNeutralBackground1Selected, fontWeight: 600 },
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
          {entries.map(({ to, label: text, icon: Icon, isCurrent }) => (
            <li key={to}>
              <Link
                to={to}
                className={mergeClasses(styles.entry, isCurrent && styles.current)}
                {...(isCurrent && { "aria-current": "page" as const })}
              >
                <Icon aria-hidden fontSize={18} />
                {text}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className={styles.content}>{children}</div>
    </div>
  );
}
