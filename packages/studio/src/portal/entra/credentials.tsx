// Certificates & secrets of an app registration. A secret's value is shown once, right after it was made.

import { Button, MessageBar, MessageBarBody, Tab, TabList } from "@fluentui/react-components";
import { AddRegular, DeleteRegular } from "@fluentui/react-icons";
import { useState } from "react";
import type { Application, PasswordCredential } from "../../api/directory.ts";
import { call, graph } from "../../api/request.ts";
import { CommandButton } from "../../control/command-button.tsx";
import { Confirm } from "../../control/confirm.tsx";
import { type Column, Grid } from "../../control/grid.tsx";
import { useTask } from "../../shell/notification.tsx";
import { ApplicationFrame } from "./application-frame.tsx";
import { CopyButton } from "./copy-button.tsx";
import { NewSecret } from "./new-secret.tsx";

export function Page() {
  return (
    <ApplicationFrame section="credentials">
      {(application) => <Credentials application={application} />}
    </ApplicationFrame>
  );
}

function Credentials({ application }: { application: Application }) {
  const [tab, setTab] = useState<"secrets" | "certificates">("secrets");
  const { passwordCredentials, keyCredentials } = application;
  return (
    <>
      <p>
        Credentials enable confidential applications to identify themselves to the authentication
        service when receiving tokens.
      </p>
      <TabList
        aria-label="Credentials"
        selectedValue={tab}
        onTabSelect={(_, { value }) => setTab(value as typeof tab)}
      >
        <Tab value="certificates">Certificates ({keyCredentials.length})</Tab>
        <Tab value="secrets">Client secrets ({passwordCredentials.length})</Tab>
      </TabList>
      {tab === "secrets" ? (
        <Secrets application={application} />
      ) : (
        <Grid
          label="Certificates"
          columns={certificateColumns}
          rows={keyCredentials}
          rowKey={({ keyId }) => keyId}
          empty="No certificates. They are added with Graph: PATCH /applications/{id} with keyCredentials."
        />
      )}
    </>
  );
}

const certificateColumns: readonly Column<Application["keyCredentials"][number]>[] = [
  { name: "name", label: "Description", text: ({ displayName }) => displayName ?? "" },
  { name: "expires", label: "Expires", text: ({ endDateTime }) => day(endDateTime) },
  { name: "id", label: "Certificate ID", text: ({ keyId }) => keyId },
];

function day(time: string): string {
  return new Date(time).toLocaleDateString();
}

function Secrets({ application }: { application: Application }) {
  const [isAdding, setAdding] = useState(false);
  const [made, setMade] = useState<PasswordCredential>();
  const [removed, setRemoved] = useState<PasswordCredential>();
  return (
    <>
      {made && (
        <MessageBar intent="warning">
          <MessageBarBody>
            Copy the value now: it cannot be shown again after you leave this page.
          </MessageBarBody>
        </MessageBar>
      )}
      <Grid
        label="Client secrets"
        columns={secretColumns(made, setRemoved)}
        rows={application.passwordCredentials}
        rowKey={({ keyId }) => keyId}
        empty="No client secrets have been created for this application."
        tools={
          <CommandButton icon={<AddRegular />} onClick={() => setAdding(true)}>
            New client secret
          </CommandButton>
        }
      />
      <NewSecret
        application={application}
        isOpen={isAdding}
        onMade={setMade}
        onClose={() => setAdding(false)}
      />
      <Removal application={application} secret={removed} onClose={() => setRemoved(undefined)} />
    </>
  );
}

function secretColumns(
  made: PasswordCredential | undefined,
  remove: (secret: PasswordCredential) => void,
): readonly Column<PasswordCredential>[] {
  const nameOf = ({ displayName, keyId }: PasswordCredential) => displayName ?? keyId;
  return [
    { name: "name", label: "Description", text: ({ displayName }) => displayName ?? "" },
    {
      name: "expires",
      label: "Expires",
      width: "110px",
      text: ({ endDateTime }) => endDateTime,
      show: ({ endDateTime }) =>
        Date.parse(endDateTime) < Date.now() ? `${day(endDateTime)} (expired)` : day(endDateTime),
    },
    {
      name: "value",
      label: "Value",
      text: ({ hint }) => hint ?? "",
      show: ({ keyId, hint }) =>
        keyId === made?.keyId && made.secretText ? (
          <>
            <code>{made.secretText}</code>
            <CopyButton label="Copy value" text={made.secretText} />
          </>
        ) : (
          `${hint ?? ""}${"*".repeat(12)}`
        ),
    },
    {
      name: "id",
      label: "Secret ID",
      text: ({ keyId }) => keyId,
      show: ({ keyId }) => (
        <>
          {keyId}
          <CopyButton label="Copy Secret ID" text={keyId} />
        </>
      ),
    },
    {
      name: "delete",
      label: "Delete",
      width: "100px",
      text: () => "",
      show: (secret) => (
        <Button
          size="small"
          appearance="subtle"
          icon={<DeleteRegular />}
          aria-label={`Delete ${nameOf(secret)}`}
          onClick={() => remove(secret)}
        />
      ),
    },
  ];
}

function Removal({
  application,
  secret,
  onClose,
}: {
  application: Application;
  secret: PasswordCredential | undefined;
  onClose(): void;
}) {
  const removal = useTask({
    run: ({ keyId }: PasswordCredential) =>
      call(graph, {
        method: "POST",
        path: `/applications/${application.id}/removePassword`,
        body: { keyId },
      }),
    done: () => "Client secret deleted",
    failed: () => "The client secret could not be deleted",
    changes: [["graph", "applications"]],
    onDone: onClose,
  });
  return (
    <Confirm
      isOpen={secret !== undefined}
      title={`Delete client secret '${secret?.displayName ?? secret?.keyId ?? ""}'?`}
      verb="Delete"
      isBusy={removal.isPending}
      onConfirm={() => secret && removal.mutate(secret)}
      onClose={onClose}
    >
      Whoever signs in with it is refused from now on; linked services that use it stop working.
    </Confirm>
  );
}
