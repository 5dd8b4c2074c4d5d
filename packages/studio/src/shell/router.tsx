// Routes made from the pages of all faces; each page's code is loaded when it is first opened.

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { faces } from "./faces.ts";
import { Frame } from "./frame.tsx";
import { loadPage } from "./load-page.ts";
import { NoSuchPage } from "./no-such-page.tsx";
import { PageProblem, PageWaiting } from "./page-state.tsx";

const root = createRootRoute({ component: Frame, notFoundComponent: NoSuchPage });

const routes = faces
  .flatMap(({ pages }) => pages)
  .map((page) =>
    createRoute({
      getParentRoute: () => root,
      path: page.path,
      component: lazyRouteComponent(() => loadPage(page.load), "Page"),
      errorComponent: PageProblem,
      pendingComponent: PageWaiting,
    }),
  );

export const router = createRouter({
  routeTree: root.addChildren(routes),
  basepath: "/studio",
  defaultPreload: "intent",
  trailingSlash: "never",
});
