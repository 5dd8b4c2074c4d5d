// Predict with a model: choose a model, map its inputs and outputs, store it and open the script
// (features.md G-03 to G-08).

import type { ScoringRequest } from "@callosum/sdk/scoring.ts";
import { Button, Tab, TabList } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useGo } from "../../control/link.tsx";
import { Panel } from "../../control/panel.tsx";
import { Problem } from "../../control/problem.tsx";
import { useTask } from "../../shell/notification.tsx";
import { openDraft } from "../develop/draft.ts";
import { bracketed, type Database, type SqlObject } from "../sql/catalog.ts";
import type { Choices } from "./choices.ts";
import { MappingStep } from "./mapping-step.tsx";
import { ModelStep } from "./model-step.tsx";
import { deployScore, scorePlanQuery } from "./scoring.ts";
import { StoreStep } from "./store-step.tsx";

const steps = ["Choose a model", "Map columns", "Store"] as const;

export type PredictedTable = Database & SqlObject;

export function PredictWizard({ table, onClose }: { table: PredictedTable; onClose(): void }) {
  const [step, setStep] = useState(0);
  const [choices, setChoices] = useState<Choices>({
    inputs: {},
    kind: "procedure",
    scriptName: `[${table.schema}].[predict_${table.name}]`,
    isNewTable: false,
    modelTable: "[dbo].[models]",
  });
  const request = requestOf(table, choices);
  const plan = useQuery(scorePlanQuery(table.workspace, step > 0 ? request : undefined));
  const deploy = useDeploy(table, choices, onClose);
  const change = (changed: Partial<Choices>) => setChoices({ ...choices, ...changed });
  const isComplete = plan.data?.script !== undefined;
  const isReady = [choices.model !== undefined, isComplete, isComplete][step] ?? false;
  return (
    <Panel
      title="Predict with a model"
      isOpen
      size="large"
      onClose={onClose}
      footer={
        <>
          {step > 0 && <Button onClick={() => setStep(step - 1)}>Back</Button>}
          <Button
            appearance="primary"
            disabledFocusable={!isReady || deploy.isPending}
            onClick={() => {
              if (!isReady) return;
              if (step < 2) setStep(step + 1);
              else if (request) deploy.mutate(request);
            }}
          >
            {step < 2 ? "Continue" : deploy.isPending ? "Deploying" : "Deploy model + open script"}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <p>
        Table {bracketed(table)} of {table.database}
      </p>
      <Steps step={step} onGo={setStep} />
      {step === 0 && (
        <ModelStep
          workspace={table.workspace}
          chosen={choices.model}
          onChoose={(model) => setChoices({ ...choices, model, inputs: {}, outputs: undefined })}
        />
      )}
      {step > 0 && plan.error && <Problem error={plan.error} />}
      {step === 1 && plan.data && (
        <MappingStep plan={plan.data} choices={choices} onChange={change} />
      )}
      {step === 2 && plan.data && (
        <StoreStep plan={plan.data} choices={choices} onChange={change} />
      )}
      {deploy.error && <Problem error={deploy.error} />}
    </Panel>
  );
}

/** Earlier steps can be gone back to. */
function Steps({ step, onGo }: { step: number; onGo(step: number): void }) {
  return (
    <TabList
      selectedValue={step}
      aria-label="Steps"
      onTabSelect={(_, { value }) => Number(value) < step && onGo(Number(value))}
    >
      {steps.map((label, index) => (
        <Tab key={label} value={index} disabled={index > step}>
          {label}
        </Tab>
      ))}
    </TabList>
  );
}

function requestOf(table: PredictedTable, choices: Choices): ScoringRequest | undefined {
  const { model, inputs, outputs, kind, scriptName, isNewTable, modelTable } = choices;
  if (!model) return undefined;
  return {
    database: table.database,
    table: bracketed(table),
    model,
    inputs,
    ...(outputs && { outputs }),
    script: { kind, name: scriptName },
    modelTable: { name: modelTable, create: isNewTable },
  };
}

function useDeploy(table: PredictedTable, { model }: Choices, onClose: () => void) {
  const { workspace, database } = table;
  const go = useGo();
  const id = `${model?.name}:${model?.version}`;
  return useTask({
    run: (request: ScoringRequest) => deployScore(workspace, request),
    done: () => `${id} is deployed to ${database}`,
    failed: () => `${id} could not be deployed`,
    changes: [
      ["sql", workspace.toLowerCase()],
      ["synapse", workspace.toLowerCase(), "score"],
    ],
    onDone: ({ script = "" }) => {
      onClose();
      go(openDraft(workspace, { name: `Predict ${table.name}`, query: script, database }));
    },
  });
}
