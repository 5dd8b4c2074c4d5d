// Create a resource: what the studio has a form for.

import { Card, CardHeader, makeStyles, Text, tokens } from "@fluentui/react-components";
import {
  BrainCircuitRegular,
  DatabaseRegular,
  FlashRegular,
  type FluentIcon,
  FolderRegular,
  KeyRegular,
  StorageRegular,
  TableRegular,
} from "@fluentui/react-icons";
import { Link } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { useAddressed } from "./place.ts";

const useStyles = makeStyles({
  cards: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fill, minmax(300px, 1fr))",
    gap: tokens.spacingHorizontalM,
  },
  text: { color: tokens.colorNeutralForeground2 },
});

interface Offer {
  readonly label: string;
  readonly text: string;
  readonly path: string;
  readonly icon: FluentIcon;
}

const offers: readonly Offer[] = [
  {
    label: "Resource group",
    text: "Holds related resources.",
    path: "resource-group",
    icon: FolderRegular,
  },
  {
    label: "Azure Synapse Analytics workspace",
    text: "SQL, Spark and pipelines over a data lake.",
    path: "synapse-workspace",
    icon: DatabaseRegular,
  },
  {
    label: "Azure Machine Learning workspace",
    text: "Models, computes and the linked services to Synapse.",
    path: "machine-learning-workspace",
    icon: BrainCircuitRegular,
  },
  {
    label: "Apache Spark pool",
    text: "Spark in a Synapse workspace.",
    path: "spark-pool",
    icon: FlashRegular,
  },
  {
    label: "Dedicated SQL pool",
    text: "Tables and PREDICT in a Synapse workspace.",
    path: "sql-pool",
    icon: TableRegular,
  },
  {
    label: "Storage account",
    text: "Blobs, and a data lake with hierarchical namespace.",
    path: "storage-account",
    icon: StorageRegular,
  },
  { label: "Key vault", text: "Secrets for linked services.", path: "key-vault", icon: KeyRegular },
];

export function Page() {
  const styles = useStyles();
  const group = useAddressed("group");
  const query = group === "" ? "" : `?group=${encodeURIComponent(group)}`;
  return (
    <PageFrame
      title="Create a resource"
      crumbs={[{ label: "Home", to: "/" }]}
      description="Every other type that the server knows is made with a template ('callosum deploy') or any official client."
    >
      <div className={styles.cards}>
        {offers.map(({ label, text, path, icon: Icon }) => (
          <Card key={path} size="small">
            <CardHeader
              image={<Icon aria-hidden fontSize={24} />}
              header={<Link to={`/create/${path}${query}`}>{label}</Link>}
              description={<Text className={styles.text}>{text}</Text>}
            />
          </Card>
        ))}
      </div>
    </PageFrame>
  );
}
