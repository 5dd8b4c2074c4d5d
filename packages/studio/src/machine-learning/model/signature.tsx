// Inputs and outputs: of the MLflow signature where there is one, and of the ONNX graph.

import { MessageBar, MessageBarBody, Subtitle2, Text } from "@fluentui/react-components";
import { type Column, Grid } from "../../control/grid.tsx";
import type { Model } from "./model.ts";

interface Row {
  readonly role: "Input" | "Output";
  readonly name: string;
  readonly type: string;
  readonly shape: string;
}

const columns: readonly Column<Row>[] = [
  { name: "role", label: "Role", text: ({ role }) => role, width: "96px" },
  { name: "name", label: "Name", text: ({ name }) => name },
  { name: "type", label: "Type", text: ({ type }) => type },
  { name: "shape", label: "Shape", text: ({ shape }) => shape },
];

export function Signature({ model }: { model: Model }) {
  const { onnx, mlflow } = model.callosum;
  const problem = onnx?.problem ?? mlflow?.problem;
  const signature = mlflow?.signature;
  return (
    <>
      {problem && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            {problem.code}: {problem.message}
          </MessageBarBody>
        </MessageBar>
      )}
      {signature && (
        <Fields
          label="MLflow signature"
          rows={[
            ...signature.inputs.map((field) => rowOf("Input", field)),
            ...signature.outputs.map((field) => rowOf("Output", field)),
          ]}
        />
      )}
      {onnx?.inputs && (
        <Fields
          label="ONNX graph"
          rows={[
            ...onnx.inputs.map((field) => rowOf("Input", { ...field, type: field.element })),
            ...(onnx.outputs ?? []).map((field) =>
              rowOf("Output", { ...field, type: field.element }),
            ),
          ]}
        />
      )}
      {!signature && !onnx?.inputs && !problem && (
        <Text>The files of this model say nothing of its inputs and outputs.</Text>
      )}
    </>
  );
}

function rowOf(
  role: Row["role"],
  field: { name?: string; type: string; shape?: readonly (number | null)[] | null },
): Row {
  const shape = field.shape?.map((size) => (size === null ? "any" : size)).join(" × ") ?? "";
  return { role, name: field.name ?? "", type: field.type, shape };
}

function Fields({ label, rows }: { label: string; rows: readonly Row[] }) {
  return (
    <section aria-label={label}>
      <Subtitle2 as="h2">{label}</Subtitle2>
      <Grid
        label={label}
        columns={columns}
        rows={rows}
        rowKey={({ role, name }) => `${role} ${name}`}
        empty="It names no inputs and outputs."
      />
    </section>
  );
}
