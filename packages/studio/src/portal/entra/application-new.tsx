// Register an application: name, who may use it, where sign-in may answer to.

import { Button, makeStyles, tokens } from "@fluentui/react-components";
import type { Application } from "../../api/directory.ts";
import { call, graph } from "../../api/request.ts";
import { type Field, useForm } from "../../control/form.ts";
import { FormFields } from "../../control/form-fields.tsx";
import { useGo } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";
import { useTask } from "../../shell/notification.tsx";
import { applicationsPath } from "./application.ts";

const useStyles = makeStyles({
  form: { maxWidth: "640px", display: "grid", gap: tokens.spacingVerticalL },
  buttons: { display: "flex", gap: tokens.spacingHorizontalS },
});

type Values = {
  readonly name: string;
  readonly audience: string;
  readonly platform: string;
  readonly redirect: string;
};

const initial: Values = { name: "", audience: "AzureADMyOrg", platform: "", redirect: "" };

const nameLengthMax = 120;

function fieldsOf(values: Values): readonly Field<Values>[] {
  return [
    {
      name: "name",
      label: "Name",
      kind: "text",
      isRequired: true,
      hint: "The user-facing display name for this application (this can be changed later).",
      check: (text) =>
        text.length > nameLengthMax ? `It has at most ${nameLengthMax} characters.` : undefined,
    },
    {
      name: "audience",
      label: "Supported account types",
      kind: "radio",
      choices: [
        {
          value: "AzureADMyOrg",
          label: "Accounts in this organizational directory only (Single tenant)",
        },
        {
          value: "AzureADMultipleOrgs",
          label: "Accounts in any organizational directory (Multitenant)",
        },
      ],
    },
    {
      name: "platform",
      label: "Redirect URI: platform",
      kind: "choice",
      choices: [
        { value: "", label: "None" },
        { value: "web", label: "Web" },
        { value: "spa", label: "Single-page application (SPA)" },
        { value: "publicClient", label: "Public client/native (mobile & desktop)" },
      ],
      hint: "Optional, and can be changed later. Service principals that only use a secret need none.",
    },
    {
      name: "redirect",
      label: "Redirect URI",
      kind: "text",
      isRequired: true,
      isHidden: values.platform === "",
      placeholder: "e.g. https://example.com/auth",
      check: (text) => redirectProblem(values.platform, text),
    },
  ];
}

const loopback = ["localhost", "127.0.0.1", "[::1]"];

/** The server's rule (identity/graph/redirect-uri.ts). */
function redirectProblem(platform: string, text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || text.includes("#") || text.includes("*")) return "It is a complete address.";
  if (url.protocol === "https:" || platform === "publicClient") return undefined;
  return url.protocol === "http:" && loopback.includes(url.hostname)
    ? undefined
    : "It must start with https:// (or http://localhost).";
}

export function Page() {
  const styles = useStyles();
  const go = useGo();
  const form = useForm(initial, fieldsOf);
  const registration = useTask({
    run: ({ name, audience, platform, redirect }: Values) =>
      call<Application>(graph, {
        method: "POST",
        path: "/applications",
        body: {
          displayName: name.trim(),
          signInAudience: audience,
          ...(platform !== "" && { [platform]: { redirectUris: [redirect] } }),
        },
      }),
    done: ({ name }) => `Successfully created application ${name}`,
    failed: ({ name }) => `Application ${name} could not be registered`,
    changes: [["graph"]],
    onDone: ({ id }) => go(`${applicationsPath}/${id}`),
  });
  return (
    <PageFrame
      title="Register an application"
      crumbs={[
        { label: "Home", to: "/" },
        { label: "App registrations", to: applicationsPath },
      ]}
    >
      <form
        noValidate
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          form.submit((values) => registration.mutate(values));
        }}
      >
        <FormFields form={form} fields={fieldsOf(form.values)} />
        {registration.error && <Problem error={registration.error} />}
        <div className={styles.buttons}>
          <Button appearance="primary" type="submit" disabledFocusable={registration.isPending}>
            Register
          </Button>
          <Button onClick={() => go(applicationsPath)}>Cancel</Button>
        </div>
      </form>
    </PageFrame>
  );
}
