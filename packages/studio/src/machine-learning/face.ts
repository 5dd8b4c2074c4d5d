// Azure Machine Learning studio of one workspace: Home, Models, Compute, Linked Services, Networking.

import { HomeRegular } from "@fluentui/react-icons";
import { definePage, type Face } from "../shell/page.ts";

/** Address of a workspace's studio; names are unique in a resource group only. */
export const workspacePath = "/ml/$subscription/$resourceGroup/$workspace";

export const machineLearning: Face = {
  name: "Azure Machine Learning studio",
  root: "/ml",
  pages: [
    definePage({
      path: workspacePath,
      title: "Home",
      navigation: { icon: HomeRegular },
      load: () => import("./home.tsx"),
    }),
  ],
};
