// The shell: bar with the faces, notifications, theme and account; the face's navigation; the page.

import { makeStyles, Spinner, tokens } from "@fluentui/react-components";
import { Outlet, useParams, useRouterState } from "@tanstack/react-router";
import { Suspense } from "react";
import { AppBar } from "./app-bar.tsx";
import { faces } from "./faces.ts";
import { Navigation } from "./navigation.tsx";

const useStyles = makeStyles({
  shell: {
    height: "100%",
    display: "grid",
    gridTemplateRows: "48px 1fr",
    gridTemplateColumns: "auto 1fr",
    gridTemplateAreas: '"bar bar" "navigation page"',
    background: tokens.colorNeutralBackground2,
    color: tokens.colorNeutralForeground1,
  },
  bar: { gridArea: "bar" },
  page: {
    gridArea: "page",
    overflow: "auto",
    minWidth: 0,
    background: tokens.colorNeutralBackground1,
  },
  skip: {
    position: "absolute",
    top: "-48px",
    left: "8px",
    zIndex: 1000,
    padding: "8px",
    background: tokens.colorNeutralBackground1,
    color: tokens.colorBrandForegroundLink,
    ":focus": { top: "8px" },
  },
});

export function Frame() {
  const styles = useStyles();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const params = useParams({ strict: false }) as Readonly<Record<string, string>>;
  const face =
    faces.find(({ root }) => root !== "/" && path.startsWith(root)) ??
    (faces[0] as (typeof faces)[0]);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#page">
        Skip to the page
      </a>
      <AppBar className={styles.bar} face={face} />
      <Navigation face={face} path={path} params={params} />
      <main id="page" tabIndex={-1} className={styles.page}>
        <Suspense fallback={<Spinner label="Loading" style={{ marginTop: 64 }} />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}
