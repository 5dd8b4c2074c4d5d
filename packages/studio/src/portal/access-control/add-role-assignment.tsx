// Add role assignment: role, members, review. Every member gets an assignment of its own.

import { Button, makeStyles, Tab, TabList, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { kindOf } from "../../api/directory.ts";
import { arm, call } from "../../api/request.ts";
import { nameOf } from "../../api/scope.ts";
import { useAzureRight } from "../../control/command-button.tsx";
import { Essentials } from "../../control/essentials.tsx";
import { Grid, rowsOf } from "../../control/grid.tsx";
import { useGo } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";
import { scopePath, useScope } from "../../control/scope-path.ts";
import { useTask } from "../../shell/notification.tsx";
import { crumbsOf } from "../scope-frame.tsx";
import { Members } from "./members.tsx";
import { assignmentPath, type RoleDefinition, rolesQuery, roleWrite } from "./role.ts";
import { roleColumns } from "./roles.tsx";
import type { Wanted } from "./wanted.ts";

const useStyles = makeStyles({
  step: { maxWidth: "960px", minHeight: "320px" },
  buttons: { display: "flex", gap: tokens.spacingHorizontalS, alignItems: "center" },
});

const steps = ["Role", "Members", "Review + assign"] as const;
type Step = (typeof steps)[number];

export function Page() {
  const scope = useScope();
  return <AddRoleAssignment key={scope} scope={scope} />;
}

function AddRoleAssignment({ scope }: { scope: string }) {
  const styles = useStyles();
  const [step, setStep] = useState<Step>("Role");
  const [wanted, setWanted] = useState<Wanted>({
    role: undefined,
    kind: "principal",
    members: [],
    description: "",
  });
  const change = (changed: Partial<Wanted>) => setWanted((earlier) => ({ ...earlier, ...changed }));
  return (
    <PageFrame
      title="Add role assignment"
      crumbs={[
        ...crumbsOf(scope),
        {
          label: `${nameOf(scope)} | Access control (IAM)`,
          to: scopePath("access-control", scope),
        },
      ]}
    >
      <TabList
        aria-label="Steps"
        selectedValue={step}
        onTabSelect={(_, { value }) => setStep(value as Step)}
      >
        {steps.map((name) => (
          <Tab key={name} value={name}>
            {name}
          </Tab>
        ))}
      </TabList>
      <div className={styles.step}>
        {step === "Role" && (
          <RoleStep scope={scope} role={wanted.role} onChange={(role) => change({ role })} />
        )}
        {step === "Members" && <Members wanted={wanted} onChange={change} />}
        {step === "Review + assign" && <Review scope={scope} wanted={wanted} />}
      </div>
      <Buttons scope={scope} step={step} wanted={wanted} onStep={setStep} />
    </PageFrame>
  );
}

function RoleStep({
  scope,
  role,
  onChange,
}: {
  scope: string;
  role: RoleDefinition | undefined;
  onChange(role: RoleDefinition | undefined): void;
}) {
  const roles = useQuery(rolesQuery(scope));
  return (
    <>
      <p>A role definition is a collection of permissions. Select the role to assign.</p>
      <Grid
        label="Roles"
        columns={roleColumns}
        {...rowsOf(roles)}
        rowKey={({ id }) => id}
        empty="No role can be assigned here."
        selection={{
          isSingle: true,
          keys: new Set(role ? [role.id] : []),
          onChange: (keys) => onChange(roles.data?.find(({ id }) => keys.has(id))),
        }}
      />
    </>
  );
}

function Review({ scope, wanted }: { scope: string; wanted: Wanted }) {
  return (
    <Essentials
      label="Review"
      entries={[
        ["Role", wanted.role?.properties.roleName ?? ""],
        ["Scope", scope],
        [
          "Members",
          wanted.members.length === 0
            ? ""
            : wanted.members.map(({ id, displayName }) => (
                <div key={id}>
                  {displayName} ({id})
                </div>
              )),
        ],
        ["Description", wanted.description],
      ]}
    />
  );
}

function Buttons({
  scope,
  step,
  wanted,
  onStep,
}: {
  scope: string;
  step: Step;
  wanted: Wanted;
  onStep(step: Step): void;
}) {
  const styles = useStyles();
  const go = useGo();
  const right = useAzureRight(scope, roleWrite);
  const assignment = useTask({
    run: (sent: Wanted) => assign(scope, sent),
    done: ({ role }) => `Added role assignment: ${role?.properties.roleName}`,
    failed: () => "The role could not be assigned",
    changes: [
      ["arm", "roleAssignments"],
      ["arm", "permissions"],
    ],
    onDone: () => go(scopePath("access-control", scope)),
  });
  const at = steps.indexOf(step);
  const isLast = at === steps.length - 1;
  const problem = right.allowed ? problemOf(wanted) : right.reason;
  return (
    <>
      {isLast && problem !== undefined && <Problem error={new Error(problem)} />}
      {assignment.error && <Problem error={assignment.error} />}
      <div className={styles.buttons}>
        <Button
          appearance={isLast ? "primary" : "secondary"}
          disabledFocusable={isLast && (problem !== undefined || assignment.isPending)}
          onClick={() => (isLast ? assignment.mutate(wanted) : onStep("Review + assign"))}
        >
          Review + assign
        </Button>
        <Button
          disabledFocusable={at === 0}
          onClick={() => at > 0 && onStep(steps[at - 1] as Step)}
        >
          Previous
        </Button>
        {!isLast && (
          <Button appearance="primary" onClick={() => onStep(steps[at + 1] as Step)}>
            Next
          </Button>
        )}
      </div>
    </>
  );
}

function problemOf({ role, members }: Wanted): string | undefined {
  if (!role) return "Select a role on the tab Role.";
  return members.length === 0 ? "Select members on the tab Members." : undefined;
}

const wireTypes = {
  User: "User",
  Group: "Group",
  ServicePrincipal: "ServicePrincipal",
  ManagedIdentity: "ServicePrincipal",
} as const;

async function assign(scope: string, { role, members, description }: Wanted): Promise<void> {
  for (const member of members) {
    await call(arm, {
      method: "PUT",
      path: assignmentPath(scope, crypto.randomUUID()),
      body: {
        properties: {
          roleDefinitionId: role?.id,
          principalId: member.id,
          principalType: wireTypes[kindOf(member)],
          ...(description.trim() !== "" && { description }),
        },
      },
    });
  }
}
