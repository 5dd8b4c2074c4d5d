// "Add role assignment": scope, role, who (features.md B-12, B-13).

import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { DirectoryObject } from "../../api/directory.ts";
import { type SynapseRole, synapseRolesQuery } from "../../api/synapse-permission.ts";
import { type Field, useForm } from "../../control/form.ts";
import { FormPanel } from "../../control/form-panel.tsx";
import { Problem } from "../../control/problem.tsx";
import { useTask } from "../../shell/notification.tsx";
import { artifactsQuery } from "../artifact.ts";
import { useSynapseRight } from "../right.ts";
import { childrenQuery, useWorkspaceName } from "../workspace.ts";
import { PrincipalPicker } from "./principal-picker.tsx";
import { assignRole, type ItemType, itemTypes, roleLabel, rolesAt } from "./role-assignment.ts";

const useStyles = makeStyles({
  quiet: { color: tokens.colorNeutralForeground2 },
});

type Values = Readonly<Record<"scope" | "itemType" | "item" | "role", string>>;

export function AddPanel({ onClose }: { onClose(): void }) {
  const workspace = useWorkspaceName();
  const roles = useQuery(synapseRolesQuery(workspace));
  const [chosen, setChosen] = useState<readonly DirectoryObject[]>([]);
  const [itemType, setItemType] = useState<ItemType>("linkedServices");
  const items = useItems(workspace, itemType);
  const fieldsOf = (values: Values) => fieldsFor(values, { roles: roles.data, items });
  const form = useForm<Values>({ scope: "workspace", itemType, item: "", role: "" }, fieldsOf);
  const fields = fieldsOf(form.values);
  const right = useSynapseRight("roleAssignments/write", itemOf(form.values));
  // What was chosen for another scope is no choice of this one.
  if (form.values.itemType !== itemType) {
    setItemType(form.values.itemType as ItemType);
    form.set({ item: "" });
  }
  const isRoleGone = roles.data && !roleChoices(form.values, roles.data).includes(form.values.role);
  if (form.values.role !== "" && isRoleGone) form.set({ role: "" });
  const assign = useAssign(form.values, { onAssigned: setChosen, onDone: onClose });
  return (
    <FormPanel
      title="Add role assignment"
      verb="Apply"
      note={roles.error && <Problem error={roles.error} onRetry={() => void roles.refetch()} />}
      right={right}
      disabledReason={chosen.length === 0 ? "Select who gets the role." : undefined}
      form={form}
      fields={fields}
      task={{ ...assign, mutate: () => assign.mutate(chosen) }}
      onClose={onClose}
    >
      <RoleDescription role={roles.data?.find(({ id }) => id === form.values.role)} />
      <PrincipalPicker chosen={chosen} onChange={setChosen} />
    </FormPanel>
  );
}

function RoleDescription({ role }: { role: SynapseRole | undefined }) {
  const styles = useStyles();
  return role ? <Text className={styles.quiet}>{role.description}</Text> : null;
}

/** One after the other; who has got the role is no longer selected when the next one is refused. */
function useAssign(
  values: Values,
  options: { onAssigned(rest: readonly DirectoryObject[]): void; onDone(): void },
) {
  const workspace = useWorkspaceName();
  const place = itemOf(values);
  return useTask({
    run: async (principals: readonly DirectoryObject[]) => {
      for (const [index, { id }] of principals.entries()) {
        const wanted = {
          roleId: values.role,
          principalId: id,
          scope: `workspaces/${workspace}${place && `/${place}`}`,
        };
        await assignRole(workspace, wanted);
        options.onAssigned(principals.slice(index + 1));
      }
    },
    done: (principals) =>
      principals.length === 1 ? "The role is assigned" : `${principals.length} roles are assigned`,
    failed: () => "The role was not assigned",
    changes: [["synapse", workspace.toLowerCase()]],
    onDone: options.onDone,
  });
}

/** Names of what can be a scope; undefined while loading. */
function useItems(workspace: string, type: ItemType): readonly string[] | undefined {
  const isChild = type === "bigDataPools" || type === "integrationRuntimes";
  const children = useQuery({
    ...childrenQuery(workspace, isChild ? type : "bigDataPools"),
    enabled: isChild,
  });
  const artifacts = useQuery({
    ...artifactsQuery(workspace, isChild ? "linkedServices" : type),
    enabled: !isChild,
  });
  const found: readonly { readonly name: string }[] | undefined = isChild
    ? children.data
    : artifacts.data;
  return found?.map(({ name }) => name);
}

function roleChoices(values: Values, roles: readonly SynapseRole[]): string[] {
  return rolesAt(roles, itemTypeOf(values)).map(({ id }) => id);
}

/** `credentials/name`, "" for the workspace or while none is chosen. */
function itemOf({ scope, itemType, item }: Values): string {
  return scope === "workspace" || item === "" ? "" : `${itemType}/${item}`;
}

function itemTypeOf({ scope, itemType }: Values): ItemType | undefined {
  return scope === "workspace" ? undefined : (itemType as ItemType);
}

function fieldsFor(
  values: Values,
  {
    roles,
    items,
  }: { roles: readonly SynapseRole[] | undefined; items: readonly string[] | undefined },
): readonly Field<Values>[] {
  const isHidden = values.scope === "workspace";
  const label = itemTypes.find(({ type }) => type === values.itemType)?.label.toLowerCase();
  return [
    {
      name: "scope",
      label: "Scope",
      kind: "radio",
      choices: [
        { value: "workspace", label: "Workspace" },
        { value: "item", label: "Workspace item" },
      ],
    },
    {
      name: "itemType",
      label: "Item type",
      kind: "choice",
      isRequired: true,
      isHidden,
      choices: itemTypes.map((known) => ({ value: known.type, label: known.label })),
    },
    {
      name: "item",
      label: "Item",
      kind: "choice",
      isRequired: true,
      isHidden,
      choices: items?.map((name) => ({ value: name, label: name })),
      ...(items?.length === 0 && { hint: `The workspace has no ${label}.` }),
    },
    {
      name: "role",
      label: "Role",
      kind: "choice",
      isRequired: true,
      hint: isHidden ? "" : `Only the roles that can be given on a ${label} are listed.`,
      choices:
        roles &&
        rolesAt(roles, itemTypeOf(values)).map(({ id, name }) => ({
          value: id,
          label: roleLabel(name),
        })),
    },
  ];
}
