// Step 2: which column each input takes, and which outputs the query returns.

import type { ScoringPlan } from "@callosum/sdk/scoring.ts";
import {
  Button,
  Dropdown,
  MessageBar,
  MessageBarBody,
  Option,
  Subtitle2,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
} from "@fluentui/react-components";
import { DeleteRegular } from "@fluentui/react-icons";
import type { Choices } from "./choices.ts";

interface StepProps {
  plan: ScoringPlan;
  choices: Choices;
  onChange(changed: Partial<Choices>): void;
}

export function MappingStep(props: StepProps) {
  const { plan } = props;
  const open = plan.inputs.filter(({ column }) => column === undefined);
  return (
    <div style={{ display: "grid", gap: 16, paddingTop: 16 }}>
      <MessageBar intent={open.length > 0 ? "warning" : "info"} layout="multiline">
        <MessageBarBody>
          {open.length > 0
            ? `Choose a column for ${open.map(({ input }) => input).join(", ")}.`
            : plan.model.isPrefilled
              ? "The columns were proposed by the model's signature; change what isn't right."
              : "Every input has its column."}
        </MessageBarBody>
      </MessageBar>
      <Inputs {...props} />
      <Outputs {...props} />
    </div>
  );
}

function Inputs({ plan, choices, onChange }: StepProps) {
  return (
    <section aria-label="Input mapping">
      <Subtitle2 as="h3">Input mapping</Subtitle2>
      <Table aria-label="Input mapping" size="small">
        <TableHeader>
          <TableRow>
            <TableHeaderCell>Source column</TableHeaderCell>
            <TableHeaderCell>Model input</TableHeaderCell>
            <TableHeaderCell>Input type</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {plan.inputs.map(({ input, type, column }) => (
            <TableRow key={input}>
              <TableCell>
                <Dropdown
                  aria-label={`Source column of ${input}`}
                  size="small"
                  value={column ? `${column.name} (${column.type})` : ""}
                  selectedOptions={column ? [column.name] : []}
                  placeholder="Select a column"
                  onOptionSelect={(_, { optionValue = null }) =>
                    onChange({ inputs: { ...choices.inputs, [input]: optionValue } })
                  }
                >
                  {plan.columns.map((known) => (
                    <Option
                      key={known.name}
                      value={known.name}
                      text={`${known.name} (${known.type})`}
                    >
                      {known.name} ({known.type})
                    </Option>
                  ))}
                </Dropdown>
              </TableCell>
              <TableCell>{input}</TableCell>
              <TableCell>{type}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </section>
  );
}

function Outputs({ plan, onChange }: StepProps) {
  const names = plan.outputs.map(({ output }) => output);
  return (
    <section aria-label="Output mapping">
      <Subtitle2 as="h3">Output mapping</Subtitle2>
      <Table aria-label="Output mapping" size="small">
        <TableHeader>
          <TableRow>
            <TableHeaderCell>Model output</TableHeaderCell>
            <TableHeaderCell>Output type</TableHeaderCell>
            <TableHeaderCell>Actions</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {plan.outputs.map(({ output, type }) => (
            <TableRow key={output}>
              <TableCell>{output}</TableCell>
              <TableCell>{type}</TableCell>
              <TableCell>
                <Button
                  appearance="subtle"
                  size="small"
                  icon={<DeleteRegular />}
                  aria-label={`Leave ${output} out`}
                  disabledFocusable={names.length === 1}
                  onClick={() =>
                    names.length > 1 &&
                    onChange({ outputs: names.filter((name) => name !== output) })
                  }
                />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {plan.unusableOutputs.map(({ name, reason }) => (
        <p key={name}>
          {name} is left out: {reason}
        </p>
      ))}
    </section>
  );
}
