// The fields of Create Synapse workspace, tab by tab as in Azure's portal.

import type { Resource } from "../../api/resource.ts";
import type { ResourceRules } from "../../control/definition.ts";
import type { FormTab } from "./create-page.tsx";
import { type Place, placeFields } from "./place.ts";
import { containerProblem } from "./storage.ts";
import type { SynapseValues } from "./synapse-plan.ts";

interface Context {
  readonly place: Place;
  readonly rules: ResourceRules;
  readonly storageRules: ResourceRules;
  readonly accounts: readonly Resource[];
}

export function synapseTabs(
  values: SynapseValues,
  context: Context,
): readonly FormTab<SynapseValues>[] {
  return [basics(values, context), security(values), networking(values, context)];
}

function basics(
  values: SynapseValues,
  { place, rules, storageRules, accounts }: Context,
): FormTab<SynapseValues> {
  const isNewAccount =
    values.account !== "" && !accounts.some(({ name }) => name === values.account);
  return {
    name: "Basics",
    fields: [
      ...placeFields(place, { locations: rules.locations, values }),
      {
        name: "managedGroup",
        label: "Managed resource group",
        kind: "text",
        placeholder: "Named by the workspace",
        check: rules.check("properties.managedResourceGroupName"),
      },
      { name: "name", label: "Workspace name", kind: "text", isRequired: true, check: rules.name },
      {
        name: "account",
        label: "Account name",
        kind: "combo",
        isRequired: true,
        hint: isNewAccount
          ? `A new Data Lake Storage Gen2 account '${values.account}' will be created.`
          : "Data Lake Storage Gen2: select an account, or type the name of a new one.",
        choices: accounts.map(({ name }) => ({ value: name, label: name })),
        check: storageRules.name,
      },
      {
        name: "filesystem",
        label: "File system name",
        kind: "text",
        isRequired: true,
        hint: "Created in the account where it isn't there.",
        check: (text) =>
          containerProblem(text) ??
          rules.check("properties.defaultDataLakeStorage.filesystem")(text),
      },
      {
        name: "grantsMe",
        label: "Assign myself the Storage Blob Data Contributor role on the account",
        kind: "toggle",
      },
      {
        name: "grantsIdentity",
        label: "Assign the workspace's managed identity the Storage Blob Data Contributor role",
        kind: "toggle",
        hint: "Both take the right to assign roles on the account (Owner).",
      },
    ],
  };
}

function security(values: SynapseValues): FormTab<SynapseValues> {
  return {
    name: "Security",
    fields: [
      {
        name: "login",
        label: "SQL Server admin login",
        kind: "text",
        isRequired: true,
        check: loginProblem,
      },
      {
        name: "password",
        label: "SQL Password",
        kind: "secret",
        hint: "Optional: without one only Microsoft Entra authentication signs in to the SQL pools.",
        check: (text) => passwordProblem(text, values.login),
      },
      {
        name: "again",
        label: "Confirm password",
        kind: "secret",
        isRequired: values.password !== "",
        check: (text) => (text === values.password ? undefined : "The two are not the same."),
      },
    ],
  };
}

function networking(values: SynapseValues, { rules }: Context): FormTab<SynapseValues> {
  const hasNetwork = values.network === "true";
  return {
    name: "Networking",
    fields: [
      {
        name: "network",
        label: "Managed virtual network",
        kind: "radio",
        hint: "Needed for managed private endpoints; cannot be changed later.",
        choices: [
          { value: "true", label: "Enable" },
          { value: "", label: "Disable" },
        ],
      },
      {
        name: "protection",
        label: "Allow outbound data traffic only to approved targets",
        kind: "radio",
        isHidden: !hasNetwork,
        hint: "Data exfiltration protection. The Azure Machine Learning integration is not supported in workspaces that have it.",
        choices: [
          { value: "true", label: "Yes" },
          { value: "", label: "No" },
        ],
      },
      {
        name: "publicAccess",
        label: "Public network access to workspace endpoints",
        kind: "radio",
        choices: rules.choices("properties.publicNetworkAccess"),
      },
    ],
  };
}

/** The server's rule (arm/resources/synapse/sql-login.ts). */
function loginProblem(text: string): string | undefined {
  const reserved =
    /^(admin|administrator|sa|root|dbmanager|loginmanager|dbo|guest|public|sys|information_schema)$/i;
  if (reserved.test(text)) return "The engine reserves this name.";
  return /^[A-Za-z][A-Za-z0-9_@.-]{0,127}$/.test(text)
    ? undefined
    : "It starts with a letter and has at most 128 letters, digits, '_', '@', '.' and '-'.";
}

function passwordProblem(text: string, login: string): string | undefined {
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(text));
  const isLong = text.length >= 8 && text.length <= 128;
  if (!isLong || classes.length < 3) {
    return "It has 8 to 128 characters of at least three of lower case, upper case, digits and others.";
  }
  return login !== "" && text.toLowerCase().includes(login.toLowerCase())
    ? "It does not contain the login."
    : undefined;
}
