// Attach Synapse Spark pool: name, subscription, workspace, pool, and whether the compute has a
// managed identity (features.md E-05, E-06).

import { useQuery } from "@tanstack/react-query";
import { resourcesQuery } from "../../api/resource.ts";
import { nameOf } from "../../api/scope.ts";
import { type Field, useForm } from "../../control/form.ts";
import { FormPanel } from "../../control/form-panel.tsx";
import { Problem } from "../../control/problem.tsx";
import { useTask } from "../../shell/notification.tsx";
import { useSynapseWorkspaceFields } from "../synapse-workspace-field.ts";
import { sparkPoolsQuery, useWorkspaceAddress } from "../workspace.ts";
import { useAttach } from "./attach.ts";
import { type IdentityValues, identityFields, identityOf } from "./identity-fields.ts";
import { useComputeNameRule } from "./name-rule.ts";

type Values = IdentityValues & {
  readonly name: string;
  readonly subscriptionId: string;
  readonly workspaceId: string;
  readonly poolId: string;
};

export function AttachPanel({ onClose }: { onClose(): void }) {
  const { subscription } = useWorkspaceAddress();
  const fieldsOf = useFields();
  const form = useForm<Values>(
    {
      name: "",
      subscriptionId: subscription,
      workspaceId: "",
      poolId: "",
      hasIdentity: "",
      identityType: "SystemAssigned",
      identityIds: "",
    },
    fieldsOf,
  );
  const attach = useAttach();
  const task = useTask({
    run: (values: Values) =>
      attach({ name: values.name, resourceId: values.poolId, ...identityOf(values) }),
    done: ({ name, poolId }) => `${nameOf(poolId)} is attached as ${name}`,
    failed: ({ name }) => `${name} could not be attached`,
    changes: [["arm"]],
    onDone: onClose,
  });
  const pools = useQuery(sparkPoolsQuery(form.values.workspaceId));
  const fields = fieldsOf(form.values).map((field) =>
    field.name === "poolId"
      ? { ...field, choices: pools.data?.map(({ id, name }) => ({ value: id, label: name })) ?? [] }
      : field,
  );
  return (
    <FormPanel
      title="Attach Synapse Spark pool"
      verb={task.isPending ? "Attaching" : "Attach"}
      form={form}
      fields={fields}
      task={task}
      onClose={onClose}
    >
      {pools.error && <Problem error={pools.error} />}
    </FormPanel>
  );
}

function useFields() {
  const nameProblem = useComputeNameRule();
  const workspaceFields = useSynapseWorkspaceFields("Subscription");
  const { data: identities } = useQuery(
    resourcesQuery("Microsoft.ManagedIdentity/userAssignedIdentities"),
  );
  return (values: Values): Field<Values>[] => [
    {
      name: "name",
      label: "Name",
      kind: "text",
      isRequired: true,
      check: nameProblem,
    },
    ...workspaceFields(values),
    { name: "poolId", label: "Spark Pool", kind: "choice", isRequired: true, choices: [] },
    ...(identityFields(values, identities) as Field<Values>[]),
  ];
}
