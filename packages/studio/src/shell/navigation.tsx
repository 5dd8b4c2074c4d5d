// The left pane: the pages of a face that ask to be listed, under their headings.

import { makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import { Link } from "../control/link.tsx";
import type { Face, Page } from "./page.ts";

const useStyles = makeStyles({
  pane: {
    gridArea: "navigation",
    width: "224px",
    overflowY: "auto",
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalS}`,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  list: { listStyle: "none", margin: 0, padding: 0 },
  group: {
    display: "block",
    color: tokens.colorNeutralForeground2,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalS} ${tokens.spacingVerticalXS}`,
  },
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

export function Navigation({
  face,
  path,
  params,
}: {
  face: Face;
  path: string;
  params: Readonly<Record<string, string>>;
}) {
  const styles = useStyles();
  const entries = face.pages.flatMap((page) => {
    const to = fill(page.path, params);
    return page.navigation && to !== undefined ? [{ page, to }] : [];
  });
  const groups = Map.groupBy(entries, ({ page }) => page.navigation?.group ?? "");
  // The longest address that the current one begins with: a detail page marks its list.
  const current = entries
    .filter(({ to }) => path === to || (to !== "/" && path.startsWith(`${to}/`)))
    .sort((one, other) => other.to.length - one.to.length)[0];
  return (
    <nav aria-label={face.name} className={styles.pane}>
      {[...groups].map(([group, members]) => (
        <section key={group} aria-label={group || face.name}>
          {group && (
            <Text size={200} weight="semibold" className={styles.group}>
              {group}
            </Text>
          )}
          <ul className={styles.list}>
            {members.map(({ page, to }) => (
              <li key={to}>
                <Entry page={page} to={to} isCurrent={to === current?.to} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

function Entry({ page, to, isCurrent }: { page: Page; to: string; isCurrent: boolean }) {
  const styles = useStyles();
  const Icon = page.navigation?.icon;
  return (
    <Link
      to={to}
      className={mergeClasses(styles.entry, isCurrent && styles.current)}
      {...(isCurrent && { "aria-current": "page" as const })}
    >
      {Icon && <Icon aria-hidden fontSize={20} />}
      {page.title}
    </Link>
  );
}

/** The address with its parameters; undefined where one of them is not known here. */
function fill(path: string, params: Readonly<Record<string, string>>): string | undefined {
  const segments = path
    .split("/")
    .map((segment) => (segment.startsWith("$") ? params[segment.slice(1)] : segment));
  return segments.includes(undefined) ? undefined : segments.join("/") || "/";
}
