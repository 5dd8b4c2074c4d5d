// A published SQL script in the editor.

import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";
import { useTask } from "../../shell/notification.tsx";
import { artifactsKey } from "../artifact.ts";
import { useWorkspaceName } from "../workspace.ts";
import { type EditedScript, ScriptEditor } from "./script-editor.tsx";
import { publishScript, type SqlScript, sqlScriptQuery } from "./sql-script.ts";

export function Page() {
  const { script: name = "" } = useParams({ strict: false }) as { script?: string };
  const workspace = useWorkspaceName();
  const { data, error, refetch } = useQuery(sqlScriptQuery(workspace, name));
  if (data) return <OpenScript key={data.name} script={data} />;
  return (
    <PageFrame title={name}>
      {error ? <Problem error={error} onRetry={() => void refetch()} /> : "Loading"}
    </PageFrame>
  );
}

function OpenScript({ script }: { script: SqlScript }) {
  const workspace = useWorkspaceName();
  const { name, etag } = script;
  const { query, currentConnection } = script.properties.content;
  const saved = { query, database: currentConnection?.poolName ?? "" };
  const [edited, setEdited] = useState<EditedScript>(saved);
  const publish = useTask({
    run: (changed: EditedScript) => publishScript(workspace, { ...changed, name, etag }),
    done: () => `${name} is published`,
    failed: () => `${name} could not be published`,
    changes: [artifactsKey(workspace, "sqlScripts")],
  });
  return (
    <ScriptEditor
      name={name}
      script={edited}
      crumbs={[
        { label: workspace, to: `/synapse/${workspace}` },
        { label: "Develop", to: `/synapse/${workspace}/develop` },
      ]}
      isChanged={edited.query !== saved.query || edited.database !== saved.database}
      notice={publish.error && <Problem error={publish.error} />}
      onChange={setEdited}
      onPublish={() => publish.mutate(edited)}
    />
  );
}
