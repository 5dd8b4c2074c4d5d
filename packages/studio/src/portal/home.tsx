// Where the studio opens: the ways in, the workspaces of both kinds with the way into their own studio,
// and for an empty instance the three steps to a link.

import { Card, CardHeader, makeStyles, Subtitle2, Text, tokens } from "@fluentui/react-components";
import {
  AppGenericRegular,
  BrainCircuitRegular,
  DatabaseRegular,
  type FluentIcon,
  FolderRegular,
  GridRegular,
  MapRegular,
} from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { idPart, type Resource, resourcesQuery } from "../api/resource.ts";
import { nameOf, typeLabel, typeOf } from "../api/scope.ts";
import { type Column, Grid } from "../control/grid.tsx";
import { Link } from "../control/link.tsx";
import { PageFrame } from "../control/page-frame.tsx";
import { scopePath } from "../control/scope-path.ts";
import { useAccount } from "../shell/account.ts";
import { recentScopes } from "./recent.ts";
import { studioPath } from "./resource/machine-learning-overview.tsx";

const useStyles = makeStyles({
  ways: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalM },
  way: { minWidth: "180px" },
  steps: { maxWidth: "72ch", lineHeight: tokens.lineHeightBase400 },
  recent: { listStyle: "none", margin: 0, padding: 0, display: "grid", gap: "4px" },
});

const ways: readonly { label: string; to: string; icon: FluentIcon }[] = [
  { label: "Resource groups", to: "/resource-groups", icon: FolderRegular },
  { label: "All resources", to: "/resources", icon: GridRegular },
  {
    label: "Create Synapse workspace",
    to: "/create/synapse-workspace",
    icon: DatabaseRegular,
  },
  {
    label: "Create machine learning workspace",
    to: "/create/machine-learning-workspace",
    icon: BrainCircuitRegular,
  },
  { label: "App registrations", to: "/entra/app-registrations", icon: AppGenericRegular },
  { label: "Link map", to: "/map", icon: MapRegular },
];

const columns: readonly Column<Resource>[] = [
  {
    name: "name",
    label: "Name",
    text: ({ name }) => name,
    show: (workspace) => <Link to={scopePath("overview", workspace.id)}>{workspace.name}</Link>,
  },
  { name: "type", label: "Type", text: ({ type }) => typeLabel(type) },
  { name: "group", label: "Resource group", text: ({ id }) => idPart(id, "resourceGroups") },
  { name: "location", label: "Location", text: ({ location }) => location ?? "" },
  {
    name: "studio",
    label: "Studio",
    text: ({ type }) => (isSynapse(type) ? "Open Synapse Studio" : "Launch studio"),
    show: (workspace) =>
      isSynapse(workspace.type) ? (
        <Link
          to={`/synapse/${workspace.name}`}
          aria-label={`Open Synapse Studio of ${workspace.name}`}
        >
          Open Synapse Studio
        </Link>
      ) : (
        <Link to={studioPath(workspace)} aria-label={`Launch studio of ${workspace.name}`}>
          Launch studio
        </Link>
      ),
  },
];

export function Page() {
  const styles = useStyles();
  const account = useAccount();
  const { data, error, refetch } = useQuery(resourcesQuery());
  const workspaces = data?.filter(({ type }) =>
    /^microsoft\.(synapse|machinelearningservices)\/workspaces$/i.test(type),
  );
  const isEmpty = workspaces?.length === 0;
  return (
    <PageFrame title={`Welcome, ${account.name}`}>
      <nav aria-label="Ways in" className={styles.ways}>
        {ways.map(({ label, to, icon: Icon }) => (
          <Card key={to} className={styles.way} size="small">
            <CardHeader
              image={<Icon aria-hidden fontSize={24} />}
              header={<Link to={to}>{label}</Link>}
            />
          </Card>
        ))}
      </nav>
      {isEmpty && <FirstSteps />}
      <Subtitle2 as="h2">Workspaces</Subtitle2>
      <Grid
        label="Workspaces"
        columns={columns}
        rows={workspaces}
        error={error}
        onRetry={() => void refetch()}
        rowKey={({ id }) => id}
        empty="There is no workspace that you may see."
      />
      <Recent />
    </PageFrame>
  );
}

function FirstSteps() {
  const styles = useStyles();
  return (
    <section aria-label="First steps">
      <Subtitle2 as="h2">From nothing to a link</Subtitle2>
      <ol className={styles.steps}>
        <li>
          <Link to="/create/resource-group">Create a resource group</Link> that holds what you make.
        </li>
        <li>
          <Link to="/create/synapse-workspace">Create a Synapse workspace</Link> and a{" "}
          <Link to="/create/machine-learning-workspace">machine learning workspace</Link>.
        </li>
        <li>
          On the machine learning workspace, under Access control (IAM), add the Synapse workspace's
          managed identity as Contributor.
        </li>
        <li>
          In Synapse Studio, under Manage, Linked services, create one of the type Azure Machine
          Learning. The <Link to="/map">Link map</Link> shows what is missing.
        </li>
      </ol>
    </section>
  );
}

function Recent() {
  const styles = useStyles();
  const scopes = recentScopes();
  if (scopes.length === 0) return null;
  return (
    <section aria-labelledby="recent">
      <Subtitle2 as="h2" id="recent">
        Recent
      </Subtitle2>
      <ul className={styles.recent}>
        {scopes.map((id) => (
          <li key={id}>
            <Link to={scopePath("overview", id)}>{nameOf(id)}</Link>{" "}
            <Text size={200}>{typeLabel(typeOf(id))}</Text>
          </li>
        ))}
      </ul>
    </section>
  );
}

function isSynapse(type: string): boolean {
  return type.toLowerCase() === "microsoft.synapse/workspaces";
}
