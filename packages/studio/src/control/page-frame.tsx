// The inside of a page: breadcrumb, title, commands, then content. Sets the window's title.

import {
  Breadcrumb,
  BreadcrumbDivider,
  BreadcrumbItem,
  makeStyles,
  Subtitle1,
  Text,
  Toolbar,
  tokens,
} from "@fluentui/react-components";
import { Fragment, type ReactNode, useEffect } from "react";
import { Link } from "./link.tsx";

const useStyles = makeStyles({
  page: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalM,
    padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalXXL}`,
    minWidth: 0,
  },
  commands: { padding: 0, flexWrap: "wrap", gap: tokens.spacingHorizontalXS },
  title: { margin: 0 },
  description: { margin: 0, color: tokens.colorNeutralForeground2, maxWidth: "80ch" },
});

export interface Crumb {
  readonly label: string;
  readonly to: string;
}

export function PageFrame({
  title,
  crumbs = [],
  description,
  commands,
  children,
}: {
  title: string;
  crumbs?: readonly Crumb[];
  description?: ReactNode;
  /** Buttons of the page's toolbar. */
  commands?: ReactNode;
  children: ReactNode;
}) {
  const styles = useStyles();
  useEffect(() => {
    document.title = `${[title, ...crumbs.map(({ label }) => label).reverse()].join(" · ")} · Callosum`;
  }, [title, crumbs]);
  return (
    <div className={styles.page}>
      {crumbs.length > 0 && (
        <Breadcrumb aria-label="Breadcrumb" size="small">
          {crumbs.map(({ label, to }, index) => (
            <Fragment key={to}>
              {index > 0 && <BreadcrumbDivider />}
              <BreadcrumbItem>
                <Link to={to}>{label}</Link>
              </BreadcrumbItem>
            </Fragment>
          ))}
        </Breadcrumb>
      )}
      <Subtitle1 as="h1" className={styles.title}>
        {title}
      </Subtitle1>
      {description && (
        <Text as="p" className={styles.description}>
          {description}
        </Text>
      )}
      {commands && (
        <Toolbar aria-label={`${title}: commands`} className={styles.commands}>
          {commands}
        </Toolbar>
      )}
      {children}
    </div>
  );
}
