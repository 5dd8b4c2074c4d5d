// Step 1 of Add integration: what the link is called, and the Synapse workspace that it leads to.

import { MessageBar, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useAzureRight } from "../../control/command-button.tsx";
import { useResourceRules } from "../../control/definition.ts";
import { type Field, type Form, useForm } from "../../control/form.ts";
import { FormFields } from "../../control/form-fields.tsx";
import { takenProblem } from "../../control/taken-name.ts";
import { useSynapseWorkspaceFields } from "../synapse-workspace-field.ts";
import { linksQuery, useWorkspaceAddress } from "../workspace.ts";

const useStyles = makeStyles({
  step: { display: "grid", gap: tokens.spacingVerticalM, paddingTop: tokens.spacingVerticalL },
});

// A type, not an interface: a form's values are indexable by name.
export type LinkValues = {
  readonly name: string;
  readonly subscriptionId: string;
  /** Resource id of the Synapse workspace. */
  readonly workspaceId: string;
};

interface LinkForm {
  readonly form: Form<LinkValues>;
  fieldsOf(values: LinkValues): readonly Field<LinkValues>[];
}

export function useLinkWorkspaceForm(): LinkForm {
  const { id, subscription } = useWorkspaceAddress();
  const rules = useResourceRules("Microsoft.MachineLearningServices/workspaces/linkedServices");
  const { data: links } = useQuery(linksQuery(id));
  const taken = links?.map((known) => known.name);
  const workspaceFields = useSynapseWorkspaceFields("Subscription name");
  const fieldsOf = (values: LinkValues): Field<LinkValues>[] => [
    {
      name: "name",
      label: "Name",
      kind: "text",
      isRequired: true,
      hint: "What this linked service is called in your code.",
      check: (name) => rules.name(name) ?? takenProblem(name, { what: "a linked service", taken }),
    },
    ...workspaceFields(values),
  ];
  const form = useForm({ name: "", subscriptionId: subscription, workspaceId: "" }, fieldsOf);
  return { form, fieldsOf };
}

export function LinkWorkspaceStep({ form, fieldsOf }: LinkForm) {
  const styles = useStyles();
  const { workspaceId } = form.values;
  const right = useAzureRight(
    workspaceId === "" ? undefined : workspaceId,
    "Microsoft.Authorization/roleAssignments/write",
  );
  return (
    <div className={styles.step}>
      <FormFields form={form} fields={fieldsOf(form.values)} />
      {!right.allowed && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            Linking needs the Owner role of the Synapse workspace. As a Contributor you can use the
            linked services that exist; creating this one will be refused.
          </MessageBarBody>
        </MessageBar>
      )}
    </div>
  );
}
