// Synapse Studio of one workspace: Home, Data, Develop, Integrate, Monitor, Manage.

import {
  DatabaseRegular,
  DocumentEditRegular,
  FlowRegular,
  HomeRegular,
  PulseRegular,
  ToolboxRegular,
} from "@fluentui/react-icons";
import { definePage, type Face } from "../shell/page.ts";
import { managePages } from "./manage-pages.ts";

export const synapse: Face = {
  name: "Synapse Studio",
  root: "/synapse",
  pages: [
    definePage({
      path: "/synapse/$workspace",
      title: "Home",
      navigation: { icon: HomeRegular },
      load: () => import("./home.tsx"),
    }),
    definePage({
      path: "/synapse/$workspace/data",
      title: "Data",
      navigation: { icon: DatabaseRegular },
      load: () => import("./data/page.tsx"),
    }),
    definePage({
      path: "/synapse/$workspace/develop",
      title: "Develop",
      navigation: { icon: DocumentEditRegular },
      load: () => import("./develop/page.tsx"),
    }),
    definePage({
      path: "/synapse/$workspace/develop/sql/$script",
      title: "SQL script",
      load: () => import("./develop/sql-script-page.tsx"),
    }),
    definePage({
      path: "/synapse/$workspace/develop/draft/$draft",
      title: "New SQL script",
      load: () => import("./develop/draft-page.tsx"),
    }),
    definePage({
      path: "/synapse/$workspace/develop/artifact/$collection/$name",
      title: "Definition",
      load: () => import("./develop/artifact-page.tsx"),
    }),
    definePage({
      path: "/synapse/$workspace/integrate",
      title: "Integrate",
      navigation: { icon: FlowRegular },
      load: () => import("./integrate/page.tsx"),
    }),
    definePage({
      path: "/synapse/$workspace/integrate/$pipeline",
      title: "Pipeline",
      load: () => import("./integrate/pipeline-page.tsx"),
    }),
    definePage({
      path: "/synapse/$workspace/monitor",
      title: "Monitor",
      navigation: { icon: PulseRegular },
      load: () => import("./monitor/page.tsx"),
    }),
    definePage({
      path: "/synapse/$workspace/manage",
      title: "Manage",
      navigation: { icon: ToolboxRegular },
      load: () => import("./manage.tsx"),
    }),
    ...managePages,
  ],
};
