// The panel of one linked service, new or existing: fields, Test connection with its verdict, Save.

import {
  Button,
  Field,
  Input,
  makeStyles,
  Spinner,
  Switch,
  tokens,
} from "@fluentui/react-components";
import { useEffect, useRef } from "react";
import { CodeEditor } from "../../control/code-editor.tsx";
import { CommandButton } from "../../control/command-button.tsx";
import { FormFields } from "../../control/form-fields.tsx";
import { Panel } from "../../control/panel.tsx";
import { Problem } from "../../control/problem.tsx";
import { Verdict } from "../../control/verdict.tsx";
import { useSynapseRight } from "../right.ts";
import { useWorkspaceName } from "../workspace.ts";
import { connectorLabel } from "./catalogue.ts";
import { IdentityNote } from "./identity-note.tsx";
import { isAutomatic, type Link } from "./link.ts";
import { openParameters, testValueKey } from "./parameter.ts";
import { Parameters } from "./parameters.tsx";
import { type LinkFormState, useLinkForm } from "./use-link-form.ts";

const useStyles = makeStyles({
  body: { display: "grid", gap: tokens.spacingVerticalM, paddingBottom: tokens.spacingVerticalL },
  footer: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, width: "100%" },
  test: { marginLeft: "auto", display: "flex", gap: tokens.spacingHorizontalS },
  advanced: { borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
});

export interface LinkPanelProps {
  readonly type: string;
  /** As stored; undefined for a new one. */
  readonly link?: Link | undefined;
  /** To the gallery, for a new one. */
  onBack?(): void;
  onClose(): void;
}

export function LinkPanel({ type, link, onBack, onClose }: LinkPanelProps) {
  const styles = useStyles();
  const state = useLinkForm({ type, link, onSaved: onClose });
  const { isReady, context } = state;
  const verb = link ? "Edit" : "New";
  return (
    <Panel
      title={`${verb} linked service (${connectorLabel(type)})`}
      isOpen
      size="medium"
      onClose={onClose}
      footer={<Footer state={state} link={link} onClose={onClose} {...(onBack && { onBack })} />}
    >
      {isReady ? (
        <div className={styles.body}>
          <Fields state={state} />
          <Result state={state} />
        </div>
      ) : context.error ? (
        <Problem error={context.error} onRetry={context.retry} />
      ) : (
        <Spinner label="Loading what the form chooses from" />
      )}
    </Panel>
  );
}

function Fields({ state }: { state: LinkFormState }) {
  const styles = useStyles();
  const { form, fields, context } = state;
  const isAdvanced = form.values.advanced === "true";
  const cut = fields.own.findIndex(({ name }) => name === "authentication") + 1;
  const isIdentity = form.values.authentication === "identity";
  const workspace = context.loaded?.context.workspace;
  return (
    <>
      <FormFields form={form} fields={fields.above} />
      <FormFields form={form} fields={fields.own.slice(0, cut)} />
      {!isAdvanced && isIdentity && workspace && <IdentityNote workspace={workspace} />}
      <FormFields form={form} fields={fields.own.slice(cut)} />
      <FormFields form={form} fields={fields.below} />
      {!isAdvanced && (
        <Parameters
          value={form.values.parameters ?? ""}
          onChange={(parameters) => form.set({ parameters })}
        />
      )}
      {openParameters(form.values.parameters ?? "").map(({ name, type }) => (
        <Field
          key={name}
          label={`Value of '${name}' for Test connection`}
          hint="Not saved: whoever uses the linked service gives its own."
        >
          <Input
            type={type === "SecureString" ? "password" : "text"}
            value={form.values[testValueKey(name)] ?? ""}
            onChange={(_, { value }) => form.set({ [testValueKey(name)]: value })}
          />
        </Field>
      ))}
      <details className={styles.advanced} open={isAdvanced || undefined}>
        <summary style={{ padding: "8px 0" }}>Advanced</summary>
        <Switch
          label="Specify dynamic contents in JSON format"
          checked={isAdvanced}
          onChange={(_, { checked }) => state.setAdvanced(checked)}
        />
        {isAdvanced && (
          <CodeEditor
            label="Dynamic contents in JSON format"
            language="json"
            height="280px"
            value={form.values.json ?? ""}
            onChange={(json) => form.set({ json })}
          />
        )}
      </details>
      <OtherProblems state={state} />
    </>
  );
}

/** What is wrong in controls that show no problems of their own. */
function OtherProblems({ state: { form, fields } }: { state: LinkFormState }) {
  return fields.others.map(({ name }) => {
    const problem = form.shownProblems[name];
    return problem === undefined ? null : <Problem key={name} error={new Error(problem)} />;
  });
}

function Result({ state }: { state: LinkFormState }) {
  const { test, save } = state;
  const place = useRef<HTMLDivElement>(null);
  const shown = test.data ?? test.error ?? save.error ?? test.isPending;
  useEffect(() => {
    if (shown) place.current?.scrollIntoView({ block: "start" });
  }, [shown]);
  return (
    <div ref={place} aria-live="polite">
      {test.isPending && <Spinner label="Testing the connection" labelPosition="after" />}
      {test.data && (
        <Verdict
          answer={test.data}
          onTest={() => runTest(state)}
          onEdit={(edit) => state.correct(edit)}
        />
      )}
      {test.error && <Problem error={test.error} onRetry={() => runTest(state)} />}
      {save.error && <Problem error={save.error} />}
    </div>
  );
}

function Footer({
  state,
  link,
  onBack,
  onClose,
}: {
  state: LinkFormState;
  link: Link | undefined;
  onBack?: () => void;
  onClose(): void;
}) {
  const styles = useStyles();
  const workspace = useWorkspaceName();
  const right = useSynapseRight("linkedServices/write");
  const { test, save, isReady } = state;
  const fixed = link && isAutomatic(workspace, link.name);
  const reason = fixed
    ? "It comes with the workspace and cannot be changed."
    : isReady && !save.isPending
      ? undefined
      : "One moment";
  return (
    <div className={styles.footer}>
      <CommandButton
        appearance="primary"
        right={right}
        disabledReason={reason}
        onClick={() => runSave(state)}
      >
        Save
      </CommandButton>
      {onBack && <Button onClick={onBack}>Back</Button>}
      <div className={styles.test}>
        <Button disabledFocusable={!isReady || test.isPending} onClick={() => runTest(state)}>
          Test connection
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </div>
  );
}

function runTest({ form, built, test }: LinkFormState): void {
  form.submit(({ name = "" }) => {
    if (built) test.mutate({ name, properties: built });
  });
}

function runSave({ form, built, save }: LinkFormState): void {
  form.submit(({ name = "" }) => {
    if (built) save.mutate({ name, properties: built });
  });
}
