// Overview of an app registration: its ids, and its service principal or the way to make one.

import { Button } from "@fluentui/react-components";
import { DeleteRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Application } from "../../api/directory.ts";
import { call, graph } from "../../api/request.ts";
import { CommandButton } from "../../control/command-button.tsx";
import { Confirm } from "../../control/confirm.tsx";
import { Essentials } from "../../control/essentials.tsx";
import { Link, useGo } from "../../control/link.tsx";
import { Problem } from "../../control/problem.tsx";
import { useAccount } from "../../shell/account.ts";
import { useTask } from "../../shell/notification.tsx";
import { applicationsPath, servicePrincipalQuery, useApplicationId } from "./application.ts";
import { ApplicationFrame } from "./application-frame.tsx";
import { CopyButton } from "./copy-button.tsx";

export function Page() {
  const go = useGo();
  const id = useApplicationId();
  const [isDeleting, setDeleting] = useState(false);
  const deletion = useTask({
    run: () => call(graph, { method: "DELETE", path: `/applications/${id}` }),
    done: () => "Application deleted",
    failed: () => "The application could not be deleted",
    changes: [["graph"]],
    onDone: () => go(applicationsPath),
  });
  return (
    <ApplicationFrame
      section="overview"
      commands={
        <CommandButton icon={<DeleteRegular />} onClick={() => setDeleting(true)}>
          Delete
        </CommandButton>
      }
    >
      {(application) => (
        <>
          <Ids application={application} />
          <Confirm
            isOpen={isDeleting}
            title={`Delete app registration '${application.displayName}'?`}
            verb="Delete"
            isBusy={deletion.isPending}
            onConfirm={() => deletion.mutate(undefined)}
            onClose={() => setDeleting(false)}
          >
            Its service principal and that one's role assignments go with it. Links that sign in
            with it stop working.
            {deletion.error && <Problem error={deletion.error} />}
          </Confirm>
        </>
      )}
    </ApplicationFrame>
  );
}

function Ids({ application }: { application: Application }) {
  const { tenantId } = useAccount();
  const { id, appId, displayName, signInAudience, passwordCredentials, keyCredentials } =
    application;
  const redirects = [application.web, application.spa, application.publicClient].flatMap(
    (platform) => platform?.redirectUris ?? [],
  );
  const withCopy = (label: string, text: string) => (
    <>
      {text} <CopyButton label={`Copy ${label}`} text={text} />
    </>
  );
  return (
    <Essentials
      label="Essentials"
      entries={[
        ["Display name", displayName],
        ["Application (client) ID", withCopy("Application (client) ID", appId)],
        ["Object ID", withCopy("Object ID", id)],
        ["Directory (tenant) ID", withCopy("Directory (tenant) ID", tenantId)],
        [
          "Supported account types",
          signInAudience === "AzureADMyOrg" ? "My organization only" : "Multiple organizations",
        ],
        [
          "Client credentials",
          <Link key="credentials" to={`${applicationsPath}/${id}/credentials`}>
            {keyCredentials.length} certificate, {passwordCredentials.length} secret
          </Link>,
        ],
        ["Redirect URIs", redirects.join(", ")],
        ["Application ID URI", application.identifierUris.join(", ")],
        [
          "Managed application in local directory",
          <ServicePrincipal key="principal" application={application} />,
        ],
      ]}
    />
  );
}

function ServicePrincipal({ application }: { application: Application }) {
  const { data, error, refetch } = useQuery(servicePrincipalQuery(application.appId));
  const creation = useTask({
    run: () =>
      call(graph, {
        method: "POST",
        path: "/servicePrincipals",
        body: { appId: application.appId },
      }),
    done: () => `Service principal of ${application.displayName} created`,
    failed: () => "The service principal could not be created",
    changes: [["graph"]],
  });
  if (error) return <Problem error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return "Loading";
  if (data) {
    return <Link to={`/entra/enterprise-applications/${data.id}`}>{data.displayName}</Link>;
  }
  return (
    <>
      <Button
        size="small"
        disabledFocusable={creation.isPending}
        onClick={() => creation.mutate(undefined)}
      >
        Create service principal
      </Button>
      {creation.error && <Problem error={creation.error} />}
    </>
  );
}
