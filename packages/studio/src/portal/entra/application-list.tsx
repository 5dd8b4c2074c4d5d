// App registrations: all applications, or those that the person owns.

import { Tab, TabList } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Application } from "../../api/directory.ts";
import { CommandButton } from "../../control/command-button.tsx";
import { type Column, Grid, rowsOf } from "../../control/grid.tsx";
import { Link, useGo } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { useAccount } from "../../shell/account.ts";
import { applicationsPath, applicationsQuery, ownedApplicationsQuery } from "./application.ts";
import { entraCrumbs } from "./crumb.ts";

const columns: readonly Column<Application>[] = [
  {
    name: "name",
    label: "Display name",
    text: ({ displayName }) => displayName,
    show: ({ id, displayName }) => <Link to={`${applicationsPath}/${id}`}>{displayName}</Link>,
  },
  { name: "appId", label: "Application (client) ID", text: ({ appId }) => appId },
  {
    name: "created",
    label: "Created on",
    width: "140px",
    text: ({ createdDateTime = "" }) => createdDateTime,
    show: ({ createdDateTime }) =>
      createdDateTime === undefined ? "" : new Date(createdDateTime).toLocaleDateString(),
  },
  {
    name: "secrets",
    label: "Certificates & secrets",
    width: "180px",
    text: (application) => credentialState(application),
  },
];

function credentialState({ passwordCredentials, keyCredentials }: Application): string {
  const ends = [...passwordCredentials, ...keyCredentials].map(({ endDateTime }) =>
    Date.parse(endDateTime),
  );
  if (ends.length === 0) return "None";
  return Math.max(...ends) > Date.now() ? "Current" : "Expired";
}

export function Page() {
  const go = useGo();
  const account = useAccount();
  const [tab, setTab] = useState<"all" | "owned">("all");
  const all = useQuery(applicationsQuery);
  const owned = useQuery({
    ...ownedApplicationsQuery(account.objectId),
    enabled: tab === "owned",
  });
  const applications = tab === "all" ? all : owned;
  return (
    <PageFrame
      title="App registrations"
      crumbs={entraCrumbs}
      commands={
        <>
          <CommandButton icon={<AddRegular />} onClick={() => go(`${applicationsPath}/new`)}>
            New registration
          </CommandButton>
          <RefreshButton onRefresh={applications.refetch} />
        </>
      }
    >
      <TabList
        aria-label="Applications"
        selectedValue={tab}
        onTabSelect={(_, { value }) => setTab(value as typeof tab)}
      >
        <Tab value="all">All applications</Tab>
        <Tab value="owned">Owned applications</Tab>
      </TabList>
      <Grid
        label="App registrations"
        columns={columns}
        {...rowsOf(applications)}
        rowKey={({ id }) => id}
        empty={
          tab === "owned"
            ? "You own no application. Who registers one owns it: choose New registration."
            : "No application is registered yet: choose New registration."
        }
      />
    </PageFrame>
  );
}
