// `callosum endpoint`: the private endpoints that wait at a resource for its owner's word
// (features.md C-06).

import type { Resource } from "@callosum/sdk/resource.ts";
import { asOption, asPrincipal } from "../as-principal.ts";
import { CommandError, defineCommand, usageError } from "../command.ts";
import { tableLines } from "../terminal.ts";

interface ConnectionProperties {
  readonly privateEndpoint?: { readonly id?: string };
  readonly privateLinkServiceConnectionState?: {
    readonly status?: string;
    readonly description?: string;
  };
}

type Connected = Resource<ConnectionProperties>;

export const endpoint = defineCommand({
  name: "endpoint",
  summary: "List, approve or reject the private endpoints of a resource",
  arguments: [
    {
      name: "action",
      summary: "What to do",
      choices: ["list", "approve", "reject"],
      isRequired: true,
    },
  ],
  options: {
    resource: {
      kind: "text",
      value: "ID",
      summary: "Resource id of the target of the private endpoint",
      isRequired: true,
    },
    name: {
      kind: "text",
      value: "NAME",
      summary: "Name of the connection, or of the private endpoint behind it",
    },
    description: { kind: "text", value: "TEXT", summary: "Why, for the other side" },
    as: asOption("Who decides"),
  },
  examples: [
    {
      command: "callosum endpoint approve --resource /subscriptions/…/workspaces/ml1 --name to-ml1",
      summary: "Let a managed private endpoint in",
    },
    {
      command: "callosum endpoint list --resource /subscriptions/…/workspaces/ml1",
      summary: "What waits, and what was decided",
    },
  ],
  async run(request) {
    const {
      options,
      arguments: { action },
    } = request;
    const { name, resource: target } = options;
    if (action !== "list" && name === undefined) {
      throw usageError(`'callosum endpoint ${action}' needs --name NAME.`);
    }
    return asPrincipal(request, async ({ api }) => {
      const { listResources, putResource } = await import("@callosum/sdk/resource.ts");
      const { apiVersionOf } = await import("../find-resource.ts");
      const apiVersion = apiVersionOf(target);
      const id = `${target.replace(/\/$/, "")}/privateEndpointConnections`;
      const all = await listResources<Connected>(api, { id, apiVersion });
      if (action === "list") {
        return { json: { connections: all }, text: tableLines(all.map(rowOf)) };
      }
      const found = requireNamed(all, name ?? "");
      const status = action === "approve" ? "Approved" : "Rejected";
      const description = options.description ?? `${status} by callosum endpoint ${action}`;
      const { properties } = found;
      const changed = await putResource<ConnectionProperties>(api, {
        id: `${id}/${found.name}`,
        apiVersion,
        body: {
          properties: {
            ...(properties.privateEndpoint && { privateEndpoint: properties.privateEndpoint }),
            privateLinkServiceConnectionState: { status, description },
          },
        },
      });
      return { json: changed, text: [`${found.name} is ${status.toLowerCase()}.`] };
    });
  },
});

function rowOf({ name, properties }: Connected): string[] {
  const { status = "", description = "" } = properties.privateLinkServiceConnectionState ?? {};
  return [status, name, endpointName(properties), description];
}

function endpointName({ privateEndpoint }: ConnectionProperties): string {
  return privateEndpoint?.id?.split("/").at(-1) ?? "";
}

/** By the connection's own name, else by the endpoint behind it (`{workspace}.{endpoint}` included). */
function requireNamed(all: readonly Connected[], name: string): Connected {
  const wanted = name.toLowerCase();
  const byName = all.filter((each) => each.name.toLowerCase() === wanted);
  const byEndpoint = all.filter(({ properties }) => {
    const behind = endpointName(properties).toLowerCase();
    return behind === wanted || behind.endsWith(`.${wanted}`);
  });
  const [first, second] = byName.length > 0 ? byName : byEndpoint;
  if (first && !second) return first;
  const names = all.map((each) => each.name).join(", ") || "none";
  if (first) throw usageError(`Several private endpoints are called '${name}': ${names}.`);
  throw new CommandError({
    code: "PrivateEndpointNotFound",
    message: `No private endpoint '${name}' leads to that resource.`,
    hint: `There are: ${names}.`,
  });
}
