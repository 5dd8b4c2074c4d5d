// "New managed private endpoint": what it leads to, then its name and the resource.

import { makeStyles, Text, ToggleButton, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { resourcesQuery, type Subscription, subscriptionsQuery } from "../../api/resource.ts";
import { type Field, useForm } from "../../control/form.ts";
import { FormPanel } from "../../control/form-panel.tsx";
import { Panel } from "../../control/panel.tsx";
import { PanelButtons } from "../../control/panel-buttons.tsx";
import { useTask } from "../../shell/notification.tsx";
import { freeName } from "../artifact.ts";
import { useSynapseRight } from "../right.ts";
import { useWorkspaceName } from "../workspace.ts";
import { createEndpoint, endpointNameProblem, type TargetKind, targetKinds } from "./endpoint.ts";

const useStyles = makeStyles({
  tiles: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fill, minmax(160px, 1fr))",
    gap: tokens.spacingHorizontalM,
    listStyle: "none",
    margin: 0,
    padding: 0,
  },
  tile: { width: "100%", height: "80px", fontWeight: tokens.fontWeightRegular },
});

interface NewPanelProps {
  /** Names that are taken. */
  readonly taken: readonly string[];
  onClose(): void;
}

export function NewPanel({ taken, onClose }: NewPanelProps) {
  const styles = useStyles();
  // Asked for now, so that the form has them.
  useQuery(subscriptionsQuery);
  const [marked, setMarked] = useState<TargetKind>();
  const [kind, setKind] = useState<TargetKind>();
  if (kind) {
    return (
      <EndpointForm kind={kind} taken={taken} onBack={() => setKind(undefined)} onClose={onClose} />
    );
  }
  return (
    <Panel
      title="New managed private endpoint"
      isOpen
      onClose={onClose}
      footer={
        <PanelButtons
          verb="Continue"
          isDisabled={marked === undefined}
          onSend={() => setKind(marked)}
          onClose={onClose}
        />
      }
    >
      <ul className={styles.tiles} aria-label="Kinds of targets">
        {targetKinds.map((target) => (
          <li key={target.label}>
            <ToggleButton
              className={styles.tile}
              appearance="outline"
              checked={marked === target}
              onClick={() => setMarked(target)}
              onDoubleClick={() => setKind(target)}
            >
              {target.label}
            </ToggleButton>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

type Values = Readonly<Record<"name" | "subscription" | "target", string>>;

function EndpointForm({
  kind,
  taken,
  onBack,
  onClose,
}: NewPanelProps & { kind: TargetKind; onBack(): void }) {
  const workspace = useWorkspaceName();
  const right = useSynapseRight("managedPrivateEndpoints/write");
  const subscriptions = useQuery(subscriptionsQuery).data;
  const fieldsOf = useFields(kind, { taken, subscriptions });
  const form = useForm<Values>(
    {
      name: freeName(kind.stem, taken),
      subscription: subscriptions?.length === 1 ? (subscriptions[0]?.subscriptionId ?? "") : "",
      target: "",
    },
    fieldsOf,
  );
  const create = useTask({
    run: ({ name, target }: Values) =>
      createEndpoint(workspace, { name, privateLinkResourceId: target, groupId: kind.groupId }),
    done: ({ name }) => `The managed private endpoint '${name}' is requested`,
    failed: ({ name }) => `The managed private endpoint '${name}' was not created`,
    changes: [["synapse", workspace.toLowerCase()], ["arm"]],
    onDone: onClose,
  });
  return (
    <FormPanel
      title={`New managed private endpoint (${kind.label})`}
      verb="Create"
      note={
        <Text>
          Whoever owns the target approves the request there, under Networking {">"} Private
          endpoints. Nothing is carried before that.
        </Text>
      }
      right={right}
      form={form}
      fields={fieldsOf(form.values)}
      task={create}
      onBack={onBack}
      onClose={onClose}
    />
  );
}

function useFields(
  kind: TargetKind,
  {
    taken,
    subscriptions,
  }: { taken: readonly string[]; subscriptions: readonly Subscription[] | undefined },
) {
  const resources = useQuery(resourcesQuery(kind.type));
  return (values: Values): readonly Field<Values>[] => {
    const targets = resources.data?.filter(({ id }) =>
      id.toLowerCase().startsWith(`/subscriptions/${values.subscription.toLowerCase()}/`),
    );
    return [
      {
        name: "name",
        label: "Name",
        kind: "text",
        isRequired: true,
        check: (name) => endpointNameProblem(name, taken),
      },
      {
        name: "subscription",
        label: "Azure subscription",
        kind: "choice",
        isRequired: true,
        choices: subscriptions?.map(({ subscriptionId, displayName }) => ({
          value: subscriptionId,
          label: `${displayName} (${subscriptionId})`,
        })),
      },
      {
        name: "target",
        label: targetLabel(kind),
        kind: "choice",
        isRequired: true,
        choices: targets?.map(({ id, name }) => ({ value: id, label: name })),
        ...(targets?.length === 0 && {
          hint: values.subscription
            ? "You may see none in this subscription."
            : "Choose the subscription first.",
        }),
      },
    ];
  };
}

function targetLabel({ label, groupId }: TargetKind): string {
  return groupId === "amlworkspace"
    ? "Azure Machine Learning workspace"
    : `${label.replace(/ \(.*\)$/, "")} resource`;
}
