// The state of a linked service's form: its values and rules, the definition that they make, its test
// and its saving.

import type { Fix } from "@callosum/contract/verdict.ts";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type Form, type FormValues, useForm } from "../../control/form.ts";
import { useTask } from "../../shell/notification.tsx";
import { freeName, putArtifact } from "../artifact.ts";
import { useWorkspaceName } from "../workspace.ts";
import {
  buildDefinition,
  type DefinitionFields,
  definitionFields,
  type LinkProperties,
  parseDefinition,
  readDefinition,
} from "./definition.ts";
import { type Link, testConnection } from "./link.ts";
import { testValues } from "./parameter.ts";
import { type LoadedContext, useLinkContext } from "./use-link-context.ts";

const nothing: DefinitionFields = { above: [], own: [], below: [], others: [] };

export interface LinkFormState {
  /** False until everything that the form chooses from is there. */
  readonly isReady: boolean;
  readonly context: ReturnType<typeof useLinkContext>;
  readonly form: Form<FormValues>;
  readonly fields: DefinitionFields;
  /** What the values make; undefined while they make nothing. */
  readonly built: LinkProperties | undefined;
  readonly test: ReturnType<typeof useLinkTest>;
  readonly save: ReturnType<typeof useSave>;
  /** Changes between fields and JSON, taking along what was typed. */
  setAdvanced(isAdvanced: boolean): void;
  /** Puts a corrected value into the form. */
  correct(edit: NonNullable<Fix["edit"]>): void;
}

/** `link` as stored; undefined for a new one. */
export function useLinkForm(options: {
  type: string;
  link: Link | undefined;
  onSaved(): void;
}): LinkFormState {
  const { type, link, onSaved } = options;
  const context = useLinkContext(type, link?.properties.typeProperties);
  const { loaded } = context;
  const fieldsOf = (values: FormValues) =>
    loaded ? fieldsFor(values, { type, link, loaded }) : nothing;
  const form = useForm<FormValues>({}, (values) => Object.values(fieldsOf(values)).flat());
  const isReady = useInitialValues(form, { type, link, loaded });
  const built =
    loaded && isReady ? buildDefinition(form.values, { type, context: loaded.context }) : undefined;
  const test = useLinkTest(form.values);
  const save = useSave(link, onSaved);
  const show = (properties: LinkProperties) => {
    if (!loaded) return;
    const name = form.values.name ?? "";
    const values = readDefinition(properties, { name, context: loaded.context });
    form.set({ ...values, ...typedSecrets(form.values) });
  };
  return {
    isReady,
    context,
    form,
    fields: fieldsOf(form.values),
    built,
    test,
    save,
    setAdvanced(isAdvanced) {
      const json = JSON.stringify({ properties: built ?? { type } }, null, 2);
      if (isAdvanced) form.set({ json, advanced: "true" });
      else show(parseDefinition(form.values.json ?? "") ?? { type });
    },
    correct: ({ property, value }) => built && show(withValue(built, property, value)),
  };
}

function fieldsFor(
  values: FormValues,
  { type, link, loaded }: { type: string; link: Link | undefined; loaded: LoadedContext },
): DefinitionFields {
  const { context, runtimes, names } = loaded;
  return definitionFields(values, { type, context, runtimes, taken: link ? undefined : names });
}

/** Fills the form once, as soon as what it chooses from is known. */
function useInitialValues(
  form: Form<FormValues>,
  {
    type,
    link,
    loaded,
  }: { type: string; link: Link | undefined; loaded: LoadedContext | undefined },
): boolean {
  const [isReady, setReady] = useState(false);
  const start = () => {
    if (!loaded || isReady) return;
    const { context, names } = loaded;
    const name = link?.name ?? freeName(type, names);
    form.reset(readDefinition(link?.properties ?? { type }, { name, context }));
    setReady(true);
  };
  useEffect(start);
  return isReady;
}

/** A result tells of the values that were tested: it goes when they change. */
function useLinkTest(values: FormValues) {
  const workspace = useWorkspaceName();
  const test = useMutation({
    mutationFn: (link: { name: string; properties: LinkProperties }) =>
      testConnection(workspace, link, testValues(values)),
  });
  const tested = useRef(values);
  const { reset } = test;
  useEffect(() => {
    if (tested.current !== values) reset();
    tested.current = values;
  }, [values, reset]);
  return test;
}

function useSave(link: Link | undefined, onSaved: () => void) {
  const workspace = useWorkspaceName();
  return useTask({
    run: ({ name, properties }: { name: string; properties: LinkProperties }) =>
      putArtifact(
        { workspace, collection: "linkedServices", name, etag: link?.etag },
        { ...properties },
      ),
    done: ({ name }) => `The linked service '${name}' is saved`,
    failed: ({ name }) => `The linked service '${name}' was not saved`,
    changes: [["synapse", workspace.toLowerCase()]],
    onDone: onSaved,
  });
}

/** Secrets are in no definition that could be read again. */
function typedSecrets(values: FormValues): FormValues {
  return Object.fromEntries(
    Object.entries(values).filter(([name, text]) => name.endsWith(".text") && text !== ""),
  );
}

/** `property` is `typeProperties.tenant` or one beside typeProperties. */
function withValue(properties: LinkProperties, property: string, value: unknown): LinkProperties {
  const own = /^typeProperties\.(.+)$/.exec(property)?.[1];
  if (own === undefined) return { ...properties, [property]: value };
  return { ...properties, typeProperties: { ...properties.typeProperties, [own]: value } };
}
