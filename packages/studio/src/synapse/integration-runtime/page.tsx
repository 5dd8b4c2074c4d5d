// Manage > Integration runtimes: Azure's own, and self-hosted ones with the keys of their nodes.

import { Text } from "@fluentui/react-components";
import { AddRegular, DeleteRegular, KeyRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import type { Resource } from "../../api/resource.ts";
import { CommandButton } from "../../control/command-button.tsx";
import { useResourceRules } from "../../control/definition.ts";
import { type Field, useForm } from "../../control/form.ts";
import { FormPanel } from "../../control/form-panel.tsx";
import { type Column, Grid } from "../../control/grid.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { takenProblem } from "../../control/taken-name.ts";
import { childId, putChild, useChildTask, useParent } from "../child-resource.ts";
import { DeleteChild } from "../delete-child.tsx";
import { useListState } from "../list-state.ts";
import { useWorkspaceAzureRight } from "../right.ts";
import { childrenQuery, useManageCrumbs, useWorkspaceName } from "../workspace.ts";
import { KeyPanel } from "./key-panel.tsx";

interface IntegrationRuntime {
  readonly type?: "Managed" | "SelfHosted";
  readonly description?: string;
  readonly state?: string;
}

type Runtime = Resource<IntegrationRuntime>;

const isSelfHosted = ({ properties }: Runtime) => properties?.type === "SelfHosted";

const columns: readonly Column<Runtime>[] = [
  { name: "name", label: "Name", width: "26%", text: ({ name }) => name },
  {
    name: "type",
    label: "Type",
    text: (runtime) => (isSelfHosted(runtime) ? "Self-Hosted" : "Azure"),
  },
  {
    name: "status",
    label: "Status",
    text: (runtime) =>
      isSelfHosted(runtime) ? "Needs registration" : (runtime.properties?.state ?? ""),
  },
  {
    name: "region",
    label: "Region",
    text: (runtime) => (isSelfHosted(runtime) ? "–" : "Auto Resolve"),
  },
  {
    name: "description",
    label: "Description",
    text: ({ properties }) => properties?.description ?? "",
  },
];

export function Page() {
  const workspace = useWorkspaceName();
  const runtimes = useQuery(childrenQuery<IntegrationRuntime>(workspace, "integrationRuntimes"));
  const { chosen: runtime, ...list } = useListState<"new" | "keys" | "delete", Runtime>(runtimes);
  return (
    <PageFrame
      title="Integration runtimes"
      crumbs={useManageCrumbs()}
      description="What makes the connections of linked services. Azure Machine Learning linked services connect via an Azure runtime only."
      commands={<Commands runtime={runtime} onOpen={list.open} onRefresh={list.refresh} />}
    >
      <Grid
        label="Integration runtimes"
        columns={columns}
        empty="There is no integration runtime."
        {...list.grid}
      />
      {list.panel === "new" && <NewRuntime taken={list.taken} onClose={list.close} />}
      {list.panel === "keys" && runtime && <KeyPanel runtime={runtime} onClose={list.close} />}
      {list.panel === "delete" && runtime && (
        <DeleteChild what="integration runtime" resource={runtime} onClose={list.close}>
          Linked services that connect via it fail from then on.
        </DeleteChild>
      )}
    </PageFrame>
  );
}

function Commands({
  runtime,
  onOpen,
  onRefresh,
}: {
  runtime: Runtime | undefined;
  onOpen(open: "new" | "keys" | "delete"): void;
  onRefresh(): void;
}) {
  const mayWrite = useWorkspaceAzureRight("workspaces/integrationRuntimes/write");
  const mayDelete = useWorkspaceAzureRight("workspaces/integrationRuntimes/delete");
  const mayReadKeys = useWorkspaceAzureRight("workspaces/integrationRuntimes/listAuthKeys/action");
  const none = runtime ? undefined : "Select an integration runtime.";
  const managed =
    runtime && !isSelfHosted(runtime) ? "Only self-hosted runtimes have keys." : undefined;
  const fixed =
    runtime?.name.toLowerCase() === "autoresolveintegrationruntime"
      ? "It comes with the workspace and cannot be deleted."
      : undefined;
  return (
    <>
      <CommandButton icon={<AddRegular />} right={mayWrite} onClick={() => onOpen("new")}>
        New
      </CommandButton>
      <RefreshButton onRefresh={onRefresh} />
      <CommandButton
        icon={<KeyRegular />}
        right={mayReadKeys}
        disabledReason={none ?? managed}
        onClick={() => onOpen("keys")}
      >
        Keys
      </CommandButton>
      <CommandButton
        icon={<DeleteRegular />}
        right={mayDelete}
        disabledReason={none ?? fixed}
        onClick={() => onOpen("delete")}
      >
        Delete
      </CommandButton>
    </>
  );
}

type Values = Readonly<Record<"name" | "description", string>>;

function NewRuntime({ taken, onClose }: { taken: readonly string[]; onClose(): void }) {
  const parent = useParent();
  const rules = useResourceRules("Microsoft.Synapse/workspaces/integrationRuntimes");
  const right = useWorkspaceAzureRight("workspaces/integrationRuntimes/write");
  const fieldsOf = (): readonly Field<Values>[] => [
    {
      name: "name",
      label: "Name",
      kind: "text",
      isRequired: true,
      check: (name) =>
        takenProblem(name, { what: "an integration runtime", taken }) ?? rules.name(name),
    },
    { name: "description", label: "Description", kind: "multiline" },
  ];
  const form = useForm<Values>({ name: "", description: "" }, fieldsOf);
  const create = useChildTask({
    run: ({ name, description }: Values) =>
      putChild(childId(parent?.id ?? "", "integrationRuntimes", name), {
        properties: { type: "SelfHosted", ...(description !== "" && { description }) },
      }),
    done: ({ name }) => `The integration runtime '${name}' is created`,
    failed: ({ name }) => `The integration runtime '${name}' was not created`,
    onDone: onClose,
  });
  return (
    <FormPanel
      title="New integration runtime (Self-Hosted)"
      verb="Create"
      note={
        <Text>
          It gets two keys for its nodes. No node registers with this instance, so nothing connects
          via it; it is there to be referred to.
        </Text>
      }
      right={right}
      form={form}
      fields={fieldsOf()}
      task={create}
      onClose={onClose}
    />
  );
}
