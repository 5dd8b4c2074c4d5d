// One linked service: its identity and the role that it needs, and the Spark pools attached through it
// (features.md D-18, E-04).

import { Tab, TabList } from "@fluentui/react-components";
import { DeleteRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { resourceQuery } from "../../api/resource.ts";
import { nameOf } from "../../api/scope.ts";
import { CommandButton, useAzureRight } from "../../control/command-button.tsx";
import { Essentials } from "../../control/essentials.tsx";
import { Link, useGo } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";
import {
  crumbsOf,
  type LinkedService,
  type LinkProperties,
  linkVersion,
  useWorkspaceAddress,
} from "../workspace.ts";
import { AttachedPools } from "./attached-pools.tsx";
import { IdentityRole } from "./identity-role.tsx";
import { Unlink } from "./unlink.tsx";

export function Page() {
  const address = useWorkspaceAddress();
  const { link: name = "" } = useParams({ strict: false }) as { link?: string };
  const go = useGo();
  const id = `${address.id}/linkedServices/${name}`;
  const { data, error, refetch } = useQuery(resourceQuery<LinkProperties>(id, linkVersion));
  const [tab, setTab] = useState("properties");
  const [isUnlinking, setUnlinking] = useState(false);
  const right = useAzureRight(
    address.id,
    "Microsoft.MachineLearningServices/workspaces/linkedServices/delete",
  );
  const list = { label: "Linked Services", to: `${address.path}/linked-services` };
  return (
    <PageFrame
      title={name}
      crumbs={crumbsOf(address, list)}
      commands={
        <CommandButton
          icon={<DeleteRegular />}
          right={right}
          disabledReason={data ? undefined : "The linked service is not there."}
          onClick={() => setUnlinking(true)}
        >
          Unlink
        </CommandButton>
      }
    >
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      <TabList selectedValue={tab} onTabSelect={(_, { value }) => setTab(String(value))}>
        <Tab value="properties">Properties</Tab>
        <Tab value="pools">Attached Spark pools</Tab>
      </TabList>
      {data && (tab === "properties" ? <Properties link={data} /> : <AttachedPools link={data} />)}
      {data && isUnlinking && (
        <Unlink link={data} onClose={() => setUnlinking(false)} onDone={() => go(list.to)} />
      )}
    </PageFrame>
  );
}

function Properties({ link }: { link: LinkedService }) {
  const target = link.properties?.linkedServiceResourceId ?? "";
  return (
    <>
      <Essentials
        label="Properties"
        entries={[
          ["Type", link.properties?.linkType],
          [
            "Synapse workspace",
            <Link key="workspace" to={`/synapse/${nameOf(target)}`}>
              {nameOf(target)}
            </Link>,
          ],
          ["Resource id of the Synapse workspace", target],
          ["system_assigned_identity_principal_id", link.identity?.principalId],
          ["Created", new Date(link.properties?.createdTime ?? "").toLocaleString()],
        ]}
      />
      {link.identity?.principalId && (
        <IdentityRole synapseWorkspace={nameOf(target)} principalId={link.identity.principalId} />
      )}
    </>
  );
}
