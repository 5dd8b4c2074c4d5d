// The frame of every create form: tabs with fields, review, and the deployment step by step.

import {
  Button,
  makeStyles,
  Spinner,
  Subtitle2,
  Tab,
  TabList,
  Text,
  tokens,
} from "@fluentui/react-components";
import { CheckmarkCircleRegular, ClockRegular, DismissCircleRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { Essentials } from "../../control/essentials.tsx";
import { type Field, type Form, type FormValues, useForm } from "../../control/form.ts";
import { FormFields } from "../../control/form-fields.tsx";
import { useGo } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";
import { scopePath } from "../../control/scope-path.ts";
import { useTask } from "../../shell/notification.tsx";
import { resourceChanges } from "../resource/group.ts";
import { runPlan, type Step, type StepState } from "./plan.ts";

export interface FormTab<Values> {
  readonly name: string;
  readonly intro?: string;
  readonly fields: readonly Field<Values>[];
}

export interface CreatePageProps<Values extends FormValues> {
  readonly title: string;
  readonly initial: Values;
  tabs(values: Values): readonly FormTab<Values>[];
  plan(values: Values): readonly Step[];
  /** Id of what is made in the end. */
  target(values: Values): string;
}

const useStyles = makeStyles({
  fields: { maxWidth: "640px", display: "grid", gap: tokens.spacingVerticalL },
  buttons: { display: "flex", gap: tokens.spacingHorizontalS },
  steps: { listStyle: "none", margin: 0, padding: 0, display: "grid", gap: "8px" },
  step: { display: "flex", gap: tokens.spacingHorizontalS, alignItems: "center" },
  done: { color: tokens.colorStatusSuccessForeground1 },
  failed: { color: tokens.colorStatusDangerForeground1 },
});

const review = "Review + create";

export function CreatePage<Values extends FormValues>(props: CreatePageProps<Values>) {
  const { title, initial, tabs: tabsOf, plan, target } = props;
  const form = useForm(initial, (values) => tabsOf(values).flatMap(({ fields }) => fields));
  const tabs = tabsOf(form.values);
  const [states, setStates] = useState<ReadonlyMap<string, StepState>>(new Map());
  // As they were at the start: a group that was made is no step of the next plan.
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const deployment = useTask({
    run: (given: readonly Step[]) =>
      runPlan(given, (key, state) => setStates((earlier) => new Map([...earlier, [key, state]]))),
    done: () => `${title}: deployment succeeded`,
    failed: () => `${title}: deployment failed`,
    changes: [...resourceChanges, ["graph"], ["synapse"]],
  });
  const isStarted = deployment.isPending || deployment.isSuccess;
  return (
    <PageFrame
      title={title}
      crumbs={[
        { label: "Home", to: "/" },
        { label: "Create a resource", to: "/create" },
      ]}
    >
      {isStarted || deployment.error ? (
        <Deployment
          steps={steps}
          states={states}
          error={deployment.error}
          target={deployment.isSuccess ? target(form.values) : undefined}
          onBack={() => deployment.reset()}
        />
      ) : (
        <CreateForm
          form={form}
          tabs={tabs}
          onCreate={() => {
            setStates(new Map());
            form.submit((values) => {
              const planned = plan(values);
              setSteps(planned);
              deployment.mutate(planned);
            });
          }}
        />
      )}
    </PageFrame>
  );
}

function CreateForm<Values extends FormValues>({
  form,
  tabs,
  onCreate,
}: {
  form: Form<Values>;
  tabs: readonly FormTab<Values>[];
  onCreate(): void;
}) {
  const styles = useStyles();
  const [tab, setTab] = useState(tabs[0]?.name ?? review);
  const shown = tabs.find(({ name }) => name === tab);
  return (
    <>
      <TabList
        aria-label="Steps"
        selectedValue={tab}
        onTabSelect={(_, { value }) => setTab(value as string)}
      >
        {[...tabs.map(({ name }) => name), review].map((name) => (
          <Tab key={name} value={name}>
            {name}
          </Tab>
        ))}
      </TabList>
      <form noValidate className={styles.fields} onSubmit={(event) => event.preventDefault()}>
        {shown ? (
          <>
            {shown.intro && <Text>{shown.intro}</Text>}
            <FormFields form={form} fields={shown.fields} />
          </>
        ) : (
          <Review tabs={tabs} values={form.values} problems={form.problems} />
        )}
      </form>
      <Buttons
        names={tabs.map(({ name }) => name)}
        tab={tab}
        isValid={form.isValid}
        onTab={(next) => {
          // What is missing is shown beside its field when the person comes back.
          if (next === review) form.submit(() => {});
          setTab(next);
        }}
        onCreate={onCreate}
      />
    </>
  );
}

function Buttons({
  names,
  tab,
  isValid,
  onTab,
  onCreate,
}: {
  names: readonly string[];
  tab: string;
  isValid: boolean;
  onTab(tab: string): void;
  onCreate(): void;
}) {
  const styles = useStyles();
  const isReview = tab === review;
  const at = isReview ? names.length : names.indexOf(tab);
  const next = names[at + 1];
  return (
    <div className={styles.buttons}>
      {isReview ? (
        <Button
          appearance="primary"
          disabledFocusable={!isValid}
          onClick={() => isValid && onCreate()}
        >
          Create
        </Button>
      ) : (
        <Button appearance="primary" onClick={() => onTab(review)}>
          Review + create
        </Button>
      )}
      <Button disabledFocusable={at === 0} onClick={() => at > 0 && onTab(names[at - 1] as string)}>
        Previous
      </Button>
      {next !== undefined && !isReview && <Button onClick={() => onTab(next)}>Next: {next}</Button>}
    </div>
  );
}

function Review<Values extends FormValues>({
  tabs,
  values,
  problems,
}: {
  tabs: readonly FormTab<Values>[];
  values: Values;
  problems: Readonly<Record<string, string>>;
}) {
  const wrong = tabs.flatMap(({ name: tab, fields }) =>
    fields.flatMap(({ name, label }) => {
      const problem = problems[name];
      return problem === undefined ? [] : [{ name, text: `${tab} > ${label}: ${problem}` }];
    }),
  );
  return (
    <>
      {wrong.length > 0 ? (
        <div role="alert">
          <Text weight="semibold">Validation failed</Text>
          <ul>
            {wrong.map(({ name, text }) => (
              <li key={name}>{text}</li>
            ))}
          </ul>
        </div>
      ) : (
        <Text role="status" weight="semibold">
          Validation passed
        </Text>
      )}
      {tabs.map(({ name, fields }) => (
        <section key={name} aria-label={name}>
          <Subtitle2 as="h2">{name}</Subtitle2>
          <Essentials
            label={name}
            entries={fields
              .filter(
                ({ isHidden, kind, name: field }) =>
                  !isHidden && (kind !== "secret" || values[field]),
              )
              .map((field) => [field.label, shownValue(field, values[field.name] ?? "")] as const)}
          />
        </section>
      ))}
    </>
  );
}

function shownValue<Values>(field: Field<Values>, value: string): string {
  if (field.kind === "secret") return value === "" ? "" : "********";
  if (field.kind === "toggle") return value === "true" ? "Yes" : "No";
  const chosen = field.choices?.find((choice) => choice.value === value);
  return chosen?.label ?? (value === "" ? (field.placeholder ?? "") : value);
}

const stateTexts = {
  waiting: "Waiting",
  running: "Creating",
  done: "Created",
  failed: "Failed",
} as const;

function Deployment({
  steps,
  states,
  error,
  target,
  onBack,
}: {
  steps: readonly Step[];
  states: ReadonlyMap<string, StepState>;
  error: Error | null;
  target: string | undefined;
  onBack(): void;
}) {
  const styles = useStyles();
  const go = useGo();
  return (
    <>
      <Text as="h2" size={400} weight="semibold" role="status">
        {target
          ? "Your deployment is complete"
          : error
            ? "Your deployment failed"
            : "Deployment is in progress"}
      </Text>
      <ul className={styles.steps} aria-label="Deployment details">
        {steps.map(({ key, label }) => {
          const state = states.get(key) ?? "waiting";
          return (
            <li key={key} className={styles.step}>
              {state === "running" && <Spinner size="tiny" aria-hidden />}
              {state === "waiting" && <ClockRegular aria-hidden />}
              {state === "done" && <CheckmarkCircleRegular aria-hidden className={styles.done} />}
              {state === "failed" && <DismissCircleRegular aria-hidden className={styles.failed} />}
              {label}: {stateTexts[state]}
            </li>
          );
        })}
      </ul>
      {error && <Problem error={error} />}
      <div className={styles.buttons}>
        {target && (
          <Button appearance="primary" onClick={() => go(scopePath("overview", target))}>
            Go to resource
          </Button>
        )}
        {error && <Button onClick={onBack}>Back to the form</Button>}
      </div>
    </>
  );
}
