// Synapse Studio of one workspace: Home, Data, Develop, Integrate, Monitor, Manage.

import {
  CloudLinkRegular,
  DatabaseMultipleRegular,
  DatabaseRegular,
  DocumentEditRegular,
  FlashRegular,
  FlowRegular,
  HomeRegular,
  KeyMultipleRegular,
  PeopleLockRegular,
  PlugConnectedRegular,
  PulseRegular,
  ServerRegular,
  ToolboxRegular,
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
    definePage({
      path: "/synapse/$workspace/manage/sql-pools",
      title: "SQL pools",
      navigation: { icon: DatabaseMultipleRegular, group: "Analytics pools" },
      load: () => import("./sql-pool/page.tsx"),
    }),
    definePage({
      path: "/synapse/$workspace/manage/apache-spark-pools",
      title: "Apache Spark pools",
      navigation: { icon: FlashRegular, group: "Analytics pools" },
      load: () => import("./spark-pool/page.tsx"),
    }),
    definePage({
      path: "/synapse/$workspace/manage/linked-services",
      title: "Linked services",
      navigation: { icon: PlugConnectedRegular, group: "External connections" },
      load: () => import("./linked-service/page.tsx"),
    }),
    definePage({
      path: "/synapse/$workspace/manage/integration-runtimes",
      title: "Integration runtimes",
      navigation: { icon: ServerRegular, group: "Integration" },
      load: () => import("./integration-runtime/page.tsx"),
    }),
    definePage({
      path: "/synapse/$workspace/manage/access-control",
      title: "Access control",
      navigation: { icon: PeopleLockRegular, group: "Security" },
      load: () => import("./access-control/page.tsx"),
    }),
    definePage({
      path: "/synapse/$workspace/manage/credentials",
      title: "Credentials",
      navigation: { icon: KeyMultipleRegular, group: "Security" },
      load: () => import("./credential/page.tsx"),
    }),
    definePage({
      path: "/synapse/$workspace/manage/managed-private-endpoints",
      title: "Managed private endpoints",
      navigation: { icon: CloudLinkRegular, group: "Security" },
      load: () => import("./private-endpoint/page.tsx"),
    }),
  ],
};
