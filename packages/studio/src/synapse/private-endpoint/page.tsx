// Manage > Managed private endpoints: private ways out of the workspace's managed virtual network.

import { Badge, MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { AddRegular, DeleteRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { idPart } from "../../api/resource.ts";
import { CommandButton } from "../../control/command-button.tsx";
import { Confirm } from "../../control/confirm.tsx";
import { type Column, Grid, rowsOf } from "../../control/grid.tsx";
import { Link } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { useTask } from "../../shell/notification.tsx";
import { useSynapseRight } from "../right.ts";
import { useManageCrumbs, useWorkspace, useWorkspaceName } from "../workspace.ts";
import { deleteEndpoint, endpointsQuery, type ManagedPrivateEndpoint } from "./endpoint.ts";
import { NewPanel } from "./new-panel.tsx";

const columns: readonly Column<ManagedPrivateEndpoint>[] = [
  { name: "name", label: "Name", width: "26%", text: ({ name }) => name },
  {
    name: "target",
    label: "Target",
    text: targetText,
    show: (endpoint) => <Target {...endpoint} />,
  },
  {
    name: "provisioning",
    label: "Provisioning state",
    text: ({ properties }) => properties.provisioningState,
  },
  {
    name: "approval",
    label: "Approval state",
    text: approvalText,
    show: (endpoint) => (
      <Badge appearance="tint" color={approvalColors[approvalText(endpoint)] ?? "informative"}>
        {approvalText(endpoint)}
      </Badge>
    ),
  },
  {
    name: "description",
    label: "Description",
    text: ({ properties }) => properties.connectionState?.description ?? "",
  },
];

const approvalColors: Readonly<Record<string, "success" | "warning" | "danger">> = {
  Approved: "success",
  Pending: "warning",
  Rejected: "danger",
  Disconnected: "danger",
};

function approvalText({ properties }: ManagedPrivateEndpoint): string {
  return properties.connectionState?.status ?? "Not asked yet";
}

function targetText({ properties }: ManagedPrivateEndpoint): string {
  return `${properties.privateLinkResourceId.split("/").at(-1)} (${properties.groupId})`;
}

/** Where the owner approves, where that is a page of ours. */
function Target(endpoint: ManagedPrivateEndpoint) {
  const id = endpoint.properties.privateLinkResourceId;
  const text = targetText(endpoint);
  if (!/\/microsoft\.machinelearningservices\/workspaces\/[^/]+$/i.test(id)) return text;
  const place = [idPart(id, "subscriptions"), idPart(id, "resourceGroups"), id.split("/").at(-1)];
  return <Link to={`/ml/${place.join("/")}/networking`}>{text}</Link>;
}

export function Page() {
  const workspace = useWorkspaceName();
  const details = useWorkspace();
  const endpoints = useQuery(endpointsQuery(workspace));
  const mayCreate = useSynapseRight("managedPrivateEndpoints/write");
  const mayDelete = useSynapseRight("managedPrivateEndpoints/delete");
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<"new" | "delete">();
  const chosen = endpoints.data?.filter(({ name }) => selected.has(name)) ?? [];
  const hasNetwork = details.data?.properties?.managedVirtualNetwork === "default";
  const close = () => setOpen(undefined);
  return (
    <PageFrame
      title="Managed private endpoints"
      crumbs={useManageCrumbs()}
      description="Private ways from the workspace's managed virtual network to other resources. Each is provisioned here and approved on its target; it carries traffic when both are done."
      commands={
        <>
          <CommandButton
            icon={<AddRegular />}
            right={mayCreate}
            disabledReason={details.data && !hasNetwork ? noNetwork : undefined}
            onClick={() => setOpen("new")}
          >
            New
          </CommandButton>
          <RefreshButton onRefresh={endpoints.refetch} />
          <CommandButton
            icon={<DeleteRegular />}
            right={mayDelete}
            disabledReason={deletionProblem(chosen)}
            onClick={() => setOpen("delete")}
          >
            Delete
          </CommandButton>
        </>
      }
    >
      {details.data && !hasNetwork && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>No managed virtual network</MessageBarTitle>
            {noNetwork} Linked services connect over public addresses.
          </MessageBarBody>
        </MessageBar>
      )}
      <Grid
        label="Managed private endpoints"
        columns={columns}
        {...rowsOf(endpoints)}
        rowKey={({ name }) => name}
        empty="There is no managed private endpoint."
        selection={{ keys: selected, onChange: setSelected }}
      />
      {open === "new" && (
        <NewPanel taken={endpoints.data?.map(({ name }) => name) ?? []} onClose={close} />
      )}
      {open === "delete" && (
        <Deletion endpoints={chosen} onClose={close} onDone={() => setSelected(new Set())} />
      )}
    </PageFrame>
  );
}

const noNetwork =
  "The workspace was created without a managed virtual network, which cannot be added later.";

function deletionProblem(chosen: readonly ManagedPrivateEndpoint[]): string | undefined {
  if (chosen.length === 0) return "Select what to delete.";
  const reserved = chosen.find(({ properties }) => properties.isReserved);
  return reserved && `'${reserved.name}' belongs to the workspace's own SQL and stays.`;
}

function Deletion({
  endpoints,
  onClose,
  onDone,
}: {
  endpoints: readonly ManagedPrivateEndpoint[];
  onClose(): void;
  onDone(): void;
}) {
  const workspace = useWorkspaceName();
  const deletion = useTask({
    run: async (deleted: readonly ManagedPrivateEndpoint[]) => {
      for (const { name } of deleted) await deleteEndpoint(workspace, name);
    },
    done: (deleted) => `Deleted: ${deleted.map(({ name }) => name).join(", ")}`,
    failed: () => "The managed private endpoint was not deleted",
    changes: [["synapse", workspace.toLowerCase()], ["arm"]],
    onDone: () => {
      onDone();
      onClose();
    },
  });
  return (
    <Confirm
      isOpen
      title="Delete managed private endpoints?"
      verb="Delete"
      isBusy={deletion.isPending}
      onConfirm={() => deletion.mutate(endpoints)}
      onClose={onClose}
    >
      Linked services that need them fail from then on, and their approval on the target is gone:
      <ul>
        {endpoints.map((endpoint) => (
          <li key={endpoint.name}>
            {endpoint.name} to {targetText(endpoint)}
          </li>
        ))}
      </ul>
      {deletion.error && <Problem error={deletion.error} />}
    </Confirm>
  );
}
