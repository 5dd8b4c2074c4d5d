// Synapse Studio of one workspace: Home, Data, Develop, Integrate, Monitor, Manage.

import { HomeRegular } from "@fluentui/react-icons";
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
  ],
};
