// Synapse Studio of one workspace: Home, Data, Develop, Integrate, Monitor, Manage.

import {
  CloudLinkRegular,
  DatabaseRegular,
  DocumentEditRegular,
  HomeRegular,
  PeopleLockRegular,
  PlugConnectedRegular,
} from "@fluentui/react-icons";
import { definePage, type Face } from "../shell/page.ts";

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
      path: "/synapse/$workspace/manage",
      title: "Manage",
      load: () => import("./manage.tsx"),
    }),
    definePage({
      path: "/synapse/$workspace/manage/linked-services",
      title: "Linked services",
      navigation: { icon: PlugConnectedRegular, group: "Manage" },
      load: () => import("./linked-service/page.tsx"),
    }),
    definePage({
      path: "/synapse/$workspace/manage/access-control",
      title: "Access control",
      navigation: { icon: PeopleLockRegular, group: "Manage" },
      load: () => import("./access-control/page.tsx"),
    }),
    definePage({
      path: "/synapse/$workspace/manage/managed-private-endpoints",
      title: "Managed private endpoints",
      navigation: { icon: CloudLinkRegular, group: "Manage" },
      load: () => import("./private-endpoint/page.tsx"),
    }),
  ],
};
