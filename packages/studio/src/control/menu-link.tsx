// An entry of a menu of pages, with its icon; the page that is shown is marked.

import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { FluentIcon } from "@fluentui/react-icons";
import { Link } from "./link.tsx";

const useStyles = makeStyles({
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
});

export interface MenuEntry {
  readonly label: string;
  readonly to: string;
  readonly icon: FluentIcon;
  readonly isCurrent: boolean;
}

export function MenuLink({
  label,
  to,
  icon: Icon,
  isCurrent,
  iconSize,
}: MenuEntry & { iconSize: number }) {
  const styles = useStyles();
  return (
    <Link
      to={to}
      className={mergeClasses(styles.entry, isCurrent && styles.current)}
      {...(isCurrent && { "aria-current": "page" as const })}
    >
      <Icon aria-hidden fontSize={iconSize} />
      {label}
    </Link>
  );
}
