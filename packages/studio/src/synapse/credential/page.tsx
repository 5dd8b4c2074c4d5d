// Manage > Credentials: identities that linked services can name (features.md B-04).

import { AddRegular, DeleteRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { resourcesQuery } from "../../api/resource.ts";
import { CommandButton } from "../../control/command-button.tsx";
import { type Field, linesOf, useForm } from "../../control/form.ts";
import { FormPanel } from "../../control/form-panel.tsx";
import { type Column, Grid } from "../../control/grid.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { takenProblem } from "../../control/taken-name.ts";
import { useTask } from "../../shell/notification.tsx";
import {
  type Artifact,
  artifactNameProblem,
  artifactsQuery,
  freeName,
  putArtifact,
} from "../artifact.ts";
import { DeleteArtifact } from "../delete-artifact.tsx";
import { useListState } from "../list-state.ts";
import { useSynapseRight } from "../right.ts";
import { useManageCrumbs, useWorkspaceName } from "../workspace.ts";

interface CredentialProperties {
  readonly type: string;
  readonly description?: string;
  readonly annotations?: readonly unknown[];
  readonly typeProperties?: { readonly resourceId?: string; readonly servicePrincipalId?: string };
}

type Credential = Artifact<CredentialProperties>;

/** The workspace's own identity as a credential, so that its use can be granted. */
const systemIdentity = "workspacesystemidentity";

const columns: readonly Column<Credential>[] = [
  { name: "name", label: "Name", width: "26%", text: ({ name }) => name },
  { name: "type", label: "Type", text: typeText },
  {
    name: "identity",
    label: "Identity",
    text: ({ properties: { typeProperties = {} } }) =>
      typeProperties.resourceId ?? typeProperties.servicePrincipalId ?? "",
  },
  {
    name: "annotations",
    label: "Annotations",
    text: ({ properties }) => (properties.annotations ?? []).join(", "),
  },
];

function typeText({ name, properties }: Credential): string {
  if (name.toLowerCase() === systemIdentity) return "System Assigned Managed Identity";
  return properties.type === "ManagedIdentity"
    ? "User-Assigned Managed Identity"
    : "Service Principal";
}

export function Page() {
  const workspace = useWorkspaceName();
  const credentials = useQuery(artifactsQuery<CredentialProperties>(workspace, "credentials"));
  const { chosen: credential, ...list } = useListState<"new" | "delete", Credential>(credentials);
  const mayWrite = useSynapseRight("credentials/write");
  const mayDelete = useSynapseRight("credentials/delete");
  return (
    <PageFrame
      title="Credentials"
      crumbs={useManageCrumbs()}
      description="Identities that linked services can connect as, beside the workspace's own."
      commands={
        <>
          <CommandButton icon={<AddRegular />} right={mayWrite} onClick={() => list.open("new")}>
            New
          </CommandButton>
          <RefreshButton onRefresh={list.refresh} />
          <CommandButton
            icon={<DeleteRegular />}
            right={mayDelete}
            disabledReason={deletionProblem(credential)}
            onClick={() => list.open("delete")}
          >
            Delete
          </CommandButton>
        </>
      }
    >
      <Grid label="Credentials" columns={columns} empty="There is no credential." {...list.grid} />
      {list.panel === "new" && <NewCredential taken={list.taken} onClose={list.close} />}
      {list.panel === "delete" && credential && (
        <DeleteArtifact
          what="credential"
          collection="credentials"
          name={credential.name}
          onClose={list.close}
        />
      )}
    </PageFrame>
  );
}

function deletionProblem(credential: Credential | undefined): string | undefined {
  if (!credential) return "Select a credential.";
  return credential.name.toLowerCase() === systemIdentity
    ? "It is the workspace's own identity and cannot be deleted."
    : undefined;
}

type Values = Readonly<Record<"name" | "description" | "identity" | "annotations", string>>;

function NewCredential({ taken, onClose }: { taken: readonly string[]; onClose(): void }) {
  const workspace = useWorkspaceName();
  const right = useSynapseRight("credentials/write");
  const identities = useQuery(resourcesQuery("Microsoft.ManagedIdentity/userAssignedIdentities"));
  const fieldsOf = (): readonly Field<Values>[] => [
    {
      name: "name",
      label: "Name",
      kind: "text",
      isRequired: true,
      check: (name) =>
        takenProblem(name, { what: "a credential", taken }) ?? artifactNameProblem(name),
    },
    { name: "description", label: "Description", kind: "multiline" },
    {
      name: "identity",
      label: "User-assigned managed identity",
      kind: "choice",
      isRequired: true,
      choices: identities.data?.map(({ id, name }) => ({ value: id, label: name })),
      ...(identities.data?.length === 0 && {
        hint: "There is no user-assigned identity that you may see: create one first.",
      }),
    },
    { name: "annotations", label: "Annotations", kind: "list", hint: "One a line." },
  ];
  const form = useForm<Values>(
    { name: freeName("credential", taken), description: "", identity: "", annotations: "" },
    fieldsOf,
  );
  const create = useTask({
    run: ({ name, description, identity, annotations }: Values) =>
      putArtifact(
        { workspace, collection: "credentials", name },
        {
          type: "ManagedIdentity",
          ...(description !== "" && { description }),
          annotations: linesOf(annotations),
          typeProperties: { resourceId: identity },
        },
      ),
    done: ({ name }) => `The credential '${name}' is created`,
    failed: ({ name }) => `The credential '${name}' was not created`,
    changes: [["synapse", workspace.toLowerCase()]],
    onDone: onClose,
  });
  return (
    <FormPanel
      title="New credential (User-Assigned Managed Identity)"
      verb="Create"
      right={right}
      form={form}
      fields={fieldsOf()}
      task={create}
      onClose={onClose}
    />
  );
}
