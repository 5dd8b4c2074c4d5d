// The portal: resource groups and resources, access control, Microsoft Entra ID, the link map.

import { HomeRegular } from "@fluentui/react-icons";
import { definePage, type Face } from "../shell/page.ts";

export const portal: Face = {
  name: "Portal",
  root: "/",
  pages: [
    definePage({
      path: "/",
      title: "Home",
      navigation: { icon: HomeRegular },
      load: () => import("./home.tsx"),
    }),
  ],
};
