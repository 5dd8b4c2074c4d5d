// Integrate: the workspace's pipelines.

import { AddRegular, DeleteRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { CommandButton } from "../../control/command-button.tsx";
import { type Field, useForm } from "../../control/form.ts";
import { FormPanel } from "../../control/form-panel.tsx";
import { type Column, Grid } from "../../control/grid.tsx";
import { Link, useGo } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { takenProblem } from "../../control/taken-name.ts";
import { useTask } from "../../shell/notification.tsx";
import { artifactNameProblem, freeName, putArtifact } from "../artifact.ts";
import { DeleteArtifact } from "../delete-artifact.tsx";
import { useListState } from "../list-state.ts";
import { useSynapseRight } from "../right.ts";
import { useWorkspaceName } from "../workspace.ts";
import { type Pipeline, pipelinesQuery } from "./pipeline.ts";

export function Page() {
  const workspace = useWorkspaceName();
  const pipelines = useQuery(pipelinesQuery(workspace));
  const { chosen: pipeline, ...list } = useListState<"new" | "delete", Pipeline>(pipelines);
  const mayWrite = useSynapseRight("pipelines/write");
  const mayDelete = useSynapseRight("pipelines/delete");
  return (
    <PageFrame
      title="Integrate"
      crumbs={[{ label: workspace, to: `/synapse/${workspace}` }]}
      description="Pipelines, written as JSON."
      commands={
        <>
          <CommandButton icon={<AddRegular />} right={mayWrite} onClick={() => list.open("new")}>
            New pipeline
          </CommandButton>
          <RefreshButton onRefresh={list.refresh} />
          <CommandButton
            icon={<DeleteRegular />}
            right={mayDelete}
            disabledReason={pipeline ? undefined : "Select a pipeline."}
            onClick={() => list.open("delete")}
          >
            Delete
          </CommandButton>
        </>
      }
    >
      <Grid
        label="Pipelines"
        columns={columnsOf(workspace)}
        empty="There is no pipeline yet. Select New pipeline to create one."
        {...list.grid}
      />
      {list.panel === "new" && <NewPipeline taken={list.taken} onClose={list.close} />}
      {list.panel === "delete" && pipeline && (
        <DeleteArtifact
          what="pipeline"
          collection="pipelines"
          name={pipeline.name}
          onClose={list.close}
        />
      )}
    </PageFrame>
  );
}

function columnsOf(workspace: string): readonly Column<Pipeline>[] {
  return [
    {
      name: "name",
      label: "Name",
      text: ({ name }) => name,
      show: ({ name }) => (
        <Link to={`/synapse/${workspace}/integrate/${encodeURIComponent(name)}`}>{name}</Link>
      ),
    },
    {
      name: "activities",
      label: "Activities",
      text: ({ properties }) =>
        (properties.activities ?? []).map(({ name, type }) => `${name} (${type})`).join(", "),
    },
    {
      name: "annotations",
      label: "Annotations",
      text: ({ properties }) => (properties.annotations ?? []).join(", "),
    },
    {
      name: "published",
      label: "Published",
      text: ({ properties }) => properties.lastPublishTime ?? "",
      show: ({ properties: { lastPublishTime } }) =>
        lastPublishTime ? new Date(lastPublishTime).toLocaleString() : "–",
    },
  ];
}

type Values = Readonly<Record<"name" | "description", string>>;

function NewPipeline({ taken, onClose }: { taken: readonly string[]; onClose(): void }) {
  const workspace = useWorkspaceName();
  const go = useGo();
  const right = useSynapseRight("pipelines/write");
  const fieldsOf = (): readonly Field<Values>[] => [
    {
      name: "name",
      label: "Name",
      kind: "text",
      isRequired: true,
      check: (name) =>
        takenProblem(name, { what: "a pipeline", taken }) ?? artifactNameProblem(name),
    },
    { name: "description", label: "Description", kind: "multiline" },
  ];
  const form = useForm<Values>({ name: freeName("Pipeline ", taken), description: "" }, fieldsOf);
  const create = useTask({
    run: ({ name, description }: Values) =>
      putArtifact(
        { workspace, collection: "pipelines", name },
        { ...(description !== "" && { description }), activities: [], annotations: [] },
      ),
    done: ({ name }) => `The pipeline '${name}' is created`,
    failed: ({ name }) => `The pipeline '${name}' was not created`,
    changes: [["synapse", workspace.toLowerCase()]],
    onDone: (_, { name }) => go(`/synapse/${workspace}/integrate/${encodeURIComponent(name)}`),
  });
  return (
    <FormPanel
      title="New pipeline"
      verb="Create"
      right={right}
      form={form}
      fields={fieldsOf()}
      task={create}
      onClose={onClose}
    />
  );
}
