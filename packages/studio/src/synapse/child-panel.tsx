// The panel in which a pool, runtime or credential is created or changed: fields above, the verb below.

import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { CommandButton, type Right } from "../control/command-button.tsx";
import type { Field, Form, FormValues } from "../control/form.ts";
import { FormFields } from "../control/form-fields.tsx";
import { Panel } from "../control/panel.tsx";
import { Problem } from "../control/problem.tsx";

const useStyles = makeStyles({
  body: { display: "grid", gap: tokens.spacingVerticalM },
  footer: { display: "flex", gap: tokens.spacingHorizontalS },
});

export function ChildPanel<Values extends FormValues>({
  title,
  verb,
  note,
  right,
  form,
  fields,
  task,
  onClose,
}: {
  title: string;
  /** The sending button's text. */
  verb: string;
  note?: string;
  right: Right;
  form: Form<Values>;
  fields: readonly Field<Values>[];
  task: { readonly error: unknown; readonly isPending: boolean; mutate(values: Values): void };
  onClose(): void;
}) {
  const styles = useStyles();
  return (
    <Panel
      title={title}
      isOpen
      onClose={onClose}
      footer={
        <div className={styles.footer}>
          <CommandButton
            appearance="primary"
            right={right}
            disabledReason={task.isPending ? "It is being done" : undefined}
            onClick={() => form.submit((values) => task.mutate(values))}
          >
            {verb}
          </CommandButton>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      }
    >
      <div className={styles.body}>
        {note && <Text>{note}</Text>}
        <FormFields form={form} fields={fields} />
        {task.error ? <Problem error={task.error} /> : null}
      </div>
    </Panel>
  );
}
