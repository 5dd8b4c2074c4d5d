// The runtime and network hop: which integration runtime makes the connection, and whether it may and
// can reach the target (features.md C-01 to C-07).

import type { ConnectorTest } from "@callosum/contract/connector.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import type { VerdictHop } from "@callosum/contract/verdict.ts";
import {
  type EndpointView,
  endpointsOf,
  hasManagedNetwork,
  networkName,
} from "../private-endpoint/document.ts";
import { correctLink, sendRequest } from "./fix.ts";
import { failed, passed } from "./hop.ts";

/** Azure's number for what a runtime cannot reach. */
const unreachable = "2108";
const autoResolve = "AutoResolveIntegrationRuntime";

interface Target {
  readonly resource: ArmResource | undefined;
  /** Sub-resource of a private endpoint. */
  readonly groupId: string;
  /** api-version of the target's connections. */
  readonly apiVersion: string;
  /** Whether a managed network alone needs a private endpoint, or only one that prevents exfiltration. */
  readonly needsEndpoint: "always" | "whenProtected";
}

function preventsExfiltration(workspace: ArmResource): boolean {
  const settings = workspace.properties.managedVirtualNetworkSettings as
    | { preventDataExfiltration?: boolean }
    | undefined;
  return settings?.preventDataExfiltration === true;
}

/** Runtime and protection, which need no target. `type` is a connector that allows neither. */
export async function checkRuntime(
  test: ConnectorTest,
  options: { refusesProtection: boolean },
): Promise<VerdictHop[]> {
  const { workspace, definition, ports } = test;
  const { referenceName = autoResolve } = (definition.connectVia ?? {}) as {
    referenceName?: string;
  };
  const runtime = await ports.resources.find(
    `${workspace.id}/integrationRuntimes/${referenceName}`,
  );
  const findings: VerdictHop[] = [];
  const correct = (description: string) =>
    correctLink(test, {
      property: "connectVia",
      value: { referenceName: autoResolve, type: "IntegrationRuntimeReference" },
      description,
    });
  if (!runtime && referenceName.toLowerCase() !== autoResolve.toLowerCase()) {
    findings.push(
      failed("runtime", {
        code: unreachable,
        reason: "runtimeNotFound",
        message: `The workspace '${workspace.name}' has no integration runtime '${referenceName}'.`,
        fault: { party: "linkedService" },
        fix: correct("Connect via the runtime that every workspace has."),
      }),
    );
  }
  if (options.refusesProtection && runtime?.properties.type === "SelfHosted") {
    findings.push(
      failed("runtime", {
        code: unreachable,
        reason: "selfHostedRuntime",
        message: `A linked service of type '${String(definition.type)}' cannot connect via the self-hosted integration runtime '${runtime.name}'.`,
        fault: { party: "linkedService" },
        fix: correct("Connect via an Azure integration runtime."),
      }),
    );
  }
  if (options.refusesProtection && preventsExfiltration(workspace)) {
    findings.push(
      failed("runtime", {
        code: unreachable,
        reason: "dataExfiltrationProtection",
        message: `The workspace '${workspace.name}' has data exfiltration protection, with which this link is not supported.`,
        fault: { party: "synapseWorkspace" },
        fix: {
          description:
            "Protection is chosen when a workspace is created and cannot be turned off: make the link from a workspace without it.",
        },
      }),
    );
  }
  return findings;
}

/** The private endpoint, where the network needs one. */
export async function checkEndpoint(
  test: ConnectorTest,
  target: Target,
): Promise<VerdictHop | undefined> {
  const { workspace, ports } = test;
  const { resource, groupId, needsEndpoint } = target;
  const isNeeded =
    hasManagedNetwork(workspace) && (needsEndpoint === "always" || preventsExfiltration(workspace));
  if (!isNeeded || !resource) return undefined;
  const { reader, now } = ports;
  const endpoints = (await endpointsOf(reader, { workspace, now })).filter(
    (endpoint) =>
      endpoint.privateLinkResourceId.toLowerCase() === resource.id.toLowerCase() &&
      endpoint.groupId.toLowerCase() === groupId.toLowerCase(),
  );
  const approved = endpoints.find(({ state }) => state?.status === "Approved");
  if (approved) {
    return passed("runtime", `The managed private endpoint '${approved.name}' is approved.`);
  }
  return describeUnapproved(test, { resource, target, endpoint: endpoints[0] });
}

function describeUnapproved(
  test: ConnectorTest,
  options: { resource: ArmResource; target: Target; endpoint: EndpointView | undefined },
): VerdictHop {
  const { resource, target, endpoint } = options;
  const { workspace } = test;
  const network = `The managed virtual network of '${workspace.name}' needs an approved managed private endpoint to '${resource.name}' (${target.groupId})`;
  if (!endpoint || endpoint.state?.status === "Disconnected") {
    const reason = endpoint ? "privateEndpointDisconnected" : "privateEndpointMissing";
    return failed("runtime", {
      code: unreachable,
      reason,
      message: endpoint
        ? `${network}: the connection of '${endpoint.name}' was removed on the target.`
        : `${network}: there is none. Create one, then have the owner of '${resource.name}' approve it.`,
      fault: { party: "synapseWorkspace" },
      fix: createEndpoint(test, { resource, target, name: endpoint?.name }),
    });
  }
  const status = endpoint.state?.status ?? "Provisioning";
  return failed("runtime", {
    code: unreachable,
    reason: status === "Rejected" ? "privateEndpointRejected" : "privateEndpointPending",
    message: `${network}: '${endpoint.name}' is ${status.toLowerCase()}. The owner of '${resource.name}' must approve it.`,
    fault: { party: "target" },
    ...(endpoint.connectionId === undefined
      ? {}
      : { fix: approveConnection(endpoint.connectionId, target.apiVersion) }),
  });
}

function createEndpoint(
  test: ConnectorTest,
  options: { resource: ArmResource; target: Target; name: string | undefined },
) {
  const { resource, target } = options;
  const name = options.name ?? `${resource.name}-${target.groupId}`;
  const properties = { privateLinkResourceId: resource.id, groupId: target.groupId };
  const path = `/managedVirtualNetworks/${networkName}/managedPrivateEndpoints/${name}`;
  return sendRequest(`Create a managed private endpoint to '${resource.name}'.`, {
    plane: "synapse",
    subject: test.workspace.name,
    method: "PUT",
    path: `${path}?api-version=2020-12-01`,
    body: { properties },
  });
}

function approveConnection(connectionId: string, apiVersion: string) {
  const description = "Approved for the linked service";
  return sendRequest("Approve the private endpoint's connection on the target.", {
    plane: "arm",
    method: "PUT",
    path: `${connectionId}?api-version=${apiVersion}`,
    body: {
      properties: { privateLinkServiceConnectionState: { status: "Approved", description } },
    },
  });
}
