// Private endpoint connections of a resource: who asked to connect, and to approve, reject or remove
// it. For any resource type that has them; the machine learning studio shows it too.

import { Field, Textarea } from "@fluentui/react-components";
import { CheckmarkRegular, DeleteRegular, DismissRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { perform } from "../api/operation.ts";
import { arm } from "../api/request.ts";
import { childrenQuery, type Resource } from "../api/resource.ts";
import { nameOf, typeOf } from "../api/scope.ts";
import { useTask } from "../shell/notification.tsx";
import { CommandButton, useAzureRight } from "./command-button.tsx";
import { Confirm } from "./confirm.tsx";
import { useResourceRules } from "./definition.ts";
import { type Column, Grid } from "./grid.tsx";
import { RefreshButton } from "./refresh-button.tsx";

interface ConnectionProperties {
  readonly privateEndpoint?: { readonly id?: string };
  readonly privateLinkServiceConnectionState?: {
    readonly status?: string;
    readonly description?: string;
    readonly actionsRequired?: string;
  };
}

type Connection = Resource<ConnectionProperties>;
type Verb = "Approve" | "Reject" | "Remove";

const columns: readonly Column<Connection>[] = [
  { name: "name", label: "Connection name", text: ({ name }) => name },
  {
    name: "state",
    label: "Connection state",
    text: ({ properties }) => properties?.privateLinkServiceConnectionState?.status ?? "",
  },
  {
    name: "endpoint",
    label: "Private endpoint",
    text: ({ properties }) => nameOf(properties?.privateEndpoint?.id ?? ""),
  },
  {
    name: "description",
    label: "Description",
    text: ({ properties }) => properties?.privateLinkServiceConnectionState?.description ?? "",
  },
];

export function PrivateEndpointConnections({ resourceId }: { resourceId: string }) {
  const type = `${typeOf(resourceId)}/privateEndpointConnections`;
  const { apiVersion, error: typeError } = useResourceRules(type);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [verb, setVerb] = useState<Verb>();
  const { data, error, refetch } = useQuery({
    ...childrenQuery<ConnectionProperties>(resourceId, "privateEndpointConnections", apiVersion),
    enabled: apiVersion !== "",
  });
  const mayWrite = useAzureRight(resourceId, `${type}/write`);
  const mayDelete = useAzureRight(resourceId, `${type}/delete`);
  const chosen = data?.filter(({ id }) => selected.has(id)) ?? [];
  const disabledReason = chosen.length === 0 ? "Select connections first." : undefined;
  return (
    <>
      <Grid
        label="Private endpoint connections"
        columns={columns}
        rows={data}
        error={error ?? typeError}
        onRetry={() => void refetch()}
        rowKey={({ id }) => id}
        empty="No private endpoint has asked to connect. In Synapse Studio: Manage, Managed private endpoints, New."
        selection={{ keys: selected, onChange: setSelected }}
        tools={
          <>
            <CommandButton
              icon={<CheckmarkRegular />}
              right={mayWrite}
              disabledReason={disabledReason}
              onClick={() => setVerb("Approve")}
            >
              Approve
            </CommandButton>
            <CommandButton
              icon={<DismissRegular />}
              right={mayWrite}
              disabledReason={disabledReason}
              onClick={() => setVerb("Reject")}
            >
              Reject
            </CommandButton>
            <CommandButton
              icon={<DeleteRegular />}
              right={mayDelete}
              disabledReason={disabledReason}
              onClick={() => setVerb("Remove")}
            >
              Remove
            </CommandButton>
            <RefreshButton onRefresh={refetch} />
          </>
        }
      />
      {verb && (
        <Decision
          verb={verb}
          connections={chosen}
          apiVersion={apiVersion}
          onClose={() => setVerb(undefined)}
          onDone={() => setSelected(new Set())}
        />
      )}
    </>
  );
}

const past = { Approve: "approved", Reject: "rejected", Remove: "removed" } as const;

function Decision({
  verb,
  connections,
  apiVersion,
  onClose,
  onDone,
}: {
  verb: Verb;
  connections: readonly Connection[];
  apiVersion: string;
  onClose(): void;
  onDone(): void;
}) {
  const [description, setDescription] = useState("");
  const decision = useTask({
    run: async () => {
      for (const connection of connections) {
        await decide(connection, { verb, description, apiVersion });
      }
    },
    done: () => `Private endpoint connection ${past[verb]}`,
    failed: () => `The private endpoint connection could not be ${past[verb]}`,
    changes: [["arm", "children"], ["synapse"]],
    onDone: () => {
      onClose();
      onDone();
    },
  });
  return (
    <Confirm
      isOpen
      title={`${verb} connection`}
      verb={verb === "Remove" ? "Remove" : "Yes"}
      isBusy={decision.isPending}
      onConfirm={() => decision.mutate(undefined)}
      onClose={onClose}
    >
      {verb} {connections.map(({ name }) => name).join(", ")}?
      {verb !== "Remove" && (
        <Field label="Description">
          <Textarea value={description} onChange={(_, { value }) => setDescription(value)} />
        </Field>
      )}
    </Confirm>
  );
}

async function decide(
  { id, properties }: Connection,
  { verb, description, apiVersion }: { verb: Verb; description: string; apiVersion: string },
): Promise<void> {
  const path = `${id}?api-version=${apiVersion}`;
  if (verb === "Remove") {
    await perform(arm, { method: "DELETE", path });
    return;
  }
  await perform(arm, {
    method: "PUT",
    path,
    body: {
      properties: {
        ...(properties?.privateEndpoint && { privateEndpoint: properties.privateEndpoint }),
        privateLinkServiceConnectionState: {
          status: verb === "Approve" ? "Approved" : "Rejected",
          description,
        },
      },
    },
  });
}
