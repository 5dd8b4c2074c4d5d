// A kind of linked service in the form: its own fields, and how they become typeProperties and back.

import type { ConnectorForm } from "@callosum/contract/form.ts";
import type { Resource, Subscription } from "../../api/resource.ts";
import type { Field, FormValues } from "../../control/form.ts";

export type TypeProperties = Readonly<Record<string, unknown>>;

/** What the fields choose from, loaded before the form is shown. */
export interface LinkContext {
  readonly workspace: Pick<Resource, "name" | "identity">;
  readonly connector: ConnectorForm;
  readonly tenantId: string;
  readonly subscriptions: readonly Subscription[];
  readonly machineLearning: readonly Resource[];
  /** Names of Azure Key Vault linked services. */
  readonly vaults: readonly string[];
  readonly credentials: readonly string[];
  /** As stored; undefined for a new one. */
  readonly saved: TypeProperties | undefined;
}

export interface LinkKind {
  /** The fields' values for typeProperties; undefined where the fields cannot show them. */
  read(typeProperties: TypeProperties, context: LinkContext): FormValues | undefined;
  fields(values: FormValues, context: LinkContext): readonly Field<FormValues>[];
  build(values: FormValues, context: LinkContext): TypeProperties;
}

/** Whether what a stored secret is for differs from what is stored: then it must be typed again. */
export function isTargetChanged(built: TypeProperties, { connector, saved }: LinkContext): boolean {
  if (!saved) return false;
  return connector.target.some(
    (property) => JSON.stringify(built[property] ?? "") !== JSON.stringify(saved[property] ?? ""),
  );
}

/** Without what is undefined or an empty text. */
export function withoutEmpty(properties: TypeProperties): TypeProperties {
  return Object.fromEntries(
    Object.entries(properties).filter(([, value]) => value !== undefined && value !== ""),
  );
}
