// The frame of an application's pages: its name, its menu, the application once it is there.

import { makeStyles, mergeClasses, Spinner, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Application, directoryObjectQuery } from "../../api/directory.ts";
import { Link } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";
import { applicationsPath, useApplicationId } from "./application.ts";

const useStyles = makeStyles({
  body: {
    display: "grid",
    gridTemplateColumns: "200px minmax(0, 1fr)",
    gap: tokens.spacingHorizontalXL,
  },
  menu: { listStyle: "none", margin: 0, padding: 0 },
  entry: {
    display: "block",
    padding: `${tokens.spacingVerticalSNudge} ${tokens.spacingHorizontalS}`,
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground1,
  },
  current: { background: tokens.colorNeutralBackground1Selected, fontWeight: 600 },
  content: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM, minWidth: 0 },
});

const sections = [
  { name: "overview", label: "Overview", path: "" },
  { name: "credentials", label: "Certificates & secrets", path: "/credentials" },
] as const;

export function ApplicationFrame({
  section,
  commands,
  children,
}: {
  section: (typeof sections)[number]["name"];
  commands?: ReactNode;
  children(application: Application): ReactNode;
}) {
  const styles = useStyles();
  const id = useApplicationId();
  const { data, error, refetch } = useQuery(
    directoryObjectQuery<Application>(`applications/${id}`),
  );
  const name = data?.displayName ?? "Application";
  const label = sections.find((one) => one.name === section)?.label;
  return (
    <PageFrame
      title={section === "overview" ? name : `${name} | ${label}`}
      crumbs={[
        { label: "Home", to: "/" },
        { label: "App registrations", to: applicationsPath },
      ]}
      commands={commands}
    >
      <div className={styles.body}>
        <nav aria-label={`${name} menu`}>
          <ul className={styles.menu}>
            {sections.map((one) => (
              <li key={one.name}>
                <Link
                  to={`${applicationsPath}/${id}${one.path}`}
                  className={mergeClasses(styles.entry, one.name === section && styles.current)}
                  {...(one.name === section && { "aria-current": "page" as const })}
                >
                  {one.label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className={styles.content}>
          {error && <Problem error={error} onRetry={() => void refetch()} />}
          {!data && !error && <Spinner label="Loading" />}
          {data && children(data)}
        </div>
      </div>
    </PageFrame>
  );
}
