// One attached compute: the pool behind it, its managed identity (features.md E-10), Detach.

import { Text } from "@fluentui/react-components";
import { EditRegular, PlugDisconnectedRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { resourceQuery, resourcesQuery } from "../../api/resource.ts";
import { nameOf } from "../../api/scope.ts";
import { CommandButton, useAzureRight } from "../../control/command-button.tsx";
import { Essentials } from "../../control/essentials.tsx";
import { useForm } from "../../control/form.ts";
import { FormPanel } from "../../control/form-panel.tsx";
import { Link, useGo } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";
import { useTask } from "../../shell/notification.tsx";
import {
  type Compute,
  type ComputeProperties,
  crumbsOf,
  machineLearningVersion,
  useWorkspaceAddress,
} from "../workspace.ts";
import { useAttach } from "./attach.ts";
import { Detach } from "./detach.tsx";
import { type IdentityValues, identityFields, identityOf } from "./identity-fields.ts";
import { sizeText } from "./spark-pool-text.ts";

const type = "Microsoft.MachineLearningServices/workspaces/computes";

export function Page() {
  const address = useWorkspaceAddress();
  const { compute: name = "" } = useParams({ strict: false }) as { compute?: string };
  const go = useGo();
  const id = `${address.id}/computes/${name}`;
  const { data, error, refetch } = useQuery(
    resourceQuery<ComputeProperties>(id, machineLearningVersion),
  );
  const [isEditing, setEditing] = useState(false);
  const [isDetaching, setDetaching] = useState(false);
  const mayWrite = useAzureRight(address.id, `${type}/write`);
  const mayDelete = useAzureRight(address.id, `${type}/delete`);
  const list = { label: "Compute", to: `${address.path}/compute` };
  const absent = data ? undefined : "The compute is not there.";
  return (
    <PageFrame
      title={name}
      crumbs={crumbsOf(address, list)}
      commands={
        <>
          <CommandButton
            icon={<EditRegular />}
            right={mayWrite}
            disabledReason={absent}
            onClick={() => setEditing(true)}
          >
            Edit managed identity
          </CommandButton>
          <CommandButton
            icon={<PlugDisconnectedRegular />}
            right={mayDelete}
            disabledReason={absent}
            onClick={() => setDetaching(true)}
          >
            Detach
          </CommandButton>
        </>
      }
    >
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {data && <Properties compute={data} />}
      {data && isEditing && <EditIdentity compute={data} onClose={() => setEditing(false)} />}
      {data && isDetaching && (
        <Detach computes={[data]} onClose={() => setDetaching(false)} onDone={() => go(list.to)} />
      )}
    </PageFrame>
  );
}

function Properties({ compute }: { compute: Compute }) {
  const { properties, identity } = compute;
  const pool = properties?.properties;
  const autoPause = pool?.autoPauseProperties;
  const users = Object.keys(identity?.userAssignedIdentities ?? {}).map(nameOf);
  return (
    <>
      {properties?.provisioningErrors?.map(({ error }) => (
        <Text key={error.code} role="alert">
          {error.code}: {error.message}
        </Text>
      ))}
      <Essentials
        label="Resource properties"
        entries={[
          ["Type", "Synapse Spark pool"],
          ["Provisioning state", properties?.provisioningState],
          ["Spark pool", nameOf(properties?.resourceId)],
          [
            "Synapse workspace",
            pool?.workspaceName && (
              <Link to={`/synapse/${pool.workspaceName}`}>{pool.workspaceName}</Link>
            ),
          ],
          ["Apache Spark version", pool?.sparkVersion],
          ["Size", sizeText(pool)],
          [
            "Auto pause",
            autoPause?.enabled ? `After ${autoPause.delayInMinutes} minutes` : "Disabled",
          ],
          ["Resource id of the pool", properties?.resourceId],
          ["Managed identity", [identity?.type ?? "None", ...users].join(", ")],
          ["Principal id", identity?.principalId],
        ]}
      />
    </>
  );
}

function EditIdentity({ compute, onClose }: { compute: Compute; onClose(): void }) {
  const { data: identities } = useQuery(
    resourcesQuery("Microsoft.ManagedIdentity/userAssignedIdentities"),
  );
  const held = compute.identity?.type ?? "None";
  const fieldsOf = (values: IdentityValues) => identityFields(values, identities);
  const form = useForm<IdentityValues>(
    {
      hasIdentity: held === "None" ? "" : "true",
      identityType: held === "UserAssigned" ? "UserAssigned" : "SystemAssigned",
      identityIds: Object.keys(compute.identity?.userAssignedIdentities ?? {})[0] ?? "",
    },
    fieldsOf,
  );
  const attach = useAttach();
  const task = useTask({
    run: (values: IdentityValues) =>
      attach({
        name: compute.name,
        resourceId: compute.properties?.resourceId ?? "",
        identity: { type: "None" },
        ...identityOf(values),
      }),
    done: () => `The managed identity of ${compute.name} is changed`,
    failed: () => `The managed identity of ${compute.name} could not be changed`,
    changes: [["arm"]],
    onDone: onClose,
  });
  return (
    <FormPanel
      title="Managed identity"
      verb="Update"
      form={form}
      fields={fieldsOf(form.values)}
      task={task}
      onClose={onClose}
    />
  );
}
