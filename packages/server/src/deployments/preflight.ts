// Before anything is written: every type and api-version is known, every type may stand where it
// stands, and the caller may write every resource.

import { type ErrorDetail, ServiceError } from "@callosum/contract/error.ts";
import { fail } from "@callosum/contract/error-catalogue.ts";
import { clientName, type Principal } from "@callosum/contract/principal.ts";
import { parseResourceId } from "@callosum/contract/resource-id.ts";
import { refuse } from "./error-catalogue.ts";
import type { DeploymentPorts } from "./ports.ts";
import { deployedResources } from "./record.ts";
import type { Plan } from "./template/plan.ts";
import { deploymentType, type PlannedResource } from "./template/resource.ts";

type Ports = Pick<DeploymentPorts, "findType" | "refusalOf" | "authorizer">;

/** Rejects with what is wrong, or MultipleErrorsOccurred, or InvalidTemplateDeployment for rights. */
export async function preflight(
  ports: Ports,
  { plan, principal, name }: { plan: Plan; principal: Principal; name: string },
): Promise<void> {
  const resources = deployedResources(plan);
  const errors = resources.flatMap((resource) => typeError(ports, resource) ?? []);
  const [first] = errors;
  if (first && errors.length === 1) throw first;
  if (first) throw refuse.MultipleErrorsOccurred({ details: errors.map(detailOf) });
  const forbidden = await rightErrors(ports, resources, principal);
  if (forbidden.length === 0) return;
  throw new ServiceError({
    code: "InvalidTemplateDeployment",
    status: "forbidden",
    message: `Deployment failed with multiple errors: '${forbidden.map(({ message }) => message).join(":")}'`,
    target: name,
    details: forbidden,
  });
}

function detailOf({ code, message, target }: ServiceError): ErrorDetail {
  return { code, message, ...(target === undefined ? {} : { target }) };
}

/** Why a type is not run here; undefined for one that is. */
export function unsupportedReason(
  ports: Pick<Ports, "findType" | "refusalOf">,
  type: string,
): string | undefined {
  if (type.toLowerCase() === deploymentType.toLowerCase() || ports.findType(type)) return undefined;
  return (ports.refusalOf(type) ?? "it is not known here").replace(/\.$/, "");
}

function typeError(ports: Ports, resource: PlannedResource): ServiceError | undefined {
  const { id, path: target, apiVersion } = resource;
  const parsed = parseResourceId(id);
  if (!parsed)
    return refuse.InvalidTemplate({ reason: `The resource id '${id}' is not valid`, path: target });
  if (parsed.type.toLowerCase() === deploymentType.toLowerCase()) return undefined;
  const known = ports.findType(parsed.type);
  if (!known) return unknownType(ports, parsed.type, resource);
  const isSupported = known.apiVersions.some(
    (version) => version.toLowerCase() === apiVersion.toLowerCase(),
  );
  const [namespace = "", ...types] = parsed.type.split("/");
  if (!isSupported) {
    const location = resource.json.location;
    return fail.NoRegisteredProviderFound({
      type: types.join("/"),
      apiVersion,
      supported: known.apiVersions.join(", "),
      ...(typeof location === "string" && !location.startsWith("[") ? { location } : {}),
      target: id,
    });
  }
  const isPlaced =
    known.isExtension || namespace === "Microsoft.Resources" || parsed.resourceGroup !== undefined;
  if (isPlaced) return undefined;
  return refuse.InvalidTemplate({
    reason: `The resource '${resource.name}' of type '${resource.type}' cannot be deployed at the scope of a subscription: it lies in a resource group`,
    path: target,
  });
}

function unknownType(ports: Ports, type: string, resource: PlannedResource): ServiceError {
  const reason = ports.refusalOf(type);
  const target = resource.id;
  if (reason !== undefined) {
    return fail.NotSupportedHere({ what: `The resource type '${type}'`, reason, target });
  }
  const [namespace = "", ...types] = type.split("/");
  if (!ports.findType(`${namespace}/*`))
    return fail.InvalidResourceNamespace({ namespace, target });
  const { apiVersion } = resource;
  return fail.InvalidResourceType({ type: types.join("/"), namespace, apiVersion, target });
}

async function rightErrors(
  ports: Ports,
  resources: readonly PlannedResource[],
  principal: Principal,
): Promise<ErrorDetail[]> {
  const errors: ErrorDetail[] = [];
  for (const { id, name, type } of resources) {
    const parsed = parseResourceId(id);
    const known = (parsed && ports.findType(parsed.type)?.type) ?? type;
    // Extensions ask for the right at their scope, as their own endpoint does.
    const scope = parsed && ports.findType(parsed.type)?.isExtension ? parsed.scope : id;
    const action = `${known}/write`;
    if (await ports.authorizer.allows(principal, { action, scope })) continue;
    const message = `Authorization failed for template resource '${name}' of type '${type}'. The client '${clientName(principal)}' with object id '${principal.objectId}' does not have permission to perform action '${action}' at scope '${id}'.`;
    errors.push({ code: "AuthorizationFailed", message, target: id });
  }
  return errors;
}
