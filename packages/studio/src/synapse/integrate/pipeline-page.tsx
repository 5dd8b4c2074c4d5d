// One pipeline as JSON: read, changed, started.

import { MessageBar, MessageBarBody, Spinner } from "@fluentui/react-components";
import { PlayRegular, SaveRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { CodeEditor } from "../../control/code-editor.tsx";
import { CommandButton } from "../../control/command-button.tsx";
import { Link } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";
import { useTask } from "../../shell/notification.tsx";
import { putArtifact } from "../artifact.ts";
import { useSynapseRight } from "../right.ts";
import { useWorkspaceName } from "../workspace.ts";
import { type Pipeline, parsePipeline, pipelinesQuery, triggerPipeline } from "./pipeline.ts";

export function Page() {
  const workspace = useWorkspaceName();
  const { pipeline: name = "" } = useParams({ strict: false }) as { pipeline?: string };
  const { data, error, refetch } = useQuery(pipelinesQuery(workspace));
  const pipeline = data?.find((known) => known.name.toLowerCase() === name.toLowerCase());
  if (pipeline) return <Editor key={pipeline.etag} pipeline={pipeline} />;
  return (
    <PageFrame title={name} crumbs={crumbsOf(workspace)}>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {data && <Problem error={new Error(`There is no pipeline '${name}' in '${workspace}'.`)} />}
      {!data && !error && <Spinner label="Loading" />}
    </PageFrame>
  );
}

function crumbsOf(workspace: string) {
  return [
    { label: workspace, to: `/synapse/${workspace}` },
    { label: "Integrate", to: `/synapse/${workspace}/integrate` },
  ];
}

function Editor({ pipeline: { name, etag, properties } }: { pipeline: Pipeline }) {
  const workspace = useWorkspaceName();
  const right = useSynapseRight("pipelines/write");
  const [text, setText] = useState(() => JSON.stringify({ name, properties }, null, 2));
  const changed = parsePipeline(text);
  const save = useTask({
    run: (written: Readonly<Record<string, unknown>>) =>
      putArtifact({ workspace, collection: "pipelines", name, etag }, written),
    done: () => `The pipeline '${name}' is saved`,
    failed: () => `The pipeline '${name}' was not saved`,
    changes: [["synapse", workspace.toLowerCase()]],
  });
  const trigger = useTask({
    run: () => triggerPipeline(workspace, name),
    done: (_, { runId }) => `Run ${runId} of '${name}' is started`,
    failed: () => `'${name}' was not started`,
    changes: [["synapse", workspace.toLowerCase()]],
  });
  return (
    <PageFrame
      title={name}
      crumbs={crumbsOf(workspace)}
      commands={
        <>
          <CommandButton
            icon={<SaveRegular />}
            right={right}
            disabledReason={
              changed
                ? undefined
                : 'This is not the JSON of a pipeline: { "name": …, "properties": { … } }.'
            }
            onClick={() => changed && save.mutate(changed)}
          >
            Save
          </CommandButton>
          <CommandButton
            icon={<PlayRegular />}
            disabledReason={trigger.isPending ? "It is being started" : undefined}
            onClick={() => trigger.mutate(undefined)}
          >
            Trigger now
          </CommandButton>
        </>
      }
    >
      {save.error && <Problem error={save.error} />}
      {trigger.error && <Problem error={trigger.error} />}
      {trigger.data && (
        <MessageBar intent="success">
          <MessageBarBody>
            Run {trigger.data.runId} is started.{" "}
            <Link to={`/synapse/${workspace}/monitor`}>Monitor</Link> shows it.
          </MessageBarBody>
        </MessageBar>
      )}
      <CodeEditor
        label={`JSON of ${name}`}
        language="json"
        height="60vh"
        isReadOnly={!right.allowed}
        value={text}
        onChange={setText}
      />
    </PageFrame>
  );
}
