// The Manage hub: what can be managed, under Synapse Studio's own headings.

import { Card, CardHeader, makeStyles, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { Link } from "../control/link.tsx";
import { PageFrame } from "../control/page-frame.tsx";
import { managePages } from "./manage-pages.ts";
import { useWorkspaceName } from "./workspace.ts";

const useStyles = makeStyles({
  group: { display: "grid", gap: tokens.spacingVerticalS },
  cards: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fill, minmax(280px, 1fr))",
    gap: tokens.spacingHorizontalM,
  },
  text: { color: tokens.colorNeutralForeground2 },
});

const descriptions: Readonly<Record<string, string>> = {
  "SQL pools": "Create, pause, resume, scale and delete dedicated SQL pools.",
  "Apache Spark pools": "Create and change the pools that Azure Machine Learning attaches.",
  "Linked services": "Connect to Azure Machine Learning and other services, and test it.",
  "Integration runtimes": "What makes the connections of linked services.",
  "Access control": "Who may do what in this workspace, by Synapse roles.",
  Credentials: "Identities that linked services can connect as.",
  "Managed private endpoints": "Private ways out of the managed virtual network.",
};

export function Page() {
  const styles = useStyles();
  const workspace = useWorkspaceName();
  const groups = Map.groupBy(managePages, ({ navigation }) => navigation?.group ?? "");
  return (
    <PageFrame title="Manage" crumbs={[{ label: workspace, to: `/synapse/${workspace}` }]}>
      {[...groups].map(([group, members]) => (
        <section key={group} aria-label={group} className={styles.group}>
          <Subtitle2 as="h2">{group}</Subtitle2>
          <div className={styles.cards}>
            {members.map(({ path, title, navigation }) => {
              const Icon = navigation?.icon;
              return (
                <Card key={path} appearance="outline">
                  <CardHeader
                    image={Icon && <Icon aria-hidden fontSize={24} />}
                    header={<Link to={path.replace("$workspace", workspace)}>{title}</Link>}
                  />
                  <Text className={styles.text}>{descriptions[title]}</Text>
                </Card>
              );
            })}
          </div>
        </section>
      ))}
    </PageFrame>
  );
}
