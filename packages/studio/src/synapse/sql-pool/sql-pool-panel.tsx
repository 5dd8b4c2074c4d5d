// Creating and scaling a dedicated SQL pool; the rules are the server's definition.

import type { Resource } from "../../api/resource.ts";
import { useResourceRules } from "../../control/definition.ts";
import { type Field, useForm } from "../../control/form.ts";
import { FormPanel } from "../../control/form-panel.tsx";
import { takenProblem } from "../../control/taken-name.ts";
import { childId, patchChild, putChild, useChildTask, useParent } from "../child-resource.ts";
import { useWorkspaceAzureRight } from "../right.ts";

const type = "Microsoft.Synapse/workspaces/sqlPools";
const firstLevel = "DW100c";

type Values = Readonly<Record<"name" | "level" | "collation", string>>;

export function NewSqlPool({ taken, onClose }: { taken: readonly string[]; onClose(): void }) {
  const parent = useParent();
  const rules = useResourceRules(type);
  const right = useWorkspaceAzureRight("workspaces/sqlPools/write");
  const fieldsOf = (): readonly Field<Values>[] => [
    {
      name: "name",
      label: "Dedicated SQL pool name",
      kind: "text",
      isRequired: true,
      check: (name) => takenProblem(name, { what: "a SQL pool", taken }) ?? rules.name(name),
    },
    levelField(rules.choices("sku.name")),
    {
      name: "collation",
      label: "Collation",
      kind: "text",
      placeholder: "SQL_Latin1_General_CP1_CI_AS",
      hint: "It cannot be changed later.",
      check: rules.check("properties.collation"),
    },
  ];
  const form = useForm<Values>({ name: "", level: firstLevel, collation: "" }, fieldsOf);
  const create = useChildTask({
    run: ({ name, level, collation }: Values) =>
      putChild(childId(parent?.id ?? "", "sqlPools", name), {
        location: parent?.location,
        sku: { name: level },
        properties: { ...(collation !== "" && { collation }) },
      }),
    done: ({ name }) => `The SQL pool '${name}' is created`,
    failed: ({ name }) => `The SQL pool '${name}' was not created`,
    onDone: onClose,
  });
  return (
    <FormPanel
      title="New dedicated SQL pool"
      verb="Create"
      right={right}
      form={form}
      fields={fieldsOf()}
      task={create}
      onClose={onClose}
    />
  );
}

export function ScaleSqlPool({ pool, onClose }: { pool: Resource; onClose(): void }) {
  const rules = useResourceRules(type);
  const right = useWorkspaceAzureRight("workspaces/sqlPools/write");
  const fieldsOf = () => [levelField(rules.choices("sku.name"))];
  const form = useForm<Values>(
    { name: pool.name, level: String(pool.sku?.name ?? firstLevel), collation: "" },
    fieldsOf,
  );
  const scale = useChildTask({
    run: ({ level }: Values) => patchChild(pool.id, { sku: { name: level } }),
    done: ({ level }) => `The SQL pool '${pool.name}' is scaled to ${level}`,
    failed: () => `The SQL pool '${pool.name}' was not scaled`,
    onDone: onClose,
  });
  return (
    <FormPanel
      title={`Scale '${pool.name}'`}
      verb="Save"
      right={right}
      form={form}
      fields={fieldsOf()}
      task={scale}
      onClose={onClose}
    />
  );
}

function levelField(choices: Field<Values>["choices"]): Field<Values> {
  return {
    name: "level",
    label: "Performance level",
    kind: "choice",
    isRequired: true,
    choices,
    hint: "Kept and shown as in Azure; every level runs on this machine.",
  };
}
