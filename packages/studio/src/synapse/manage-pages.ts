// The pages of the Manage hub, under Synapse Studio's own headings.

import {
  CloudLinkRegular,
  DatabaseMultipleRegular,
  FlashRegular,
  KeyMultipleRegular,
  PeopleLockRegular,
  PlugConnectedRegular,
  ServerRegular,
} from "@fluentui/react-icons";
import { definePage, type Page } from "../shell/page.ts";

export const managePages: readonly Page[] = [
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
];
