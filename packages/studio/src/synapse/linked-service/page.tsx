// Manage > Linked services: the workspace's connections to other services.

import { Badge, Button, Link as FluentLink, makeStyles, tokens } from "@fluentui/react-components";
import { AddRegular, BracesRegular, DeleteRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { CommandButton } from "../../control/command-button.tsx";
import { Confirm } from "../../control/confirm.tsx";
import { type Column, Grid, rowsOf } from "../../control/grid.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { useSynapseRight } from "../right.ts";
import { useManageCrumbs, useWorkspaceName } from "../workspace.ts";
import { connectorLabel } from "./catalogue.ts";
import { CodePanel } from "./code-panel.tsx";
import { ConnectorIcon } from "./connector-icon.tsx";
import { DeleteLink, DependantList } from "./delete-link.tsx";
import { Gallery } from "./gallery.tsx";
import { type Dependant, dependantsQuery, isAutomatic, type Link, linksQuery } from "./link.ts";
import { LinkPanel } from "./link-panel.tsx";

/** What is open over the list. */
type Open =
  | { readonly kind: "gallery" }
  | { readonly kind: "new"; readonly type: string }
  | { readonly kind: "edit" | "code" | "delete" | "related"; readonly link: Link };

const useStyles = makeStyles({
  type: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  cells: { display: "inline-flex", flexWrap: "wrap", gap: tokens.spacingHorizontalXS },
});

export function Page() {
  const workspace = useWorkspaceName();
  const links = useQuery(linksQuery(workspace));
  const dependants = useQuery(dependantsQuery(workspace));
  const right = useSynapseRight("linkedServices/write");
  const [open, setOpen] = useState<Open>();
  const columns = useColumns(dependants.data, setOpen);
  const refresh = () => {
    void links.refetch();
    void dependants.refetch();
  };
  return (
    <PageFrame
      title="Linked services"
      crumbs={useManageCrumbs()}
      description="Connections to other services. Link an Azure Machine Learning workspace here to score its models in SQL pools."
      commands={
        <>
          <CommandButton
            icon={<AddRegular />}
            right={right}
            onClick={() => setOpen({ kind: "gallery" })}
          >
            New
          </CommandButton>
          <RefreshButton onRefresh={refresh} />
        </>
      }
    >
      <Grid
        label="Linked services"
        columns={columns}
        {...rowsOf(links)}
        rowKey={({ name }) => name}
        empty="There is no linked service yet. Select New to create one."
      />
      <Opened open={open} onOpen={setOpen} dependants={dependants.data} />
    </PageFrame>
  );
}

function useColumns(
  dependants: ReadonlyMap<string, Dependant[]> | undefined,
  onOpen: (open: Open) => void,
): readonly Column<Link>[] {
  const styles = useStyles();
  const countOf = ({ name }: Link) => dependants?.get(name.toLowerCase())?.length ?? 0;
  return [
    {
      name: "name",
      label: "Name",
      text: ({ name }) => name,
      show: (link) => (
        <FluentLink as="button" onClick={() => onOpen({ kind: "edit", link })}>
          {link.name}
        </FluentLink>
      ),
    },
    {
      name: "type",
      label: "Type",
      text: ({ properties }) => connectorLabel(properties.type),
      show: ({ properties }) => (
        <span className={styles.type}>
          <ConnectorIcon type={properties.type} size={20} />
          {connectorLabel(properties.type)}
        </span>
      ),
    },
    {
      name: "related",
      label: "Related",
      width: "90px",
      text: countOf,
      show: (link) => (
        <FluentLink
          as="button"
          aria-label={`${countOf(link)} related to ${link.name}`}
          onClick={() => onOpen({ kind: "related", link })}
        >
          {dependants ? countOf(link) : "–"}
        </FluentLink>
      ),
    },
    {
      name: "annotations",
      label: "Annotations",
      text: ({ properties }) => (properties.annotations ?? []).join(", "),
      show: ({ properties }) => (
        <span className={styles.cells}>
          {(properties.annotations ?? []).map((annotation) => (
            <Badge key={String(annotation)} appearance="outline">
              {String(annotation)}
            </Badge>
          ))}
        </span>
      ),
    },
    {
      name: "actions",
      label: "Actions",
      width: "120px",
      text: () => "",
      show: (link) => <Actions link={link} onOpen={onOpen} />,
    },
  ];
}

function Actions({ link, onOpen }: { link: Link; onOpen(open: Open): void }) {
  const styles = useStyles();
  const workspace = useWorkspaceName();
  const right = useSynapseRight("linkedServices/delete");
  const isFixed = isAutomatic(workspace, link.name);
  const reason = isFixed ? "It comes with the workspace and cannot be deleted." : undefined;
  return (
    <span className={styles.cells}>
      <Button
        appearance="subtle"
        size="small"
        aria-label={`Code of ${link.name}`}
        icon={<BracesRegular />}
        onClick={() => onOpen({ kind: "code", link })}
      />
      <CommandButton
        icon={<DeleteRegular />}
        label={`Delete ${link.name}`}
        right={right}
        disabledReason={reason}
        onClick={() => onOpen({ kind: "delete", link })}
      />
    </span>
  );
}

function Opened({
  open,
  onOpen,
  dependants,
}: {
  open: Open | undefined;
  onOpen(open: Open | undefined): void;
  dependants: ReadonlyMap<string, Dependant[]> | undefined;
}) {
  const close = () => onOpen(undefined);
  const usersOf = ({ name }: Link) => dependants?.get(name.toLowerCase()) ?? [];
  switch (open?.kind) {
    case "gallery":
      return <Gallery isOpen onChoose={(type) => onOpen({ kind: "new", type })} onClose={close} />;
    case "new":
      return (
        <LinkPanel type={open.type} onBack={() => onOpen({ kind: "gallery" })} onClose={close} />
      );
    case "edit":
      return (
        <LinkPanel
          key={open.link.name}
          type={open.link.properties.type}
          link={open.link}
          onClose={close}
        />
      );
    case "code":
      return <CodePanel link={open.link} onClose={close} />;
    case "delete":
      return <DeleteLink name={open.link.name} dependants={usersOf(open.link)} onClose={close} />;
    case "related":
      return <Related link={open.link} dependants={usersOf(open.link)} onClose={close} />;
    default:
      return null;
  }
}

function Related({
  link: { name },
  dependants,
  onClose,
}: {
  link: Link;
  dependants: readonly Dependant[];
  onClose(): void;
}) {
  return (
    <Confirm isOpen title={`Related to '${name}'`} verb="OK" onConfirm={onClose} onClose={onClose}>
      {dependants.length === 0 ? (
        `Nothing in the workspace refers to '${name}'.`
      ) : (
        <DependantList name={name} dependants={dependants} />
      )}
    </Confirm>
  );
}
