// Linked Services: the Synapse workspaces that this workspace is linked to; Add integration opens the
// wizard of the document.

import { AddRegular, DeleteRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { nameOf } from "../../api/scope.ts";
import { CommandButton, useAzureRight } from "../../control/command-button.tsx";
import { type Column, Grid, rowsOf } from "../../control/grid.tsx";
import { Link } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { crumbsOf, type LinkedService, linksQuery, useWorkspaceAddress } from "../workspace.ts";
import { Unlink } from "./unlink.tsx";
import { AddIntegration } from "./wizard.tsx";

const type = "Microsoft.MachineLearningServices/workspaces/linkedServices";

export function Page() {
  const address = useWorkspaceAddress();
  const links = useQuery(linksQuery(address.id));
  const [isAdding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<LinkedService>();
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const mayWrite = useAzureRight(address.id, `${type}/write`);
  const mayDelete = useAzureRight(address.id, `${type}/delete`);
  const chosen = links.data?.find(({ id }) => keys.has(id));
  return (
    <PageFrame
      title="Linked Services"
      crumbs={crumbsOf(address)}
      description="Link a Synapse workspace to attach its Apache Spark pools and to submit work to them."
      commands={
        <>
          <CommandButton
            icon={<AddRegular />}
            appearance="primary"
            right={mayWrite}
            onClick={() => setAdding(true)}
          >
            Add integration
          </CommandButton>
          <RefreshButton onRefresh={links.refetch} />
          <CommandButton
            icon={<DeleteRegular />}
            right={mayDelete}
            disabledReason={chosen ? undefined : "Select a linked service first."}
            onClick={() => setRemoved(chosen)}
          >
            Unlink
          </CommandButton>
        </>
      }
    >
      <Grid
        label="Linked Services"
        columns={columnsOf(address.path)}
        {...rowsOf(links)}
        rowKey={({ id }) => id}
        selection={{ keys, isSingle: true, onChange: setKeys }}
        empty="No Synapse workspace is linked. Add integration links one."
      />
      {isAdding && <AddIntegration onClose={() => setAdding(false)} />}
      {removed && (
        <Unlink
          link={removed}
          onClose={() => setRemoved(undefined)}
          onDone={() => setKeys(new Set())}
        />
      )}
    </PageFrame>
  );
}

function columnsOf(path: string): Column<LinkedService>[] {
  return [
    {
      name: "name",
      label: "Name",
      text: ({ name }) => name,
      show: ({ name }) => <Link to={`${path}/linked-services/${name}`}>{name}</Link>,
    },
    { name: "type", label: "Type", text: ({ properties }) => properties?.linkType ?? "Synapse" },
    {
      name: "target",
      label: "Synapse workspace",
      text: ({ properties }) => nameOf(properties?.linkedServiceResourceId),
    },
    {
      name: "identity",
      label: "Managed identity",
      text: ({ identity }) => identity?.principalId ?? "",
    },
    {
      name: "created",
      label: "Created",
      text: ({ properties }) => properties?.createdTime ?? "",
      show: ({ properties }) => new Date(properties?.createdTime ?? "").toLocaleString(),
    },
  ];
}
