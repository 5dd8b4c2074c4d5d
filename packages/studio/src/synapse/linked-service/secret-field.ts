// A secret of a linked service: typed here, kept as it is stored, or taken from an Azure Key Vault
// (features.md ). The server gives a stored secret to nobody, so empty means "as stored".

import type { Choice, Field, FormValues } from "../../control/form.ts";

export interface SecretFieldRules {
  /** Beginning of the form's field names, `servicePrincipalKey`. */
  readonly name: string;
  readonly label: string;
  readonly isRequired: boolean;
  /** A secret is stored and stays when nothing is typed. */
  readonly isStored: boolean;
  /** The stored one goes nowhere else: what it was for was changed in the form. */
  readonly isTargetChanged: boolean;
  /** The server takes it from a vault and no other way. */
  readonly isVaultOnly?: boolean;
  /** Names of the Azure Key Vault linked services. */
  readonly vaults: readonly string[];
}

const inline = "inline";
const vault = "vault";

export function secretFields(
  rules: SecretFieldRules,
  values: FormValues,
): readonly Field<FormValues>[] {
  const { name, label, isRequired, isVaultOnly = false, vaults } = rules;
  const source = values[`${name}.source`] ?? "";
  return [
    {
      name: `${name}.source`,
      label: `${label} from`,
      // Kinds with many optional secrets get long otherwise.
      kind: isRequired ? "radio" : "choice",
      choices: [
        ...(isRequired ? [] : [{ value: "", label: "Not set" }]),
        ...(isVaultOnly ? [] : [{ value: inline, label: "Typed here" }]),
        { value: vault, label: "Azure Key Vault" },
      ],
    },
    typedField(rules, source),
    {
      name: `${name}.store`,
      label: "AKV linked service",
      kind: "choice",
      isRequired: true,
      isHidden: source !== vault,
      choices: vaults.map((store): Choice => ({ value: store, label: store })),
      hint:
        vaults.length === 0
          ? "There is no Azure Key Vault linked service yet: create one first, of type Azure Key Vault."
          : "The workspace's managed identity needs Get and List on the vault's secrets.",
    },
    {
      name: `${name}.secretName`,
      label: "Secret name",
      kind: "text",
      isRequired: true,
      isHidden: source !== vault,
    },
    {
      name: `${name}.secretVersion`,
      label: "Secret version",
      kind: "text",
      isHidden: source !== vault,
      placeholder: "Use the latest version if left blank",
    },
  ];
}

function typedField(rules: SecretFieldRules, source: string): Field<FormValues> {
  const { name, label, isStored, isTargetChanged } = rules;
  return {
    name: `${name}.text`,
    label,
    kind: "secret",
    isRequired: !isStored || isTargetChanged,
    isHidden: source !== inline,
    ...(isStored && {
      placeholder: isTargetChanged ? "" : "Stored; type to replace it",
      hint: isTargetChanged
        ? "What it is for was changed, so the stored one is not used: type it again."
        : "It is stored, and stays unless you type another.",
    }),
  };
}

interface SentSecret {
  readonly type?: string;
  readonly store?: { readonly referenceName?: string };
  readonly secretName?: unknown;
  readonly secretVersion?: unknown;
}

/** The values of the fields for what is stored. */
export function secretValues(name: string, stored: unknown, isRequired: boolean): FormValues {
  const { type, store, secretName, secretVersion } = (stored ?? {}) as SentSecret;
  const isVault = type === "AzureKeyVaultSecret";
  const isSet = stored !== undefined && stored !== null;
  return {
    [`${name}.source`]: isVault ? vault : isSet || isRequired ? inline : "",
    [`${name}.text`]: "",
    [`${name}.store`]: store?.referenceName ?? "",
    [`${name}.secretName`]: typeof secretName === "string" ? secretName : "",
    [`${name}.secretVersion`]: typeof secretVersion === "string" ? secretVersion : "",
  };
}

/** What goes into the definition; undefined where there is none. */
export function secretValue(name: string, values: FormValues, stored: unknown): unknown {
  const text = values[`${name}.text`] ?? "";
  switch (values[`${name}.source`]) {
    case inline:
      return text === "" ? stored : { type: "SecureString", value: text };
    case vault: {
      const version = values[`${name}.secretVersion`] ?? "";
      return {
        type: "AzureKeyVaultSecret",
        store: { referenceName: values[`${name}.store`] ?? "", type: "LinkedServiceReference" },
        secretName: values[`${name}.secretName`] ?? "",
        ...(version !== "" && { secretVersion: version }),
      };
    }
    default:
      return undefined;
  }
}

/** Whether a secret of the definition is kept by the server in sealed form. */
export function isStoredSecret(stored: unknown): boolean {
  return stored !== undefined && stored !== null && !isVaultSecret(stored);
}

function isVaultSecret(stored: unknown): boolean {
  return (stored as SentSecret).type === "AzureKeyVaultSecret";
}
