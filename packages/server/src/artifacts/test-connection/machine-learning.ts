// Test Connection of AzureMLService: the operation `validateWorkspace` reads the AML workspace as the
// link's identity (protocols.md 4.4). A missing Contributor is a warning: reading needs less than running.

import type { ConnectorTest } from "@callosum/contract/connector.ts";
import { ServiceError } from "@callosum/contract/error.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type { MissingRole, VerdictHop } from "@callosum/contract/verdict.ts";
import { hasManagedNetwork } from "../private-endpoint/document.ts";
import { correctLink, grantAzureRole, sendRequest } from "./fix.ts";
import { failed, passed, skipped, warned } from "./hop.ts";
import {
  type Identity,
  isProven,
  mayTell,
  servicePrincipal,
  workspaceIdentity,
} from "./identity.ts";
import { type Located, locate } from "./resource.ts";
import { checkEndpoint, checkRuntime } from "./runtime.ts";

const contributor = {
  role: "Contributor",
  roleDefinitionId: "b24988ac-6180-42a0-ab88-20f7382dd24c",
} as const;
const workspaceType = "Microsoft.MachineLearningServices/workspaces";
const workspaceRead = `${workspaceType}/read`;
/** What running a pipeline takes beyond reading (features.md B-20). */
const runActions = [
  `${workspaceType}/experiments/runs/write`,
  `${workspaceType}/experiments/runs/submit/action`,
  `${workspaceType}/environments/write`,
];
const connectionVersion = "2022-10-01";

interface Link {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly mlWorkspaceName: string;
}

type Authentication =
  | { readonly kind: "identity" }
  | { readonly kind: "principal"; readonly clientId: string; readonly tenant: string }
  | { readonly kind: "none" };

/** Findings in hop order; as many causes as can be told at once. */
export async function testMachineLearning(test: ConnectorTest): Promise<VerdictHop[]> {
  const link = test.typeProperties as unknown as Link;
  const malformed = checkValues(test, link);
  if (malformed.length > 0) return malformed;
  const { authentication, problem } = readAuthentication(test);
  const definition = problem ?? passed("definition", "The definition is complete.");
  const identity = await identify(test, authentication);
  const lookers = [test.caller, isProven(identity) ? identity.principal : undefined];
  const located = await locate(test, { ...link, lookers });
  const runtime = await checkRuntime(test, { refusesProtection: true });
  const endpoint = await checkEndpoint(test, {
    resource: located.resource,
    groupId: "amlworkspace",
    apiVersion: connectionVersion,
    needsEndpoint: "always",
  });
  return [
    definition,
    ...runtimeHops(runtime, endpoint),
    ...identity.findings,
    located.finding,
    ...(await checkPermission(test, { located, identity })),
    ...(located.resource ? [checkDataPlane(test, located.resource)] : []),
  ];
}

function runtimeHops(runtime: VerdictHop[], endpoint: VerdictHop | undefined): VerdictHop[] {
  if (runtime.length > 0) return endpoint?.status === "failed" ? [...runtime, endpoint] : runtime;
  return [endpoint ?? passed("runtime", "The integration runtime can reach the target.")];
}

/** Values that no id can have, before they become part of one. */
function checkValues(test: ConnectorTest, link: Link): VerdictHop[] {
  const findings: VerdictHop[] = [];
  for (const name of ["subscriptionId", "resourceGroupName", "mlWorkspaceName"] as const) {
    const value: unknown = link[name];
    if (typeof value === "string" && /^[^/?#%\\]+$/.test(value)) continue;
    findings.push(
      failed("definition", {
        code: value === undefined ? "2103" : "4112",
        reason: "valueInvalid",
        message: `'${name}' is ${JSON.stringify(value) ?? "missing"}; it must be a name.`,
        fault: { party: "linkedService" },
        fix: { description: `Correct ${name} of the linked service '${test.linkName ?? ""}'.` },
      }),
    );
  }
  return findings;
}

function readAuthentication(test: ConnectorTest): {
  authentication: Authentication;
  problem?: VerdictHop;
} {
  const { authentication, servicePrincipalId, servicePrincipalKey, tenant } = test.typeProperties;
  const said = typeof authentication === "string" ? authentication.toLowerCase() : "";
  if (said === "msi") return { authentication: { kind: "identity" } };
  const useIdentity = () =>
    correctLink(test, {
      property: "typeProperties.authentication",
      value: "MSI",
      description: "Set authentication to MSI: the workspace's own identity.",
    });
  const fields = { servicePrincipalId, servicePrincipalKey, tenant };
  const set = Object.entries(fields).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  if (set.length === 0) {
    return {
      authentication: said === "" ? { kind: "identity" } : { kind: "none" },
      problem: failed("definition", {
        code: said === "" ? "9512" : "4112",
        reason: said === "" ? "authenticationMissing" : "authenticationUnknown",
        message:
          said === ""
            ? 'The definition has neither a service principal nor "authentication": "MSI". Some clients drop that property when they save.'
            : `'${String(authentication)}' is not a kind of authentication that needs no service principal: MSI is.`,
        fault: { party: "linkedService" },
        fix: useIdentity(),
      }),
    };
  }
  const missing = Object.keys(fields).filter((name) => !set.some(([known]) => known === name));
  const credential = {
    kind: "principal",
    clientId: String(servicePrincipalId ?? ""),
    tenant: String(tenant ?? ""),
  } as const;
  if (missing.length === 0) return { authentication: credential };
  return {
    authentication: { kind: "none" },
    problem: failed("definition", {
      code: "2103",
      reason: "servicePrincipalIncomplete",
      message: `A service principal needs servicePrincipalId, servicePrincipalKey and tenant; ${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} missing.`,
      fault: { party: "linkedService" },
      ...(missing.length === 1 && missing[0] === "tenant"
        ? {
            fix: correctLink(test, {
              property: "typeProperties.tenant",
              value: test.ports.directory.tenantId,
              description: `Set tenant to '${test.ports.directory.tenantId}'.`,
              clientId: credential.clientId,
            }),
          }
        : { fix: { description: `Add ${missing.join(" and ")} to the linked service.` } }),
    }),
  };
}

async function identify(test: ConnectorTest, authentication: Authentication): Promise<Identity> {
  switch (authentication.kind) {
    case "identity":
      return workspaceIdentity(test);
    case "principal":
      return servicePrincipal(test, authentication);
    case "none":
      return {
        findings: [skipped("token", "The definition names no identity.")],
        party: "servicePrincipal",
        principal: undefined,
      };
    default:
      return authentication satisfies never;
  }
}

/** What Azure's answer says of a refused read. */
function serviceMessage(error: ServiceError): string {
  const status = error.status === "forbidden" ? "Forbidden" : "NotFound";
  const { code, message } = error;
  return `Request sent to Azure ML Service for operation 'validateWorkspace' failed with http status code '${status}'. Error message from Azure ML Service: '${JSON.stringify({ error: { code, message } })}'.`;
}

async function readAs(test: ConnectorTest, principal: Principal, id: string) {
  try {
    await test.ports.resources.get(principal, id);
    return undefined;
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
}

async function checkPermission(
  test: ConnectorTest,
  options: { located: Located; identity: Identity },
): Promise<VerdictHop[]> {
  const { located, identity } = options;
  const { id, resource, finding } = located;
  const { principal } = identity;
  if (!principal || finding.status === "failed") return [];
  if (!(await mayTell(test, { identity, scope: id }))) return [];
  const error = await readAs(test, principal, id);
  if (!error) return resource ? [await checkContributor(test, { id, identity, principal })] : [];
  if (error.status !== "forbidden") return [];
  const missing: MissingRole = { ...contributor, action: workspaceRead, scope: id };
  return [
    failed("permission", {
      code: "4122",
      reason: "roleMissing",
      message: `'${principal.displayName}' may not read the workspace: the role ${missing.role} at ${id} is missing.`,
      serviceMessage: serviceMessage(error),
      fault: {
        party: identity.party,
        principalId: principal.objectId,
        displayName: principal.displayName,
      },
      missing,
      fix: grantAzureRole(test, { to: principal, role: missing }),
    }),
  ];
}

async function checkContributor(
  test: ConnectorTest,
  options: { id: string; identity: Identity; principal: Principal },
): Promise<VerdictHop> {
  const { id, identity, principal } = options;
  for (const action of runActions) {
    if (await test.ports.authorizer.allows(principal, { action, scope: id })) continue;
    const missing: MissingRole = { ...contributor, action, scope: id };
    return warned("permission", {
      code: "0",
      reason: "contributorMissing",
      message: `'${principal.displayName}' can read the workspace, which is enough for the test. Running pipelines in it needs the role ${missing.role}.`,
      fault: {
        party: identity.party,
        principalId: principal.objectId,
        displayName: principal.displayName,
      },
      missing,
      fix: grantAzureRole(test, { to: principal, role: missing }),
    });
  }
  return passed("permission", `'${principal.displayName}' may use the workspace.`);
}

/** A workspace that closed its public door is reached through private endpoints only. */
function checkDataPlane(test: ConnectorTest, resource: ArmResource): VerdictHop {
  const { provisioningState = "Succeeded", publicNetworkAccess = "Enabled" } =
    resource.properties as { provisioningState?: string; publicNetworkAccess?: string };
  if (provisioningState !== "Succeeded") {
    return failed("dataPlane", {
      code: "4125",
      reason: "workspaceNotReady",
      message: `The workspace '${resource.name}' is not ready: ${provisioningState}.`,
      fault: { party: "target" },
      fix: { description: "Wait until the workspace is provisioned, or repair it." },
    });
  }
  if (publicNetworkAccess === "Disabled" && !hasManagedNetwork(test.workspace)) {
    return failed("dataPlane", {
      code: "4125",
      reason: "publicAccessDisabled",
      message: `The workspace '${resource.name}' takes no public connections, and '${test.workspace.name}' has no managed virtual network to reach it privately.`,
      fault: { party: "target" },
      fix: sendRequest(`Let '${resource.name}' take public connections.`, {
        plane: "arm",
        method: "PATCH",
        path: `${resource.id}?api-version=2022-10-01`,
        body: { properties: { publicNetworkAccess: "Enabled" } },
      }),
    });
  }
  return passed("dataPlane", `The workspace '${resource.name}' is ready.`);
}
