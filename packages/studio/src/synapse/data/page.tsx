// Data: the SQL databases of the workspace as a tree; a table's columns beside it.

import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { PageFrame } from "../../control/page-frame.tsx";
import { PredictWizard } from "../wizard/wizard.tsx";
import { useWorkspaceName } from "../workspace.ts";
import { ObjectDetails } from "./object-details.tsx";
import { DatabaseTree } from "./tree.tsx";
import type { TreeObject } from "./tree-object.ts";

const useStyles = makeStyles({
  split: {
    display: "grid",
    gridTemplateColumns: "minmax(280px, 1fr) 2fr",
    gap: tokens.spacingHorizontalXXL,
    alignItems: "start",
  },
});

export function Page() {
  const styles = useStyles();
  const workspace = useWorkspaceName();
  const [shown, setShown] = useState<TreeObject>();
  const [predicted, setPredicted] = useState<TreeObject>();
  return (
    <PageFrame title="Data" crumbs={[{ label: workspace, to: `/synapse/${workspace}` }]}>
      <div className={styles.split}>
        <DatabaseTree onOpen={setShown} onPredict={setPredicted} />
        {shown ? (
          <ObjectDetails object={shown} />
        ) : (
          <Text>Choose a table or a view to see its columns.</Text>
        )}
      </div>
      {predicted && <PredictWizard table={predicted} onClose={() => setPredicted(undefined)} />}
    </PageFrame>
  );
}
