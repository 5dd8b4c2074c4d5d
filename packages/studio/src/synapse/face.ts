// Synapse Studio of one workspace: Home, Data, Develop, Integrate, Monitor, Manage.

import { HomeRegular, PlugConnectedRegular } from "@fluentui/react-icons";
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
  ],
};
