// The server's own rules of a resource type or a connector, for forms: checks as one types, choices,
// what is required. The server checks again; both read the same definition.

import type { ConnectorForm, ResourceForm } from "@callosum/contract/form.ts";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { arm, call } from "../api/request.ts";
import type { Choice } from "./form.ts";
import {
  enumOf,
  fromText,
  isRequiredAt,
  nodeAt,
  problemsOf,
  type SchemaNode,
} from "./schema-rule.ts";

export type { ConnectorForm, ResourceForm };

/** Types with their summaries; `type` in any casing gives one's rules. */
export const definitionsQuery = queryOptions({
  queryKey: ["studio", "definition"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: ({ signal }) =>
    call<{ value: { type: string; summary: string }[] }>(arm, {
      path: "/studio/definition",
      signal,
    }),
});

export function definitionQuery(type: string) {
  return queryOptions({
    queryKey: ["studio", "definition", type.toLowerCase()],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      call<ResourceForm>(arm, {
        path: `/studio/definition?type=${encodeURIComponent(type)}`,
        signal,
      }),
  });
}

export function connectorQuery(type: string) {
  return queryOptions({
    queryKey: ["studio", "connector", type.toLowerCase()],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      call<ConnectorForm>(arm, { path: `/studio/connector/${encodeURIComponent(type)}`, signal }),
  });
}

/** A problem of a value somewhere in a body; `path` is dotted, `properties.nodeCount`. */
export interface ValueProblem {
  readonly path: string;
  readonly message: string;
}

/** What fields ask of one schema. While it is loading everything fits and there are no choices. */
export interface SchemaRules {
  readonly isLoading: boolean;
  readonly error: unknown;
  /** For `Field.check`: the sentence why the text can't be the value at the path. */
  check(path: string): (text: string) => string | undefined;
  isRequired(path: string): boolean;
  /** The values of an enumeration, for `Field.choices`; undefined where any text will do. */
  choices(path: string): readonly Choice[] | undefined;
  /** A whole body, before it is sent. */
  problems(body: unknown): readonly ValueProblem[];
}

export interface ResourceRules extends SchemaRules {
  readonly form: ResourceForm | undefined;
  /** The name rule with the server's sentence. */
  name(text: string): string | undefined;
  readonly locations: readonly Choice[] | undefined;
  /** The latest that the server takes, previews last; "" while loading. */
  readonly apiVersion: string;
}

export function useResourceRules(type: string): ResourceRules {
  const { data: form, error } = useQuery(definitionQuery(type));
  return {
    ...schemaRules(form?.schema, error),
    form,
    name: (text) => (form ? checkName(form, text) : undefined),
    locations: form?.locations.map(({ name, displayName }) => ({
      value: name,
      label: displayName,
    })),
    apiVersion: form ? latestVersion(form.apiVersions) : "",
  };
}

export function checkName(
  { name: { pattern, flags, rule } }: Pick<ResourceForm, "name">,
  text: string,
): string | undefined {
  return new RegExp(pattern, flags).test(text) ? undefined : rule;
}

export function latestVersion(versions: readonly string[]): string {
  const sorted = [...versions].sort();
  return sorted.findLast((version) => !version.includes("preview")) ?? sorted.at(-1) ?? "";
}

/** The rules of any JSON Schema of the server's; all fits while it is undefined. */
export function schemaRules(schema: unknown, error: unknown = undefined): SchemaRules {
  return {
    isLoading: schema === undefined && !error,
    error,
    check: (path) => (text) => {
      const node = nodeAt(schema, path);
      return node && problemsOf(node, fromText(node, text))[0]?.message;
    },
    isRequired: (path) => isRequiredAt(schema, path),
    choices: (path) => enumOf(nodeAt(schema, path))?.map((value) => ({ value, label: value })),
    problems: (body) => (schema === undefined ? [] : problemsOf(schema as SchemaNode, body)),
  };
}
