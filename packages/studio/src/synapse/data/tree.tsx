// SQL databases, their tables, views, procedures and schemas. A branch is read when it is opened.

import { Spinner, Text, Tree, TreeItem, TreeItemLayout } from "@fluentui/react-components";
import { DatabaseRegular, FolderRegular, TableRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Problem } from "../../control/problem.tsx";
import {
  bracketed,
  type CatalogQuery,
  type Database,
  type ObjectKind,
  objectsQuery,
  schemasQuery,
  sqlPoolsQuery,
} from "../sql/catalog.ts";
import { useWorkspaceName } from "../workspace.ts";
import { ObjectMenu } from "./object-menu.tsx";
import type { TreeObject } from "./tree-object.ts";

interface Actions {
  onOpen(object: TreeObject): void;
  onPredict(table: TreeObject): void;
}

export function DatabaseTree(actions: Actions) {
  const workspace = useWorkspaceName();
  const { data, error, refetch } = useQuery(sqlPoolsQuery(workspace));
  if (error) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Spinner label="Loading SQL databases" />;
  if (data.length === 0) {
    return (
      <Text>
        The workspace has no dedicated SQL pool. Manage, SQL pools makes one; it is a database here.
      </Text>
    );
  }
  return (
    <Tree aria-label="SQL database" defaultOpenItems={["sql"]}>
      <TreeItem itemType="branch" value="sql">
        <TreeItemLayout iconBefore={<DatabaseRegular />}>SQL database</TreeItemLayout>
        <Tree>
          {data.map(({ name, properties }) => (
            <DatabaseBranch
              key={name}
              place={{ workspace, database: name }}
              status={properties?.status ?? "Online"}
              {...actions}
            />
          ))}
        </Tree>
      </TreeItem>
    </Tree>
  );
}

function DatabaseBranch({
  place,
  status,
  ...actions
}: Actions & { place: Database; status: string }) {
  const isOnline = status.toLowerCase() === "online";
  return (
    <TreeItem itemType="branch" value={place.database}>
      <TreeItemLayout iconBefore={<DatabaseRegular />}>
        {place.database} (SQL{isOnline ? "" : `, ${status.toLowerCase()}`})
      </TreeItemLayout>
      <Tree>
        <Objects label="Tables" kind="tables" place={place} {...actions} />
        <Objects label="Views" kind="views" place={place} {...actions} />
        <Objects label="Stored procedures" kind="procedures" place={place} {...actions} />
        <Schemas place={place} />
      </Tree>
    </TreeItem>
  );
}

function Objects({
  label,
  kind,
  place,
  ...actions
}: Actions & { label: string; kind: ObjectKind; place: Database }) {
  return (
    <Branch label={label} query={objectsQuery(place, kind)}>
      {(objects) =>
        objects.map((object) => (
          <ObjectLeaf key={bracketed(object)} object={{ ...place, ...object, kind }} {...actions} />
        ))
      }
    </Branch>
  );
}

function ObjectLeaf({ object, onOpen, onPredict }: Actions & { object: TreeObject }) {
  const isShown = object.kind !== "procedures";
  return (
    <TreeItem itemType="leaf" onClick={() => isShown && onOpen(object)}>
      <TreeItemLayout
        iconBefore={<TableRegular />}
        actions={{
          visible: true,
          children: <ObjectMenu object={object} onPredict={() => onPredict(object)} />,
        }}
      >
        {object.schema}.{object.name}
      </TreeItemLayout>
    </TreeItem>
  );
}

function Schemas({ place }: { place: Database }) {
  return (
    <Branch label="Schemas" query={schemasQuery(place)}>
      {(names) =>
        names.map((name) => (
          <TreeItem key={name} itemType="leaf">
            <TreeItemLayout>{name}</TreeItemLayout>
          </TreeItem>
        ))
      }
    </Branch>
  );
}

function Branch<Item>({
  label,
  query,
  children,
}: {
  label: string;
  query: CatalogQuery<Item>;
  children(items: readonly Item[]): ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  const { data, error, refetch } = useQuery({ ...query, enabled: isOpen });
  return (
    <TreeItem
      itemType="branch"
      value={label}
      open={isOpen}
      onOpenChange={(_, { open }) => setOpen(open)}
    >
      <TreeItemLayout
        iconBefore={<FolderRegular />}
        {...(isOpen && !data && !error && { aside: <Spinner size="tiny" /> })}
      >
        {label}
        {data && ` (${data.length})`}
      </TreeItemLayout>
      <Tree>
        {error && <Problem error={error} onRetry={() => void refetch()} />}
        {data?.length === 0 && (
          <TreeItem itemType="leaf">
            <TreeItemLayout>None that you may see</TreeItemLayout>
          </TreeItem>
        )}
        {data && children(data)}
      </Tree>
    </TreeItem>
  );
}
