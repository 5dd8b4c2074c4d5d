// What a test of a connection found, hop by hop, with who is at fault and what repairs it. The other
// half is the server's artifacts/test-connection.

import type { Fault, Fix, TestConnectivityAnswer, VerdictHop } from "@callosum/contract/verdict.ts";
import {
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Text,
  tokens,
} from "@fluentui/react-components";
import {
  CheckmarkCircleFilled,
  ErrorCircleFilled,
  SubtractCircleRegular,
  WarningFilled,
} from "@fluentui/react-icons";
import { Essentials } from "./essentials.tsx";
import { VerdictFix } from "./verdict-fix.tsx";

const useStyles = makeStyles({
  verdict: { display: "grid", gap: tokens.spacingVerticalM },
  hops: { listStyle: "none", margin: 0, padding: 0, display: "grid" },
  hop: {
    display: "grid",
    gridTemplateColumns: "20px minmax(0, 1fr)",
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalS} 0`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  body: { display: "grid", gap: tokens.spacingVerticalS },
  heading: { display: "flex", gap: tokens.spacingHorizontalS, flexWrap: "wrap" },
  message: { overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground2, overflowWrap: "anywhere" },
  passed: { color: tokens.colorPaletteGreenForeground1 },
  failed: { color: tokens.colorPaletteRedForeground1 },
  warning: { color: tokens.colorPaletteDarkOrangeForeground1 },
  skipped: { color: tokens.colorNeutralForeground3 },
});

const hopTitles: { readonly [Hop in VerdictHop["hop"]]: string } = {
  definition: "Definition",
  runtime: "Integration runtime and network",
  token: "Identity and token",
  resource: "Resource",
  permission: "Permission",
  dataPlane: "Data plane",
};

const statuses = {
  passed: { text: "Passed", Icon: CheckmarkCircleFilled },
  failed: { text: "Failed", Icon: ErrorCircleFilled },
  warning: { text: "Warning", Icon: WarningFilled },
  skipped: { text: "Not looked at", Icon: SubtractCircleRegular },
} as const;

const parties: { readonly [Party in Fault["party"]]: string } = {
  caller: "You",
  linkedService: "The linked service's definition",
  synapseWorkspace: "The Synapse workspace",
  workspaceIdentity: "The workspace's managed identity",
  servicePrincipal: "The service principal",
  keyVault: "The key vault",
  target: "The target",
};

export interface VerdictProps {
  readonly answer: TestConnectivityAnswer;
  /** Tests again, after something was repaired. */
  onTest(): void;
  /** For a link that is in a form: puts the corrected value into it. */
  onEdit?(edit: NonNullable<Fix["edit"]>): void;
}

export function Verdict({ answer, ...actions }: VerdictProps) {
  const styles = useStyles();
  const { succeeded, verdict } = answer;
  const failed = verdict.hops.filter(({ status }) => status === "failed");
  const [first] = failed;
  return (
    <section aria-label="Result of the test" className={styles.verdict}>
      <MessageBar intent={succeeded ? "success" : "error"} layout="multiline" role="status">
        <MessageBarBody>
          <MessageBarTitle>
            {succeeded ? "Connection successful" : "Connection failed"}
          </MessageBarTitle>
          {first && `${hopTitles[first.hop]}: ${first.message}`}
          {failed.length > 1 && ` There are ${failed.length} causes.`}
        </MessageBarBody>
      </MessageBar>
      <ol className={styles.hops} aria-label="The connection, hop by hop">
        {verdict.hops.map((hop) => (
          <Hop key={`${hop.hop} ${hop.reason} ${hop.message}`} hop={hop} {...actions} />
        ))}
      </ol>
    </section>
  );
}

function Hop({ hop, ...actions }: { hop: VerdictHop } & Omit<VerdictProps, "answer">) {
  const styles = useStyles();
  const { text, Icon } = statuses[hop.status];
  return (
    <li className={styles.hop}>
      <Icon aria-hidden fontSize={20} className={styles[hop.status]} />
      <div className={styles.body}>
        <div className={styles.heading}>
          <Text weight="semibold">{hopTitles[hop.hop]}</Text>
          <Text className={styles[hop.status]}>{text}</Text>
          {hop.code !== "0" && <Text className={styles.quiet}>Code {hop.code}</Text>}
        </div>
        <Text className={hop.status === "skipped" ? styles.quiet : styles.message}>
          {hop.message}
        </Text>
        {(hop.fault || hop.missing) && <Facts hop={hop} />}
        {hop.fix && <VerdictFix fix={hop.fix} missing={hop.missing} {...actions} />}
        {hop.serviceMessage && (
          <details>
            <summary>What Azure's own answer says</summary>
            <Text className={styles.quiet}>{hop.serviceMessage}</Text>
          </details>
        )}
      </div>
    </li>
  );
}

function Facts({ hop: { hop, fault, missing } }: { hop: VerdictHop }) {
  return (
    <Essentials
      label={`${hopTitles[hop]}: cause`}
      entries={[
        ...(fault ? [["At fault", faultText(fault)] as const] : []),
        ...(fault?.principalId ? [["Object ID", fault.principalId] as const] : []),
        ...(missing
          ? [
              ["Missing role", missing.role] as const,
              ["Scope", missing.scope] as const,
              ["Action", missing.action] as const,
            ]
          : []),
      ]}
    />
  );
}

function faultText({ party, displayName }: Fault): string {
  return displayName === undefined ? parties[party] : `${parties[party]} '${displayName}'`;
}
