// Home of Synapse Studio: what the workspace is.

import { Essentials } from "../control/essentials.tsx";
import { PageFrame } from "../control/page-frame.tsx";
import { Problem } from "../control/problem.tsx";
import { useWorkspace, useWorkspaceName } from "./workspace.ts";

export function Page() {
  const name = useWorkspaceName();
  const { data, error, refetch } = useWorkspace();
  return (
    <PageFrame title={name} description="Azure Synapse Analytics workspace">
      {error ? (
        <Problem error={error} onRetry={() => void refetch()} />
      ) : (
        <Essentials
          label="Essentials"
          entries={[
            ["Resource id", data?.id],
            ["Location", data?.location],
            ["Managed identity", data?.identity?.principalId],
          ]}
        />
      )}
    </PageFrame>
  );
}
