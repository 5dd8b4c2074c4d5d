// The panel in which something is created or changed: fields above, the verb below.

import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import type { Right } from "./command-button.tsx";
import type { Field, Form, FormValues } from "./form.ts";
import { FormFields } from "./form-fields.tsx";
import { Panel } from "./panel.tsx";
import { PanelButtons } from "./panel-buttons.tsx";
import { Problem } from "./problem.tsx";

const useStyles = makeStyles({
  body: { display: "grid", gap: tokens.spacingVerticalM },
});

export function FormPanel<Values extends FormValues>({
  title,
  verb,
  isOpen = true,
  note,
  right,
  disabledReason,
  form,
  fields,
  task,
  onBack,
  onClose,
  children,
}: {
  title: string;
  /** The sending button's text. */
  verb: string;
  isOpen?: boolean;
  /** Above the fields. */
  note?: ReactNode;
  right?: Right;
  disabledReason?: string;
  form: Form<Values>;
  fields: readonly Field<Values>[];
  task: { readonly error: unknown; readonly isPending: boolean; mutate(values: Values): void };
  /** To the step before. */
  onBack?(): void;
  onClose(): void;
  /** Below the fields. */
  children?: ReactNode;
}) {
  const styles = useStyles();
  return (
    <Panel
      title={title}
      isOpen={isOpen}
      onClose={onClose}
      footer={
        <PanelButtons
          verb={verb}
          right={right}
          disabledReason={disabledReason}
          isDisabled={task.isPending}
          onSend={() => form.submit((values) => task.mutate(values))}
          onBack={onBack}
          onClose={onClose}
        />
      }
    >
      <div className={styles.body}>
        {note}
        <FormFields form={form} fields={fields} />
        {children}
        {task.error ? <Problem error={task.error} /> : null}
      </div>
    </Panel>
  );
}
