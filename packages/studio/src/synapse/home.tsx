// Home of Synapse Studio: what the workspace is, what it is linked with in both directions, and the
// quick ways.

import { Button, makeStyles, Spinner, Subtitle2, tokens } from "@fluentui/react-components";
import {
  BrainCircuitRegular,
  DatabaseRegular,
  DocumentAddRegular,
  PlugConnectedRegular,
} from "@fluentui/react-icons";
import type { Resource } from "../api/resource.ts";
import { Essentials } from "../control/essentials.tsx";
import { Link, useGo } from "../control/link.tsx";
import { PageFrame } from "../control/page-frame.tsx";
import { Problem } from "../control/problem.tsx";
import { scopePath } from "../control/scope-path.ts";
import { HomeLinks } from "./home-links.tsx";
import { useWorkspace, useWorkspaceName, type WorkspaceProperties } from "./workspace.ts";

const useStyles = makeStyles({
  section: { display: "grid", gap: tokens.spacingVerticalS },
  ways: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalM },
});

const ways = [
  { text: "Link Azure Machine Learning", to: "manage/linked-services", Icon: BrainCircuitRegular },
  { text: "Browse tables", to: "data", Icon: DatabaseRegular },
  { text: "Write a SQL script", to: "develop", Icon: DocumentAddRegular },
  {
    text: "Request a private endpoint",
    to: "manage/managed-private-endpoints",
    Icon: PlugConnectedRegular,
  },
] as const;

export function Page() {
  const styles = useStyles();
  const name = useWorkspaceName();
  const go = useGo();
  const { data, error, refetch } = useWorkspace();
  return (
    <PageFrame title={name} description="Azure Synapse Analytics workspace">
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      <section className={styles.ways} aria-label="Quick ways">
        {ways.map(({ text, to, Icon }) => (
          <Button key={to} icon={<Icon />} onClick={() => go(`/synapse/${name}/${to}`)}>
            {text}
          </Button>
        ))}
      </section>
      <section className={styles.section} aria-label="Workspace">
        <Subtitle2 as="h2">Workspace</Subtitle2>
        {!data && !error && <Spinner label="Loading" style={{ justifySelf: "start" }} />}
        {data && <Essentials label="Essentials" entries={entriesOf(data)} />}
      </section>
      {data && (
        <section className={styles.section} aria-label="Links">
          <Subtitle2 as="h2">Linked with</Subtitle2>
          <HomeLinks workspaceId={data.id} />
        </section>
      )}
    </PageFrame>
  );
}

function entriesOf({ id, location, identity, properties }: Resource<WorkspaceProperties>) {
  const { defaultDataLakeStorage: lake, connectivityEndpoints = {} } = properties ?? {};
  const hasNetwork = properties?.managedVirtualNetwork === "default";
  return [
    [
      "Resource",
      <Link key="id" to={scopePath("overview", id)}>
        {id}
      </Link>,
    ],
    ["Location", location],
    ["Managed identity object ID", identity?.principalId],
    ["Default storage", lake && `${lake.accountUrl ?? ""} (${lake.filesystem ?? ""})`],
    ["Dedicated SQL endpoint", connectivityEndpoints.sql],
    ["Development endpoint", connectivityEndpoints.dev],
    ["Managed virtual network", hasNetwork ? "Enabled" : "None"],
  ] as const;
}
