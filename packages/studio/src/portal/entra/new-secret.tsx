// Add a client secret: description and when it expires.

import type { Application, PasswordCredential } from "../../api/directory.ts";
import { call, graph } from "../../api/request.ts";
import { type Field, useForm } from "../../control/form.ts";
import { FormPanel } from "../../control/form-panel.tsx";
import { useTask } from "../../shell/notification.tsx";

type Values = { readonly description: string; readonly days: string; readonly end: string };

const initial: Values = { description: "", days: "180", end: "" };
const dayMs = 24 * 3_600_000;

function fieldsOf({ days }: Values): readonly Field<Values>[] {
  return [
    {
      name: "description",
      label: "Description",
      kind: "text",
      placeholder: "Enter a description for this client secret",
    },
    {
      name: "days",
      label: "Expires",
      kind: "choice",
      choices: [
        { value: "90", label: "90 days (3 months)" },
        { value: "180", label: "Recommended: 180 days (6 months)" },
        { value: "365", label: "365 days (12 months)" },
        { value: "545", label: "545 days (18 months)" },
        { value: "730", label: "730 days (24 months)" },
        { value: "custom", label: "Custom" },
      ],
    },
    {
      name: "end",
      label: "End",
      kind: "text",
      placeholder: "2030-12-31",
      isRequired: true,
      isHidden: days !== "custom",
      check: endProblem,
    },
  ];
}

function endProblem(text: string): string | undefined {
  const atMs = Date.parse(text);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(atMs)) {
    return "It is a day as in 2030-12-31.";
  }
  return atMs > Date.now() ? undefined : "It is in the future.";
}

export function NewSecret({
  application,
  isOpen,
  onMade,
  onClose,
}: {
  application: Application;
  isOpen: boolean;
  onMade(secret: PasswordCredential): void;
  onClose(): void;
}) {
  const form = useForm(initial, fieldsOf);
  const creation = useTask({
    run: ({ description, days, end }: Values) =>
      call<PasswordCredential>(graph, {
        method: "POST",
        path: `/applications/${application.id}/addPassword`,
        body: {
          passwordCredential: {
            displayName: description.trim() || null,
            endDateTime: new Date(
              days === "custom" ? end : Date.now() + Number(days) * dayMs,
            ).toISOString(),
          },
        },
      }),
    done: () => "Client secret created",
    failed: () => "The client secret could not be created",
    changes: [["graph", "applications"]],
    onDone: (secret) => {
      onMade(secret);
      form.reset();
      onClose();
    },
  });
  const close = () => {
    form.reset();
    creation.reset();
    onClose();
  };
  return (
    <FormPanel
      title="Add a client secret"
      verb="Add"
      isOpen={isOpen}
      form={form}
      fields={fieldsOf(form.values)}
      task={creation}
      onClose={close}
    />
  );
}
