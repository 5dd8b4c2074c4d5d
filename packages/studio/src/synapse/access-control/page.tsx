// Manage > Access control: who may do what in the workspace by Synapse RBAC.

import { AddRegular, PersonDeleteRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { kindLabels, kindOf, principalsQuery } from "../../api/directory.ts";
import { synapseRolesQuery } from "../../api/synapse-permission.ts";
import { CommandButton, type Right } from "../../control/command-button.tsx";
import { Confirm } from "../../control/confirm.tsx";
import { type Column, Grid } from "../../control/grid.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { useAccount } from "../../shell/account.ts";
import { useTask } from "../../shell/notification.tsx";
import { useSynapseRight } from "../right.ts";
import { useManageCrumbs, useWorkspaceName } from "../workspace.ts";
import { AddPanel } from "./add-panel.tsx";
import {
  type RoleAssignment,
  removeAssignment,
  roleAssignmentsQuery,
  roleLabel,
  scopeLabel,
} from "./role-assignment.ts";

/** Built in: Synapse Administrator, the one role that holds roleAssignments/write. */
const administratorRole = "6e4bf58a-b8e1-4cc3-bbf9-d73143322b78";

interface Row {
  readonly assignment: RoleAssignment;
  readonly name: string;
  readonly type: string;
  readonly role: string;
  readonly scope: string;
}

const columns: readonly Column<Row>[] = [
  { name: "name", label: "Name", text: ({ name }) => name },
  { name: "type", label: "Type", width: "140px", text: ({ type }) => type },
  { name: "role", label: "Role", text: ({ role }) => role },
  { name: "scope", label: "Scope", text: ({ scope }) => scope },
];

export function Page() {
  const [isAdding, setAdding] = useState(false);
  const [isRemoving, setRemoving] = useState(false);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const { rows, error, refetch } = useRows();
  const mayAdd = useItemRight(useSynapseRight("roleAssignments/write"), rows);
  const mayRemove = useItemRight(useSynapseRight("roleAssignments/delete"), rows);
  const chosen = rows?.filter(({ assignment }) => selected.has(assignment.id)) ?? [];
  return (
    <PageFrame
      title="Access control"
      crumbs={useManageCrumbs()}
      description="Roles of Synapse RBAC: what people, groups and applications may do in this workspace. Pools and runtimes are created by Azure roles, in the portal's Access control (IAM)."
      commands={
        <>
          <CommandButton icon={<AddRegular />} right={mayAdd} onClick={() => setAdding(true)}>
            Add
          </CommandButton>
          <RefreshButton onRefresh={refetch} />
          <CommandButton
            icon={<PersonDeleteRegular />}
            right={mayRemove}
            disabledReason={chosen.length === 0 ? "Select what to remove." : undefined}
            onClick={() => setRemoving(true)}
          >
            Remove access
          </CommandButton>
        </>
      }
    >
      <Grid
        label="Role assignments"
        columns={columns}
        rows={rows}
        error={error}
        onRetry={refetch}
        rowKey={({ assignment }) => assignment.id}
        empty="Nobody has a Synapse role here. Select Add to give one."
        selection={{ keys: selected, onChange: setSelected }}
      />
      {isAdding && <AddPanel onClose={() => setAdding(false)} />}
      {isRemoving && (
        <Removal
          rows={chosen}
          onClose={() => setRemoving(false)}
          onDone={() => setSelected(new Set())}
        />
      )}
    </PageFrame>
  );
}

/** Who administers an item only may still give roles on it; the panel and the server look closer. */
function useItemRight(right: Right, rows: readonly Row[] | undefined): Right {
  const { objectId } = useAccount();
  const isAdministrator = rows?.some(
    ({ assignment: { principalId, roleDefinitionId } }) =>
      principalId === objectId && roleDefinitionId === administratorRole,
  );
  return isAdministrator ? { allowed: true, reason: "" } : right;
}

function useRows() {
  const workspace = useWorkspaceName();
  const assignments = useQuery(roleAssignmentsQuery(workspace));
  const roles = useQuery(synapseRolesQuery(workspace));
  const principals = useQuery(
    principalsQuery(assignments.data?.map(({ principalId }) => principalId) ?? []),
  );
  const isNamed = principals.data !== undefined || assignments.data?.length === 0;
  const rows =
    assignments.data && roles.data && (isNamed || principals.error)
      ? assignments.data.map((assignment): Row => {
          const principal = principals.data?.get(assignment.principalId);
          const role = roles.data.find(({ id }) => id === assignment.roleDefinitionId);
          return {
            assignment,
            name: principal?.displayName ?? `${assignment.principalId} (not in the directory)`,
            type: principal ? kindLabels[kindOf(principal)] : assignment.principalType,
            role: roleLabel(role?.name ?? assignment.roleDefinitionId),
            scope: scopeLabel(assignment.scope),
          };
        })
      : undefined;
  return {
    rows,
    error: assignments.error ?? roles.error ?? undefined,
    refetch() {
      void assignments.refetch();
      void roles.refetch();
    },
  };
}

function Removal({
  rows,
  onClose,
  onDone,
}: {
  rows: readonly Row[];
  onClose(): void;
  onDone(): void;
}) {
  const workspace = useWorkspaceName();
  const removal = useTask({
    run: async (removed: readonly Row[]) => {
      for (const { assignment } of removed) await removeAssignment(workspace, assignment);
    },
    done: (removed) =>
      removed.length === 1 ? "The access is removed" : `${removed.length} roles are removed`,
    failed: () => "The access was not removed",
    changes: [["synapse", workspace.toLowerCase()]],
    onDone: () => {
      onDone();
      onClose();
    },
  });
  return (
    <Confirm
      isOpen
      title="Remove access?"
      verb="Remove access"
      isBusy={removal.isPending}
      onConfirm={() => removal.mutate(rows)}
      onClose={onClose}
    >
      What these roles allow ends at once:
      <ul>
        {rows.map(({ assignment, name, role, scope }) => (
          <li key={assignment.id}>
            {name}: {role} ({scope})
          </li>
        ))}
      </ul>
      {removal.error && <Problem error={removal.error} />}
    </Confirm>
  );
}
