// The frame of every page about one subscription, group or resource: where it lies, and its menu.

import {
  ArrowBidirectionalUpDownRegular,
  BracesRegular,
  CubeRegular,
  type FluentIcon,
  GlobeRegular,
  GridRegular,
  HistoryRegular,
  PersonKeyRegular,
  TagRegular,
} from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { subscriptionsQuery } from "../api/resource.ts";
import { isGroup, isSubscription, nameOf, parentOf, typeLabel, typeOf } from "../api/scope.ts";
import { type Crumb, PageFrame } from "../control/page-frame.tsx";
import { type Section, scopePath } from "../control/scope-path.ts";
import { SideMenu } from "./side-menu.tsx";

interface Entry {
  readonly section: Section;
  readonly label: string;
  readonly icon: FluentIcon;
  isFor(id: string): boolean;
}

const always = () => true;
const isResource = (id: string) => !isSubscription(id) && !isGroup(id);

const entries: readonly Entry[] = [
  { section: "overview", label: "Overview", icon: CubeRegular, isFor: always },
  { section: "activity-log", label: "Activity log", icon: HistoryRegular, isFor: always },
  {
    section: "access-control",
    label: "Access control (IAM)",
    icon: PersonKeyRegular,
    isFor: always,
  },
  { section: "tags", label: "Tags", icon: TagRegular, isFor: (id) => !isSubscription(id) },
  { section: "properties", label: "Properties", icon: GridRegular, isFor: isResource },
  {
    section: "networking",
    label: "Networking",
    icon: GlobeRegular,
    isFor: (id) =>
      /^microsoft\.(synapse\/workspaces|machinelearningservices\/workspaces|storage\/storageaccounts)$/i.test(
        typeOf(id),
      ),
  },
  {
    section: "children",
    label: "Child resources",
    icon: ArrowBidirectionalUpDownRegular,
    isFor: isResource,
  },
  { section: "json", label: "JSON view", icon: BracesRegular, isFor: always },
];

export function ScopeFrame({
  id,
  section,
  commands,
  children,
}: {
  id: string;
  section: Section;
  commands?: ReactNode;
  children: ReactNode;
}) {
  const { data } = useQuery({ ...subscriptionsQuery, enabled: isSubscription(id) });
  const subscription = data?.find((one) => one.id.toLowerCase() === id.toLowerCase());
  const name = subscription?.displayName ?? nameOf(id);
  const current = entries.find((entry) => entry.section === section);
  const title = !current || section === "overview" ? name : `${name} | ${current.label}`;
  return (
    <PageFrame
      title={title}
      crumbs={crumbsOf(id)}
      description={typeLabel(typeOf(id))}
      commands={commands}
    >
      <SideMenu
        label={`${name} menu`}
        entries={entries
          .filter((entry) => entry.isFor(id))
          .map(({ section: to, label, icon }) => ({
            to: scopePath(to, id),
            label,
            icon,
            isCurrent: to === section,
          }))}
      >
        {children}
      </SideMenu>
    </PageFrame>
  );
}

/** Home, then everything that contains it. */
export function crumbsOf(id: string): readonly Crumb[] {
  const crumbs: Crumb[] = [];
  for (let parent = parentOf(id); parent !== undefined; parent = parentOf(parent)) {
    crumbs.unshift({
      label: isSubscription(parent) ? "Subscription" : nameOf(parent),
      to: scopePath("overview", parent),
    });
  }
  return [{ label: "Home", to: "/" }, ...crumbs];
}
