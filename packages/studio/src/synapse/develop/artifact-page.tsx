// A notebook, job definition or data flow as the workspace keeps it. Running one needs Apache Spark
// sessions, which the server refuses by name until it has them.

import { MessageBar, MessageBarBody } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { CodeEditor } from "../../control/code-editor.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";
import { artifactsQuery, type Collection } from "../artifact.ts";
import { useWorkspaceName } from "../workspace.ts";

export function Page() {
  const workspace = useWorkspaceName();
  const params = useParams({ strict: false }) as { collection?: Collection; name?: string };
  const { collection = "notebooks", name = "" } = params;
  const { data, error, refetch } = useQuery(artifactsQuery(workspace, collection));
  const found = data?.find((artifact) => artifact.name.toLowerCase() === name.toLowerCase());
  return (
    <PageFrame
      title={name}
      crumbs={[
        { label: workspace, to: `/synapse/${workspace}` },
        { label: "Develop", to: `/synapse/${workspace}/develop` },
      ]}
    >
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {data && !found && <Problem error={new Error(`There is no '${name}' in ${collection}.`)} />}
      {found && (
        <>
          <MessageBar intent="info" layout="multiline">
            <MessageBarBody>
              It is kept and published as it is. Running it needs Apache Spark sessions, which are
              not run here yet.
            </MessageBarBody>
          </MessageBar>
          <CodeEditor
            label={`Definition of ${name}`}
            language="json"
            height="60vh"
            isReadOnly
            value={JSON.stringify({ name: found.name, properties: found.properties }, null, 2)}
          />
        </>
      )}
    </PageFrame>
  );
}
