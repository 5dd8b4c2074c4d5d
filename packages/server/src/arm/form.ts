// The rules of the resource types as data, for forms (contract/form.ts).

import type { FormSource, ResourceForm } from "@callosum/contract/form.ts";
import type { ResourceDefinition } from "@callosum/contract/resource.ts";
import type { RegisteredType, Registry } from "./registry.ts";
import { locations } from "./routes/location.ts";

const methodsDefault = ["get", "list", "put", "patch", "delete"] as const;

export function createResourceForms(registry: Registry): FormSource<ResourceForm> {
  return {
    list: registry.types
      .map(({ definition: { type, summary } }) => ({ type, summary }))
      .sort((left, right) => (left.type < right.type ? -1 : 1)),
    find(type) {
      const registered = registry.find(type);
      return registered && formOf(registered);
    },
  };
}

function formOf({ definition, envelope }: RegisteredType): ResourceForm {
  const { type, summary, source, apiVersions, name, location, tags } = definition;
  const { identity, identityDefault, kind = false, preset } = definition;
  return {
    type,
    summary,
    source,
    apiVersions,
    name: { pattern: name.pattern.source, flags: name.pattern.flags, rule: name.rule },
    location,
    locations: location === "none" ? [] : locations,
    tags,
    kind,
    ...(identity && { identity }),
    ...(identityDefault && { identityDefault }),
    methods: definition.methods ?? methodsDefault,
    presetNames: preset?.names ?? [],
    actions: actionsOf(definition),
    schema: envelope.schema,
    secrets: secretsOf(envelope.schema),
  };
}

function actionsOf({ actions = {} }: ResourceDefinition): ResourceForm["actions"] {
  return Object.entries(actions).map(([name, { summary }]) => ({ name, summary }));
}

interface SchemaNode {
  readonly writeOnly?: boolean;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly anyOf?: readonly SchemaNode[];
}

/** Definitions mark what is never shown again in JSON Schema's own word. */
function secretsOf(schema: unknown, at = ""): string[] {
  const node = schema as SchemaNode;
  if (node.writeOnly === true) return [at];
  const branches = (node.anyOf ?? []).flatMap((branch) => secretsOf(branch, at));
  const below = Object.entries(node.properties ?? {}).flatMap(([name, property]) =>
    secretsOf(property, at === "" ? name : `${at}.${name}`),
  );
  return [...new Set([...branches, ...below])];
}
