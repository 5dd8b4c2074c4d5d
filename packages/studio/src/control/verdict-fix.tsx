// The repair of a finding: a button that sends its request as the person where they may, and the
// command to copy for whoever may.

import type { Fix, FixRequest, MissingRole } from "@callosum/contract/verdict.ts";
import { Button, makeStyles, Spinner, Text, tokens } from "@fluentui/react-components";
import { CopyRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { perform } from "../api/operation.ts";
import { arm, type Endpoint, graph } from "../api/request.ts";
import type { SynapseAction } from "../api/synapse-permission.ts";
import { useNotifications, useTask } from "../shell/notification.tsx";
import { type Right, useAzureRight } from "./command-button.tsx";
import { Problem } from "./problem.tsx";
import { useSynapseRightOn } from "./synapse-right.ts";

const useStyles = makeStyles({
  fix: {
    display: "grid",
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalM,
    background: tokens.colorNeutralBackground2,
    borderRadius: tokens.borderRadiusMedium,
  },
  command: {
    margin: 0,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
  },
  buttons: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  text: { overflowWrap: "anywhere" },
});

interface FixActions {
  onTest(): void;
  onEdit?(edit: NonNullable<Fix["edit"]>): void;
}

export function VerdictFix({
  fix,
  missing,
  onTest,
  onEdit,
}: { fix: Fix; missing: MissingRole | undefined } & FixActions) {
  const styles = useStyles();
  const { description, command, request, edit } = fix;
  return (
    <div className={styles.fix}>
      <Text weight="semibold" className={styles.text}>
        {description}
      </Text>
      {edit && onEdit && (
        <div className={styles.buttons}>
          <Button appearance="primary" onClick={() => onEdit(edit)}>
            Correct it in the form
          </Button>
        </div>
      )}
      {request && !(edit && onEdit) && (
        <Repair request={request} description={description} missing={missing} onTest={onTest} />
      )}
      {command !== undefined && <Command command={command} />}
    </div>
  );
}

function Repair({
  request,
  description,
  missing,
  onTest,
}: {
  request: FixRequest;
  description: string;
  missing: MissingRole | undefined;
  onTest(): void;
}) {
  const styles = useStyles();
  const right = useRepairRight(request);
  const endpoint = endpointOf(request);
  const verb = verbOf(request, missing);
  const repair = useTask({
    run: (sent: FixRequest) =>
      perform(endpoint as Endpoint, { method: sent.method, path: sent.path, body: sent.body }),
    done: () => (missing ? `${missing.role} is granted` : `Done: ${description}`),
    failed: () => (missing ? `${missing.role} was not granted` : `Not done: ${description}`),
    changes: [["arm"], ["synapse"]],
  });
  if (endpoint === undefined) return null;
  if (!right.allowed) {
    return (
      <Text className={styles.text}>
        You may not do this yourself. {right.reason} Copy the command for somebody who may.
      </Text>
    );
  }
  return (
    <>
      <div className={styles.buttons}>
        <Button
          appearance={repair.isSuccess ? "secondary" : "primary"}
          disabledFocusable={repair.isPending}
          {...(repair.isPending && { icon: <Spinner size="tiny" /> })}
          onClick={() => repair.mutate(request)}
        >
          {verb}
        </Button>
        {repair.isSuccess && (
          <Button appearance="primary" onClick={onTest}>
            Test again
          </Button>
        )}
      </div>
      {repair.error && <Problem error={repair.error} />}
    </>
  );
}

function Command({ command }: { command: string }) {
  const styles = useStyles();
  const { notify } = useNotifications();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(command);
      setCopied(true);
    } catch {
      notify({
        intent: "warning",
        title: "The browser allows no copying",
        text: "Select the text.",
      });
    }
  };
  return (
    <>
      <details>
        <summary>The command that does it</summary>
        <pre className={styles.command}>{command}</pre>
      </details>
      <div className={styles.buttons}>
        <Button size="small" icon={<CopyRegular />} onClick={() => void copy()}>
          {isCopied ? "Copied" : "Copy the command"}
        </Button>
      </div>
    </>
  );
}

function verbOf({ path }: FixRequest, missing: MissingRole | undefined): string {
  if (missing) return `Grant ${missing.role}`;
  if (/managedPrivateEndpoints/i.test(path)) return "Create managed private endpoint";
  return /privateEndpointConnections/i.test(path) ? "Approve the connection" : "Repair it";
}

/** Undefined for a vault: the studio holds no token for secrets. */
function endpointOf({ plane, subject = "" }: FixRequest): Endpoint | undefined {
  switch (plane) {
    case "arm":
      return arm;
    case "graph":
      return graph;
    case "synapse":
      return { plane, workspace: subject };
    default:
      return undefined;
  }
}

function useRepairRight(request: FixRequest): Right {
  const { plane, subject } = request;
  const azure = plane === "arm" ? azureNeed(request) : undefined;
  const ofAzure = useAzureRight(azure?.scope, azure?.action ?? "");
  const ofSynapse = useSynapseRightOn(
    plane === "synapse" ? subject : undefined,
    synapseNeed(request),
    itemOf(request),
  );
  return ofAzure.allowed ? ofSynapse : ofAzure;
}

/** Scope and action of a write to the resource manager, read from its path. */
function azureNeed({ path }: FixRequest): { scope: string; action: string } | undefined {
  const [id = ""] = path.split("?");
  const at = id.toLowerCase().lastIndexOf("/providers/");
  if (at < 0) return undefined;
  const [namespace = "", ...names] = id.slice(at + "/providers/".length).split("/");
  const types = names.filter((_, index) => index % 2 === 0);
  // A role assignment is not there yet, and neither is anything below it: what counts is its scope.
  const isExtension = namespace.toLowerCase() === "microsoft.authorization";
  return {
    scope: isExtension ? id.slice(0, at) : id,
    action: [namespace, ...types, "write"].join("/"),
  };
}

/** Of a role assignment's scope: `workspaces/ws1/linkedServices/link1` is about `linkedServices/link1`. */
function itemOf({ body }: FixRequest): string {
  const { scope } = (body ?? {}) as { scope?: unknown };
  return typeof scope === "string" ? scope.split("/").slice(2).join("/") : "";
}

function synapseNeed({ path }: FixRequest): SynapseAction {
  const text = path.toLowerCase();
  if (text.startsWith("/roleassignments")) return "roleAssignments/write";
  if (text.startsWith("/linkedservices")) return "linkedServices/write";
  return text.includes("managedprivateendpoints") ? "managedPrivateEndpoints/write" : "read";
}
