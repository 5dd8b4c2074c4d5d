// Create a resource: what the studio has a form for.

import {
  Card,
  CardHeader,
  Dropdown,
  Field,
  makeStyles,
  Option,
  Subtitle2,
  Text,
  tokens,
} from "@fluentui/react-components";
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
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { definitionsQuery } from "../../control/definition.ts";
import { Link, useGo } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";
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
    <PageFrame title="Create a resource" crumbs={[{ label: "Home", to: "/" }]}>
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
      <AnyType query={query} />
    </PageFrame>
  );
}

/** Types without a form of their own get one from their definition. */
function AnyType({ query }: { query: string }) {
  const go = useGo();
  const { data, error } = useQuery(definitionsQuery);
  const types = data?.value.filter(({ type }) => type.split("/").length === 2 && !hasForm(type));
  const [type, setType] = useState("");
  return (
    <section aria-labelledby="any-type">
      <Subtitle2 as="h2" id="any-type">
        Any other type
      </Subtitle2>
      {error && <Problem error={error} />}
      <Field label="Resource type" style={{ maxWidth: 480 }}>
        <Dropdown
          placeholder="Select"
          value={type}
          selectedOptions={[type]}
          onOptionSelect={(_, { optionValue }) => {
            const mark = query === "" ? "?" : `${query}&`;
            setType(optionValue ?? "");
            go(`/create/any${mark}type=${encodeURIComponent(optionValue ?? "")}`);
          }}
        >
          {(types ?? []).map((one) => (
            <Option key={one.type} value={one.type} text={one.type}>
              {one.type}
            </Option>
          ))}
        </Dropdown>
      </Field>
    </section>
  );
}

const ownForms = [
  "Microsoft.Synapse/workspaces",
  "Microsoft.MachineLearningServices/workspaces",
  "Microsoft.Storage/storageAccounts",
  "Microsoft.KeyVault/vaults",
];

function hasForm(type: string): boolean {
  return ownForms.includes(type);
}
