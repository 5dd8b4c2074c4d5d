// Azure Machine Learning studio of one workspace: Home, Models, Compute, Linked Services, Networking.

import {
  BoxRegular,
  ConnectedRegular,
  DesktopRegular,
  HomeRegular,
  NetworkCheckRegular,
} from "@fluentui/react-icons";
import { definePage, type Face } from "../shell/page.ts";

/** Address of a workspace's studio; names are unique in a resource group only. */
const root = "/ml/$subscription/$resourceGroup/$workspace";

export const machineLearning: Face = {
  name: "Azure Machine Learning studio",
  root: "/ml",
  pages: [
    definePage({
      path: root,
      title: "Home",
      navigation: { icon: HomeRegular },
      load: () => import("./home.tsx"),
    }),
    definePage({
      path: `${root}/models`,
      title: "Models",
      navigation: { icon: BoxRegular, group: "Assets" },
      load: () => import("./model/list.tsx"),
    }),
    definePage({
      path: `${root}/models/$model/$version`,
      title: "Model",
      load: () => import("./model/details.tsx"),
    }),
    definePage({
      path: `${root}/compute`,
      title: "Compute",
      navigation: { icon: DesktopRegular, group: "Manage" },
      load: () => import("./compute/list.tsx"),
    }),
    definePage({
      path: `${root}/compute/$compute`,
      title: "Attached compute",
      load: () => import("./compute/details.tsx"),
    }),
    definePage({
      path: `${root}/linked-services`,
      title: "Linked Services",
      navigation: { icon: ConnectedRegular, group: "Manage" },
      load: () => import("./linked-service/list.tsx"),
    }),
    definePage({
      path: `${root}/linked-services/$link`,
      title: "Linked service",
      load: () => import("./linked-service/details.tsx"),
    }),
    definePage({
      path: `${root}/networking`,
      title: "Networking",
      navigation: { icon: NetworkCheckRegular, group: "Manage" },
      load: () => import("./networking/private-endpoints.tsx"),
    }),
  ],
};
