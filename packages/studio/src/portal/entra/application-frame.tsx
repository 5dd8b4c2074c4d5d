// The frame of an application's pages: its name, its menu, the application once it is there.

import { Spinner } from "@fluentui/react-components";
import { AppGenericRegular, KeyRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Application, directoryObjectQuery } from "../../api/directory.ts";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";
import { SideMenu } from "../side-menu.tsx";
import { applicationsPath, useApplicationId } from "./application.ts";

const sections = [
  { name: "overview", label: "Overview", path: "", icon: AppGenericRegular },
  { name: "credentials", label: "Certificates & secrets", path: "/credentials", icon: KeyRegular },
] as const;

export function ApplicationFrame({
  section,
  commands,
  children,
}: {
  section: (typeof sections)[number]["name"];
  commands?: ReactNode;
  children(application: Application): ReactNode;
}) {
  const id = useApplicationId();
  const { data, error, refetch } = useQuery(
    directoryObjectQuery<Application>(`applications/${id}`),
  );
  const name = data?.displayName ?? "Application";
  const label = sections.find((one) => one.name === section)?.label;
  return (
    <PageFrame
      title={section === "overview" ? name : `${name} | ${label}`}
      crumbs={[
        { label: "Home", to: "/" },
        { label: "App registrations", to: applicationsPath },
      ]}
      commands={commands}
    >
      <SideMenu
        label={`${name} menu`}
        entries={sections.map((one) => ({
          to: `${applicationsPath}/${id}${one.path}`,
          label: one.label,
          icon: one.icon,
          isCurrent: one.name === section,
        }))}
      >
        {error && <Problem error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Spinner label="Loading" />}
        {data && children(data)}
      </SideMenu>
    </PageFrame>
  );
}
