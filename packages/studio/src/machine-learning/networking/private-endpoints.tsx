// Networking → Private endpoints: who asks to reach this workspace privately; its owner approves or
// rejects (features.md C-06).

import { Button, Field as FluentField, Textarea } from "@fluentui/react-components";
import {
  ArrowClockwiseRegular,
  CheckmarkRegular,
  DeleteRegular,
  DismissRegular,
} from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { arm, send } from "../../api/request.ts";
import { childrenQuery, type Resource } from "../../api/resource.ts";
import { CommandButton, useAzureRight } from "../../control/command-button.tsx";
import { Confirm } from "../../control/confirm.tsx";
import { type Column, Grid } from "../../control/grid.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { Panel } from "../../control/panel.tsx";
import { Problem } from "../../control/problem.tsx";
import { useTask } from "../../shell/notification.tsx";
import { crumbsOf, machineLearningVersion, nameOf, useWorkspaceAddress } from "../workspace.ts";

const type = "Microsoft.MachineLearningServices/workspaces/privateEndpointConnections";

type Connection = Resource<{
  readonly privateEndpoint?: { readonly id?: string };
  readonly privateLinkServiceConnectionState: {
    readonly status: string;
    readonly description?: string;
  };
  readonly provisioningState?: string;
}>;

const columns: readonly Column<Connection>[] = [
  { name: "name", label: "Connection name", text: ({ name }) => name },
  {
    name: "state",
    label: "Connection state",
    text: ({ properties }) => properties?.privateLinkServiceConnectionState.status ?? "",
  },
  {
    name: "endpoint",
    label: "Private endpoint",
    text: ({ properties }) => nameOf(properties?.privateEndpoint?.id),
  },
  {
    name: "description",
    label: "Description",
    text: ({ properties }) => properties?.privateLinkServiceConnectionState.description ?? "",
  },
];

type Decision = "Approve" | "Reject";

export function Page() {
  const address = useWorkspaceAddress();
  const { data, error, refetch } = useQuery(
    childrenQuery(address.id, "privateEndpointConnections", machineLearningVersion),
  );
  const rows = data as readonly Connection[] | undefined;
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const [decision, setDecision] = useState<Decision>();
  const [isRemoving, setRemoving] = useState(false);
  const chosen = rows?.filter(({ id }) => keys.has(id)) ?? [];
  return (
    <PageFrame
      title="Networking"
      crumbs={crumbsOf(address)}
      description="Private endpoints that lead to this workspace. Only approved ones carry traffic."
      commands={
        <Commands
          hasChosen={chosen.length > 0}
          onDecide={setDecision}
          onRemove={() => setRemoving(true)}
          onRefresh={() => void refetch()}
        />
      }
    >
      <Grid
        label="Private endpoints"
        columns={columns}
        rows={rows}
        error={error}
        onRetry={() => void refetch()}
        rowKey={({ id }) => id}
        selection={{ keys, onChange: setKeys }}
        empty="No private endpoint leads here. A Synapse workspace makes one under Manage, Managed private endpoints."
      />
      {decision && (
        <Decide connections={chosen} decision={decision} onClose={() => setDecision(undefined)} />
      )}
      {isRemoving && (
        <Remove
          connections={chosen}
          onClose={() => {
            setRemoving(false);
            setKeys(new Set());
          }}
        />
      )}
    </PageFrame>
  );
}

function Commands({
  hasChosen,
  onDecide,
  onRemove,
  onRefresh,
}: {
  hasChosen: boolean;
  onDecide(decision: Decision): void;
  onRemove(): void;
  onRefresh(): void;
}) {
  const { id } = useWorkspaceAddress();
  const mayWrite = useAzureRight(id, `${type}/write`);
  const mayDelete = useAzureRight(id, `${type}/delete`);
  const nothing = hasChosen ? undefined : "Select private endpoints first.";
  return (
    <>
      <CommandButton
        icon={<CheckmarkRegular />}
        right={mayWrite}
        disabledReason={nothing}
        onClick={() => onDecide("Approve")}
      >
        Approve
      </CommandButton>
      <CommandButton
        icon={<DismissRegular />}
        right={mayWrite}
        disabledReason={nothing}
        onClick={() => onDecide("Reject")}
      >
        Reject
      </CommandButton>
      <CommandButton
        icon={<DeleteRegular />}
        right={mayDelete}
        disabledReason={nothing}
        onClick={onRemove}
      >
        Remove
      </CommandButton>
      <CommandButton icon={<ArrowClockwiseRegular />} onClick={onRefresh}>
        Refresh
      </CommandButton>
    </>
  );
}

const statusOf = { Approve: "Approved", Reject: "Rejected" } as const;

function Decide({
  connections,
  decision,
  onClose,
}: {
  connections: readonly Connection[];
  decision: Decision;
  onClose(): void;
}) {
  const [description, setDescription] = useState("");
  const names = connections.map(({ name }) => name).join(", ");
  const task = useTask({
    async run() {
      const state = { status: statusOf[decision], description };
      for (const { id } of connections) {
        await send(arm, {
          method: "PUT",
          path: `${id}?api-version=${machineLearningVersion}`,
          body: { properties: { privateLinkServiceConnectionState: state } },
        });
      }
    },
    done: () => `${names}: ${statusOf[decision].toLowerCase()}`,
    failed: () => `${names}: the decision was not taken`,
    changes: [["arm"]],
    onDone: onClose,
  });
  return (
    <Panel
      title={`${decision} connection`}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button
            appearance="primary"
            disabledFocusable={task.isPending}
            onClick={() => task.mutate(undefined)}
          >
            {decision}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <p>{names}</p>
      <FluentField label="Description">
        <Textarea value={description} onChange={(_, { value }) => setDescription(value)} />
      </FluentField>
      {task.error && <Problem error={task.error} />}
    </Panel>
  );
}

function Remove({ connections, onClose }: { connections: readonly Connection[]; onClose(): void }) {
  const names = connections.map(({ name }) => name).join(", ");
  const task = useTask({
    async run() {
      for (const { id } of connections) {
        await send(arm, { method: "DELETE", path: `${id}?api-version=${machineLearningVersion}` });
      }
    },
    done: () => `${names} removed`,
    failed: () => `${names} could not be removed`,
    changes: [["arm"]],
    onDone: onClose,
  });
  return (
    <Confirm
      isOpen
      title={`Remove ${names}?`}
      verb="Remove"
      isBusy={task.isPending}
      onConfirm={() => task.mutate(undefined)}
      onClose={onClose}
    >
      <p>The private endpoint stops carrying traffic to this workspace.</p>
      {task.error && <Problem error={task.error} />}
    </Confirm>
  );
}
