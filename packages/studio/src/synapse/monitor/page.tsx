// Monitor: pipeline runs, SQL requests, Apache Spark applications (features.md J-01). What the server
// does not run it refuses by name, and that is what is shown.

import { Tab, TabList } from "@fluentui/react-components";
import { useState } from "react";
import { PageFrame } from "../../control/page-frame.tsx";
import { useWorkspaceName } from "../workspace.ts";
import { PipelineRuns } from "./pipeline-runs.tsx";
import { SparkApplications } from "./spark-applications.tsx";
import { SqlRequests } from "./sql-requests.tsx";

const views = {
  pipelines: { label: "Pipeline runs", View: PipelineRuns },
  sql: { label: "SQL requests", View: SqlRequests },
  spark: { label: "Apache Spark applications", View: SparkApplications },
} as const;

export function Page() {
  const workspace = useWorkspaceName();
  const [view, setView] = useState<keyof typeof views>("pipelines");
  const { View } = views[view];
  return (
    <PageFrame title="Monitor" crumbs={[{ label: workspace, to: `/synapse/${workspace}` }]}>
      <TabList
        aria-label="What is monitored"
        selectedValue={view}
        onTabSelect={(_, { value }) => setView(value as keyof typeof views)}
      >
        {Object.entries(views).map(([name, { label }]) => (
          <Tab key={name} value={name}>
            {label}
          </Tab>
        ))}
      </TabList>
      <View />
    </PageFrame>
  );
}
