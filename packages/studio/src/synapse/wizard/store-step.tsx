// Step 3: what the script is and where the model is kept.

import type { ScoringPlan } from "@callosum/sdk/scoring.ts";
import { Field, Input, Radio, RadioGroup, Subtitle2 } from "@fluentui/react-components";
import { CodeEditor } from "../../control/code-editor.tsx";
import type { Choices } from "./choices.ts";

export function StoreStep({
  plan,
  choices,
  onChange,
}: {
  plan: ScoringPlan;
  choices: Choices;
  onChange(changed: Partial<Choices>): void;
}) {
  const { exists } = plan.modelTable;
  const problem = tableProblem(choices.isNewTable, exists);
  return (
    <div style={{ display: "grid", gap: 16, paddingTop: 16 }}>
      <Field label="Script type">
        <RadioGroup
          layout="horizontal"
          value={choices.kind}
          onChange={(_, { value }) => onChange({ kind: value as Choices["kind"] })}
        >
          <Radio value="procedure" label="Stored procedure" />
          <Radio value="view" label="View" />
        </RadioGroup>
      </Field>
      <Field
        label={choices.kind === "procedure" ? "Stored procedure name" : "View name"}
        hint="[schema].[name]"
        required
      >
        <Input
          value={choices.scriptName}
          onChange={(_, { value }) => onChange({ scriptName: value })}
        />
      </Field>
      <Field label="Database table">
        <RadioGroup
          layout="horizontal"
          value={choices.isNewTable ? "new" : "existing"}
          onChange={(_, { value }) => onChange({ isNewTable: value === "new" })}
        >
          <Radio value="existing" label="Existing table" />
          <Radio value="new" label="Create new" />
        </RadioGroup>
      </Field>
      <Field
        label="Table name"
        hint="The model is copied into this table; the same name and version replaces its row."
        required
        {...(problem && { validationMessage: problem, validationState: "warning" as const })}
      >
        <Input
          value={choices.modelTable}
          onChange={(_, { value }) => onChange({ modelTable: value })}
        />
      </Field>
      {plan.script !== undefined && (
        <section aria-label="Script">
          <Subtitle2 as="h3">Script</Subtitle2>
          <CodeEditor
            label="Generated script"
            language="sql"
            height="240px"
            isReadOnly
            value={plan.script}
          />
        </section>
      )}
    </div>
  );
}

function tableProblem(isNew: boolean, exists: boolean): string | undefined {
  if (isNew && exists) return "The table exists already and is used as it is.";
  if (!isNew && !exists) return "The table does not exist: choose Create new to make it.";
  return undefined;
}
