// A picture for a kind of linked service, by what kind of thing it leads to. The name stands beside it.

import {
  AppsListRegular,
  BrainCircuitRegular,
  CloudRegular,
  DatabaseRegular,
  DocumentDatabaseRegular,
  type FluentIcon,
  FolderRegular,
  GlobeRegular,
  KeyRegular,
  ServerRegular,
} from "@fluentui/react-icons";
import { type Category, categoryOf } from "./catalogue.ts";
import { machineLearningType } from "./machine-learning.ts";

const icons: { readonly [Name in Category]: FluentIcon } = {
  Azure: CloudRegular,
  Database: DatabaseRegular,
  File: FolderRegular,
  "Generic protocol": GlobeRegular,
  NoSQL: DocumentDatabaseRegular,
  "Services and apps": AppsListRegular,
  Compute: ServerRegular,
};

const special: Readonly<Record<string, FluentIcon>> = {
  [machineLearningType]: BrainCircuitRegular,
  AzureKeyVault: KeyRegular,
};

export function ConnectorIcon({ type, size = 28 }: { type: string; size?: number }) {
  const Icon = special[type] ?? icons[categoryOf(type)];
  return <Icon aria-hidden fontSize={size} />;
}
