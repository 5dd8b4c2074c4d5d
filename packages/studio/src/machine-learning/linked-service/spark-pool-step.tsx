// Step 2 of Add integration, and the attach panel of a link: which Spark pools are attached, each
// under a name of this workspace's own.

import { Field, Input, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { type Column, Grid } from "../../control/grid.tsx";
import { useComputeNameRule } from "../compute/name-rule.ts";
import { sizeText } from "../compute/spark-pool-text.ts";
import {
  computesQuery,
  type SparkPool,
  sparkPoolsQuery,
  useWorkspaceAddress,
} from "../workspace.ts";

const useStyles = makeStyles({
  step: { display: "grid", gap: tokens.spacingVerticalL, paddingTop: tokens.spacingVerticalL },
});

const columns: readonly Column<SparkPool>[] = [
  { name: "name", label: "Spark pool", text: ({ name }) => name },
  {
    name: "version",
    label: "Apache Spark version",
    text: ({ properties }) => properties?.sparkVersion ?? "",
  },
  { name: "size", label: "Size", text: ({ properties }) => sizeText(properties) },
];

export function SparkPoolStep({
  workspaceId,
  pools,
  onChange,
}: {
  workspaceId: string;
  pools: ReadonlyMap<string, string>;
  onChange(pools: ReadonlyMap<string, string>): void;
}) {
  const styles = useStyles();
  const { id } = useWorkspaceAddress();
  const { data, error, refetch } = useQuery(sparkPoolsQuery(workspaceId));
  const { data: computes } = useQuery(computesQuery(id));
  const nameProblem = useComputeNameRule();
  const attached = new Set(
    computes?.map(({ properties }) => properties?.resourceId?.toLowerCase() ?? ""),
  );
  const free = data?.filter((pool) => !attached.has(pool.id.toLowerCase()));
  const select = (keys: ReadonlySet<string>) =>
    onChange(
      new Map(
        [...keys].map((key) => [
          key,
          pools.get(key) ?? free?.find((pool) => pool.id === key)?.name ?? "",
        ]),
      ),
    );
  return (
    <div className={styles.step}>
      <Grid
        label="Spark pools"
        columns={columns}
        rows={free}
        error={error}
        onRetry={() => void refetch()}
        rowKey={(pool) => pool.id}
        selection={{ keys: new Set(pools.keys()), onChange: select }}
        empty="No Spark pool is there to attach: none exists, or all are attached. You can attach one later."
      />
      {[...pools].map(([key, name]) => {
        const problem = nameProblem(name);
        return (
          <Field
            key={key}
            label={`Compute name for ${key.split("/").at(-1)}`}
            required
            {...(problem && { validationMessage: problem, validationState: "error" as const })}
          >
            <Input
              value={name}
              onChange={(_, { value }) => onChange(new Map([...pools, [key, value]]))}
            />
          </Field>
        );
      })}
    </div>
  );
}
