// "Assign a managed identity" of attached computes: none, its own, or user-assigned ones that exist.

import type { Resource } from "../../api/resource.ts";
import { type Field, linesOf } from "../../control/form.ts";
import type { NewCompute } from "./attach.ts";

export type IdentityValues = {
  /** "true" or "". */
  readonly hasIdentity: string;
  readonly identityType: string;
  /** Resource ids of user-assigned identities, a line each. */
  readonly identityIds: string;
};

export function identityFields(
  { hasIdentity, identityType }: IdentityValues,
  identities: readonly Resource[] | undefined,
): Field<IdentityValues>[] {
  return [
    {
      name: "hasIdentity",
      label: "Assign a managed identity",
      kind: "toggle",
      hint: "The identity needs Synapse Administrator at the Spark pool before it submits work.",
    },
    {
      name: "identityType",
      label: "Identity type",
      kind: "radio",
      isHidden: hasIdentity !== "true",
      choices: [
        { value: "SystemAssigned", label: "System-assigned" },
        { value: "UserAssigned", label: "User-assigned" },
      ],
    },
    {
      name: "identityIds",
      label: "User-assigned identity",
      kind: "choice",
      isRequired: true,
      isHidden: hasIdentity !== "true" || identityType !== "UserAssigned",
      choices: identities?.map(({ id, name }) => ({ value: id, label: name })),
    },
  ];
}

export function identityOf(values: IdentityValues): Pick<NewCompute, "identity"> {
  if (values.hasIdentity !== "true") return {};
  if (values.identityType !== "UserAssigned") return { identity: { type: "SystemAssigned" } };
  const ids = linesOf(values.identityIds).map((id) => [id, {}] as const);
  return { identity: { type: "UserAssigned", userAssignedIdentities: Object.fromEntries(ids) } };
}
