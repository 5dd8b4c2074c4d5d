// Access control (IAM) of a scope: who may what here, and the way to grant it.

import { Tab, TabList } from "@fluentui/react-components";
import { AddRegular, DeleteRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { arm, call } from "../../api/request.ts";
import { CommandButton, useAzureRight } from "../../control/command-button.tsx";
import { Confirm } from "../../control/confirm.tsx";
import { Grid } from "../../control/grid.tsx";
import { useGo } from "../../control/link.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { scopePath, useScope } from "../../control/scope-path.ts";
import { useTask } from "../../shell/notification.tsx";
import { ScopeFrame } from "../scope-frame.tsx";
import { assignmentColumns } from "./assignment-column.tsx";
import { type AssignmentRow, useAssignmentRows } from "./assignment-row.ts";
import { CheckAccess } from "./check-access.tsx";
import { assignmentPath, roleDelete, roleWrite } from "./role.ts";
import { Roles } from "./roles.tsx";

type TabName = "check" | "assignments" | "roles";

export function Page() {
  const scope = useScope();
  return <AccessControl key={scope} scope={scope} />;
}

function AccessControl({ scope }: { scope: string }) {
  const go = useGo();
  const [tab, setTab] = useState<TabName>("check");
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isRemoving, setRemoving] = useState(false);
  const { rows, error, refetch } = useAssignmentRows(scope);
  const mayAdd = useAzureRight(scope, roleWrite);
  const mayRemove = useAzureRight(scope, roleDelete);
  const chosen = rows?.filter(({ assignment }) => selected.has(assignment.id)) ?? [];
  return (
    <ScopeFrame
      id={scope}
      section="access-control"
      commands={
        <>
          <CommandButton
            icon={<AddRegular />}
            right={mayAdd}
            onClick={() => go(scopePath("add-role-assignment", scope))}
          >
            Add role assignment
          </CommandButton>
          <RefreshButton onRefresh={refetch} />
          <CommandButton
            icon={<DeleteRegular />}
            right={mayRemove}
            disabledReason={removalProblem(tab, chosen)}
            onClick={() => setRemoving(true)}
          >
            Remove
          </CommandButton>
        </>
      }
    >
      <TabList
        aria-label="Access control"
        selectedValue={tab}
        onTabSelect={(_, { value }) => setTab(value as TabName)}
      >
        <Tab value="check">Check access</Tab>
        <Tab value="assignments">Role assignments</Tab>
        <Tab value="roles">Roles</Tab>
      </TabList>
      {tab === "check" && <CheckAccess scope={scope} />}
      {tab === "assignments" && (
        <Grid
          label="Role assignments"
          columns={assignmentColumns}
          rows={rows}
          error={error}
          onRetry={refetch}
          rowKey={({ assignment }) => assignment.id}
          empty="Nobody has a role here."
          selection={{ keys: selected, onChange: setSelected }}
        />
      )}
      {tab === "roles" && <Roles scope={scope} />}
      <Removal
        rows={chosen}
        isOpen={isRemoving}
        onClose={() => setRemoving(false)}
        onDone={() => setSelected(new Set())}
      />
    </ScopeFrame>
  );
}

function removalProblem(tab: TabName, chosen: readonly AssignmentRow[]): string | undefined {
  if (tab !== "assignments" || chosen.length === 0) {
    return "Select what to remove on the tab Role assignments.";
  }
  const inherited = chosen.find(({ isInherited }) => isInherited);
  return (
    inherited &&
    `'${inherited.role}' of ${inherited.name} is inherited: remove it where it was assigned, ${inherited.assignment.properties.scope}.`
  );
}

function Removal({
  rows,
  isOpen,
  onClose,
  onDone,
}: {
  rows: readonly AssignmentRow[];
  isOpen: boolean;
  onClose(): void;
  onDone(): void;
}) {
  const removal = useTask({
    run: async (removed: readonly AssignmentRow[]) => {
      for (const { assignment } of removed) {
        const { scope } = assignment.properties;
        await call(arm, { method: "DELETE", path: assignmentPath(scope, assignment.name) });
      }
    },
    done: (removed) =>
      removed.length === 1 ? "Role assignment removed" : "Role assignments removed",
    failed: () => "The role assignment could not be removed",
    changes: [
      ["arm", "roleAssignments"],
      ["arm", "permissions"],
    ],
    onDone: () => {
      onClose();
      onDone();
    },
  });
  return (
    <Confirm
      isOpen={isOpen}
      title="Remove role assignments"
      verb="Remove"
      isBusy={removal.isPending}
      onConfirm={() => removal.mutate(rows)}
      onClose={onClose}
    >
      What they allow ends at once:
      <ul>
        {rows.map(({ assignment, name, role }) => (
          <li key={assignment.id}>
            {name}: {role}
          </li>
        ))}
      </ul>
    </Confirm>
  );
}
