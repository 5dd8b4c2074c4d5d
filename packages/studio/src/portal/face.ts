// The portal: resource groups and resources, access control, Microsoft Entra ID, the link map.

import {
  AddSquareRegular,
  AppGenericRegular,
  AppsListRegular,
  BuildingRegular,
  FolderRegular,
  GridRegular,
  HistoryRegular,
  HomeRegular,
  KeyMultipleRegular,
  MapRegular,
  PeopleRegular,
  PersonRegular,
} from "@fluentui/react-icons";
import { definePage, type Face, type Page } from "../shell/page.ts";

const entra = "Microsoft Entra ID";

const homePages: readonly Page[] = [
  definePage({
    path: "/",
    title: "Home",
    navigation: { icon: HomeRegular },
    load: () => import("./home.tsx"),
  }),
  definePage({
    path: "/create",
    title: "Create a resource",
    navigation: { icon: AddSquareRegular },
    load: () => import("./create/gallery.tsx"),
  }),
  definePage({
    path: "/resource-groups",
    title: "Resource groups",
    navigation: { icon: FolderRegular },
    load: () => import("./resource/group-list.tsx"),
  }),
  definePage({
    path: "/resources",
    title: "All resources",
    navigation: { icon: GridRegular },
    load: () => import("./resource/list.tsx"),
  }),
  definePage({
    path: "/map",
    title: "Link map",
    navigation: { icon: MapRegular },
    load: () => import("../link-map/page.tsx"),
  }),
  definePage({
    path: "/subscriptions",
    title: "Subscriptions",
    navigation: { icon: KeyMultipleRegular },
    load: () => import("./resource/subscription-list.tsx"),
  }),
  definePage({
    path: "/activity-log",
    title: "Activity log",
    navigation: { icon: HistoryRegular },
    load: () => import("./activity-log/all.tsx"),
  }),
];

const entraPages: readonly Page[] = [
  definePage({
    path: "/entra",
    title: entra,
    navigation: { icon: BuildingRegular, group: "Identity" },
    load: () => import("./entra/overview.tsx"),
  }),
  definePage({
    path: "/entra/users",
    title: "Users",
    navigation: { icon: PersonRegular, group: "Identity" },
    load: () => import("./entra/user-list.tsx"),
  }),
  definePage({
    path: "/entra/groups",
    title: "Groups",
    navigation: { icon: PeopleRegular, group: "Identity" },
    load: () => import("./entra/group-list.tsx"),
  }),
  definePage({
    path: "/entra/groups/$group",
    title: "Group",
    load: () => import("./entra/group-members.tsx"),
  }),
  definePage({
    path: "/entra/app-registrations",
    title: "App registrations",
    navigation: { icon: AppGenericRegular, group: "Identity" },
    load: () => import("./entra/application-list.tsx"),
  }),
  definePage({
    path: "/entra/app-registrations/new",
    title: "Register an application",
    load: () => import("./entra/application-new.tsx"),
  }),
  definePage({
    path: "/entra/app-registrations/$application",
    title: "App registration",
    load: () => import("./entra/application-overview.tsx"),
  }),
  definePage({
    path: "/entra/app-registrations/$application/credentials",
    title: "Certificates & secrets",
    load: () => import("./entra/credentials.tsx"),
  }),
  definePage({
    path: "/entra/enterprise-applications",
    title: "Enterprise applications",
    navigation: { icon: AppsListRegular, group: "Identity" },
    load: () => import("./entra/enterprise-list.tsx"),
  }),
  definePage({
    path: "/entra/enterprise-applications/$principal",
    title: "Enterprise application",
    load: () => import("./entra/enterprise-overview.tsx"),
  }),
];

/** Pages of one scope; the address ends with its id. */
const scopePages: readonly Page[] = [
  definePage({
    path: "/resource/overview/$",
    title: "Overview",
    load: () => import("./resource/overview.tsx"),
  }),
  definePage({
    path: "/resource/activity-log/$",
    title: "Activity log",
    load: () => import("./activity-log/page.tsx"),
  }),
  definePage({
    path: "/resource/access-control/$",
    title: "Access control (IAM)",
    load: () => import("./access-control/page.tsx"),
  }),
  definePage({
    path: "/resource/add-role-assignment/$",
    title: "Add role assignment",
    load: () => import("./access-control/add-role-assignment.tsx"),
  }),
  definePage({
    path: "/resource/tags/$",
    title: "Tags",
    load: () => import("./resource/tags.tsx"),
  }),
  definePage({
    path: "/resource/properties/$",
    title: "Properties",
    load: () => import("./resource/properties.tsx"),
  }),
  definePage({
    path: "/resource/networking/$",
    title: "Networking",
    load: () => import("./resource/networking.tsx"),
  }),
  definePage({
    path: "/resource/children/$",
    title: "Child resources",
    load: () => import("./resource/children.tsx"),
  }),
  definePage({
    path: "/resource/json/$",
    title: "JSON view",
    load: () => import("./resource/json.tsx"),
  }),
];

const createPages: readonly Page[] = [
  definePage({
    path: "/create/resource-group",
    title: "Create a resource group",
    load: () => import("./create/resource-group.tsx"),
  }),
  definePage({
    path: "/create/synapse-workspace",
    title: "Create Synapse workspace",
    load: () => import("./create/synapse-workspace.tsx"),
  }),
  definePage({
    path: "/create/machine-learning-workspace",
    title: "Create Azure Machine Learning workspace",
    load: () => import("./create/machine-learning-workspace.tsx"),
  }),
  definePage({
    path: "/create/spark-pool",
    title: "New Apache Spark pool",
    load: () => import("./create/spark-pool.tsx"),
  }),
  definePage({
    path: "/create/sql-pool",
    title: "New dedicated SQL pool",
    load: () => import("./create/sql-pool.tsx"),
  }),
  definePage({
    path: "/create/storage-account",
    title: "Create a storage account",
    load: () => import("./create/storage-account.tsx"),
  }),
  definePage({
    path: "/create/any",
    title: "Create a resource of any type",
    load: () => import("./create/any-type.tsx"),
  }),
  definePage({
    path: "/create/key-vault",
    title: "Create a key vault",
    load: () => import("./create/key-vault.tsx"),
  }),
];

export const portal: Face = {
  name: "Portal",
  root: "/",
  pages: [...homePages, ...entraPages, ...scopePages, ...createPages],
};
