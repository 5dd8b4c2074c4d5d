// Add integration: Link workspace, Select Spark pools (optional), Review, Create. Nothing is made
// before Create (features.md D-10 to D-13).

import { Button, Tab, TabList } from "@fluentui/react-components";
import { useState } from "react";
import { useGo } from "../../control/link.tsx";
import { Panel } from "../../control/panel.tsx";
import { Problem } from "../../control/problem.tsx";
import { useComputeNameRule } from "../compute/name-rule.ts";
import { useWorkspaceAddress } from "../workspace.ts";
import { useCreateLink } from "./create-link.ts";
import { LinkWorkspaceStep, useLinkWorkspaceForm } from "./link-workspace-step.tsx";
import { ReviewStep } from "./review-step.tsx";
import { SparkPoolStep } from "./spark-pool-step.tsx";

const steps = ["Link workspace", "Select Spark pools (optional)", "Review"] as const;

export function AddIntegration({ onClose }: { onClose(): void }) {
  const { path } = useWorkspaceAddress();
  const go = useGo();
  const [step, setStep] = useState(0);
  const link = useLinkWorkspaceForm();
  const nameProblem = useComputeNameRule();
  /** Name of the compute by resource id of the pool. */
  const [pools, setPools] = useState<ReadonlyMap<string, string>>(new Map());
  const create = useCreateLink((name) => {
    onClose();
    go(`${path}/linked-services/${name}`);
  });
  const arePoolsNamed = [...pools.values()].every((name) => nameProblem(name) === undefined);
  const isReady = step === 0 ? link.form.isValid : arePoolsNamed;
  const next = () => {
    if (step === 0) link.form.submit(() => setStep(1));
    else if (arePoolsNamed) setStep(2);
  };
  const { name, workspaceId } = link.form.values;
  return (
    <Panel
      title="Link workspace"
      isOpen
      size="large"
      onClose={onClose}
      footer={
        <>
          {step > 0 && <Button onClick={() => setStep(step - 1)}>Back</Button>}
          {step < 2 ? (
            <Button appearance="primary" disabledFocusable={!isReady && step > 0} onClick={next}>
              Next
            </Button>
          ) : (
            <Button
              appearance="primary"
              disabledFocusable={create.isPending}
              onClick={() => create.mutate({ name, workspaceId, pools })}
            >
              {create.isPending ? "Creating" : "Create"}
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <TabList
        selectedValue={step}
        aria-label="Steps"
        onTabSelect={(_, { value }) => Number(value) < step && setStep(Number(value))}
      >
        {steps.map((label, index) => (
          <Tab key={label} value={index} disabled={index > step}>
            {label}
          </Tab>
        ))}
      </TabList>
      {step === 0 && <LinkWorkspaceStep {...link} />}
      {step === 1 && <SparkPoolStep workspaceId={workspaceId} pools={pools} onChange={setPools} />}
      {step === 2 && <ReviewStep link={link.form.values} pools={pools} />}
      {create.error && <Problem error={create.error} />}
    </Panel>
  );
}
