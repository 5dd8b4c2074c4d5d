// The definition of a linked service as JSON, to read and to change (features.md A-14).

import { makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { CodeEditor } from "../../control/code-editor.tsx";
import { Panel } from "../../control/panel.tsx";
import { PanelButtons } from "../../control/panel-buttons.tsx";
import { Problem } from "../../control/problem.tsx";
import { useTask } from "../../shell/notification.tsx";
import { putArtifact } from "../artifact.ts";
import { useSynapseRight } from "../right.ts";
import { useWorkspaceName } from "../workspace.ts";
import { parseDefinition } from "./definition.ts";
import { isAutomatic, type Link } from "./link.ts";

const useStyles = makeStyles({
  body: { display: "grid", gap: tokens.spacingVerticalM },
});

export function CodePanel({ link, onClose }: { link: Link; onClose(): void }) {
  const styles = useStyles();
  const workspace = useWorkspaceName();
  const right = useSynapseRight("linkedServices/write");
  const { name, properties, etag } = link;
  const [text, setText] = useState(() => JSON.stringify({ name, properties }, null, 2));
  const changed = parseDefinition(text);
  const save = useTask({
    run: (definition: typeof properties) =>
      putArtifact({ workspace, collection: "linkedServices", name, etag }, { ...definition }),
    done: () => `The linked service '${name}' is saved`,
    failed: () => `The linked service '${name}' was not saved`,
    changes: [["synapse", workspace.toLowerCase()]],
    onDone: onClose,
  });
  const isFixed = isAutomatic(workspace, name);
  const reason = isFixed
    ? "It comes with the workspace and cannot be changed."
    : changed
      ? undefined
      : 'This is not the JSON of a definition: { "name": …, "properties": { "type": … } }.';
  return (
    <Panel
      title={`Code of '${name}'`}
      isOpen
      size="large"
      onClose={onClose}
      footer={
        <PanelButtons
          verb="Save"
          right={right}
          disabledReason={reason}
          onSend={() => changed && save.mutate(changed)}
          onClose={onClose}
        />
      }
    >
      <div className={styles.body}>
        {save.error && <Problem error={save.error} />}
        <CodeEditor
          label={`JSON of ${name}`}
          language="json"
          height="60vh"
          isReadOnly={isFixed || !right.allowed}
          value={text}
          onChange={setText}
        />
      </div>
    </Panel>
  );
}
