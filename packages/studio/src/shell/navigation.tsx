// The left pane: the pages of a face that ask to be listed, under their headings.

import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { MenuLink } from "../control/menu-link.tsx";
import type { Face } from "./page.ts";

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
  const entries = face.pages.flatMap(({ path: pattern, title: label, navigation }) => {
    const to = fill(pattern, params);
    return navigation && to !== undefined ? [{ ...navigation, label, to }] : [];
  });
  const groups = Map.groupBy(entries, ({ group }) => group ?? "");
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
            {members.map(({ label, to, icon }) => (
              <li key={to}>
                <MenuLink
                  label={label}
                  to={to}
                  icon={icon}
                  iconSize={20}
                  isCurrent={to === current?.to}
                />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

/** The address with its parameters; undefined where one of them is not known here. */
function fill(path: string, params: Readonly<Record<string, string>>): string | undefined {
  const segments = path
    .split("/")
    .map((segment) => (segment.startsWith("$") ? params[segment.slice(1)] : segment));
  return segments.includes(undefined) ? undefined : segments.join("/") || "/";
}
