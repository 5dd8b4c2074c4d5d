// Creating and changing an Apache Spark pool.

import { useResourceRules } from "../../control/definition.ts";
import { useForm } from "../../control/form.ts";
import { FormPanel } from "../../control/form-panel.tsx";
import { childId, putChild, useChildTask, useParent } from "../child-resource.ts";
import { useWorkspaceAzureRight } from "../right.ts";
import {
  newValues,
  type Pool,
  propertiesOf,
  sparkPoolFields,
  sparkPoolType,
  type Values,
  valuesOf,
} from "./spark-pool.ts";

/** `pool` undefined for a new one; `taken` are the names of those that are there. */
export function SparkPoolPanel({
  pool,
  taken,
  onClose,
}: {
  pool?: Pool | undefined;
  taken: readonly string[];
  onClose(): void;
}) {
  const parent = useParent();
  const rules = useResourceRules(sparkPoolType);
  const right = useWorkspaceAzureRight("workspaces/bigDataPools/write");
  const fieldsOf = (values: Values) =>
    sparkPoolFields(values, { rules, taken: pool ? undefined : taken });
  const form = useForm<Values>(pool ? valuesOf(pool) : newValues, fieldsOf);
  const save = useChildTask({
    run: (values: Values) =>
      putChild(pool?.id ?? childId(parent?.id ?? "", "bigDataPools", values.name), {
        location: pool?.location ?? parent?.location,
        ...(pool?.tags && { tags: pool.tags }),
        properties: { ...pool?.properties, ...propertiesOf(values) },
      }),
    done: ({ name }) => `The Apache Spark pool '${name}' is ${pool ? "saved" : "created"}`,
    failed: ({ name }) => `The Apache Spark pool '${name}' was not ${pool ? "saved" : "created"}`,
    onDone: onClose,
  });
  return (
    <FormPanel
      title={pool ? `Apache Spark pool '${pool.name}'` : "New Apache Spark pool"}
      verb={pool ? "Save" : "Create"}
      right={right}
      form={form}
      fields={fieldsOf(form.values)}
      task={save}
      onClose={onClose}
    />
  );
}
