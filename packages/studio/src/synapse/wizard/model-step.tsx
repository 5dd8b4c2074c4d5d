// Step 1: the linked Azure Machine Learning workspace and one of its ONNX models.

import type { LinkedModels, ScorableModel } from "@callosum/sdk/scoring.ts";
import { Dropdown, Field, MessageBar, MessageBarBody, Option } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Column, Grid } from "../../control/grid.tsx";
import type { ChosenModel } from "./choices.ts";
import { scorableModelsQuery } from "./scoring.ts";

const columns: readonly Column<ScorableModel>[] = [
  { name: "name", label: "Model name", text: ({ name }) => name },
  { name: "version", label: "Version", text: ({ version }) => version },
  { name: "framework", label: "Framework", text: ({ framework }) => framework },
  {
    name: "created",
    label: "Created on",
    text: ({ createdAt }) => createdAt,
    show: ({ createdAt }) => new Date(createdAt).toLocaleString(),
  },
  {
    name: "problem",
    label: "Can be scored",
    text: ({ problem }) => (problem === null ? "Yes" : `No: ${problem}`),
  },
];

const keyOf = ({ name, version }: Pick<ScorableModel, "name" | "version">) => `${name}:${version}`;

export function ModelStep({
  workspace,
  chosen,
  onChoose,
}: {
  workspace: string;
  chosen: ChosenModel | undefined;
  onChoose(model: ChosenModel | undefined): void;
}) {
  const { data, error, refetch } = useQuery(scorableModelsQuery(workspace));
  const [wanted, setWanted] = useState(chosen?.linkedService);
  const link = data?.find(({ linkedService }) => linkedService === wanted) ?? data?.[0];
  return (
    <div style={{ display: "grid", gap: 16, paddingTop: 16 }}>
      <Field label="Azure Machine Learning workspace" required>
        <Dropdown
          value={link ? labelOf(link) : ""}
          selectedOptions={link ? [link.linkedService] : []}
          placeholder="Loading"
          onOptionSelect={(_, { optionValue }) => {
            setWanted(optionValue);
            onChoose(undefined);
          }}
        >
          {(data ?? []).map((known) => (
            <Option key={known.linkedService} value={known.linkedService} text={labelOf(known)}>
              {labelOf(known)}
            </Option>
          ))}
        </Dropdown>
      </Field>
      {link?.error && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            {link.error.code}: {link.error.message} Test connection of {link.linkedService} under
            Manage, Linked services says what is missing.
          </MessageBarBody>
        </MessageBar>
      )}
      <Grid
        label="Models"
        columns={columns}
        rows={link?.models ?? (data ? [] : undefined)}
        error={error}
        onRetry={() => void refetch()}
        rowKey={keyOf}
        selection={{
          keys: new Set(chosen ? [keyOf(chosen)] : []),
          isSingle: true,
          onChange: (keys) => {
            const model = link?.models.find((known) => keys.has(keyOf(known)));
            onChoose(
              link && model?.problem === null
                ? { linkedService: link.linkedService, name: model.name, version: model.version }
                : undefined,
            );
          },
        }}
        empty="No ONNX model is registered in this workspace: only ONNX models are listed."
      />
    </div>
  );
}

function labelOf({ linkedService, workspaceId }: LinkedModels): string {
  const name = workspaceId?.split("/").at(-1);
  return name ? `${name} (${linkedService})` : linkedService;
}
