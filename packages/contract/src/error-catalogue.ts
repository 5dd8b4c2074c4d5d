// Errors that more than one plane raises: the resource manager's and the common ones. A plane whose
// codes are its own keeps its catalogue beside its wire files.

import { defineErrors } from "./error.ts";

const rbac = "recordings/azure-rbac-and-msi.json";

export const fail = defineErrors({
  AuthenticationFailed: {
    status: "unauthenticated",
    source: "protocols.md general rules",
    text: (_: { challenge?: string; reason?: string }) =>
      "Authentication failed. The 'Authorization' header is missing or is not a valid bearer token.",
  },
  InvalidAuthenticationToken: {
    status: "unauthenticated",
    source: "protocols.md general rules",
    text: (facts: { reason: string }) => `The access token is invalid. ${facts.reason}`,
  },
  InvalidAuthenticationTokenAudience: {
    status: "unauthenticated",
    source: "protocols.md general rules",
    text: (facts: { audience: string; expected: string }) =>
      `The access token has been obtained for wrong audience or resource '${facts.audience}'. It should exactly match with one of the allowed audiences '${facts.expected}'.`,
  },
  ExpiredAuthenticationToken: {
    status: "unauthenticated",
    source: "protocols.md general rules",
    text: (facts: { expiry: string; now: string }) =>
      `The access token expiry UTC time '${facts.expiry}' is earlier than current UTC time '${facts.now}'.`,
  },
  AuthorizationFailed: {
    status: "forbidden",
    source: rbac,
    text: (facts: { client: string; objectId: string; action: string; scope: string }) =>
      `The client '${facts.client}' with object id '${facts.objectId}' does not have authorization to perform action '${facts.action}' over scope '${facts.scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  },
  LinkedAuthorizationFailed: {
    status: "forbidden",
    source: rbac,
    text: (facts: {
      client: string;
      objectId: string;
      action: string;
      scope: string;
      linkedActions: string;
      linkedScope: string;
    }) =>
      `The client '${facts.client}' with object id '${facts.objectId}' has permission to perform action '${facts.action}' on scope '${facts.scope}'; however, it does not have permission to perform action(s) '${facts.linkedActions}' on the linked scope(s) '${facts.linkedScope}' (respectively) or the linked scope(s) are invalid.`,
  },
  MissingApiVersionParameter: {
    status: "badRequest",
    source: "protocols.md general rules",
    text: (_: object) =>
      "The api-version query parameter (?api-version=) is required for all requests.",
  },
  InvalidApiVersionParameter: {
    status: "badRequest",
    source: "protocols.md general rules",
    text: (facts: { given: string; supported: string }) =>
      `The api-version '${facts.given}' is invalid. The supported versions are '${facts.supported}'.`,
  },
  NoRegisteredProviderFound: {
    status: "badRequest",
    source: "protocols.md general rules",
    text: (facts: { type: string; apiVersion: string; supported: string; location?: string }) =>
      `No registered resource provider found for location '${facts.location ?? ""}' and API version '${facts.apiVersion}' for type '${facts.type}'. The supported api-versions are '${facts.supported}'.`,
  },
  InvalidResourceNamespace: {
    status: "notFound",
    source: "protocols.md general rules",
    text: (facts: { namespace: string }) =>
      `The resource namespace '${facts.namespace}' is invalid.`,
  },
  InvalidResourceType: {
    status: "notFound",
    source: "protocols.md general rules",
    text: (facts: { type: string; namespace: string; apiVersion: string }) =>
      `The resource type '${facts.type}' could not be found in the namespace '${facts.namespace}' for api version '${facts.apiVersion}'.`,
  },
  NotSupportedHere: {
    status: "notImplemented",
    source: "design.md §3: refused by name",
    text: (facts: { what: string; reason: string }) =>
      `${facts.what} is not supported by Callosum: ${facts.reason}`,
  },
  SubscriptionNotFound: {
    status: "notFound",
    source: "protocols.md 1.3",
    text: (facts: { subscriptionId: string }) =>
      `The subscription '${facts.subscriptionId}' could not be found.`,
  },
  ResourceGroupNotFound: {
    status: "notFound",
    source: "protocols.md 1.3",
    text: (facts: { name: string }) => `Resource group '${facts.name}' could not be found.`,
  },
  ResourceNotFound: {
    status: "notFound",
    source: "protocols.md 1.3",
    text: (facts: { type: string; name: string; resourceGroup: string | undefined }) =>
      `The Resource '${facts.type}/${facts.name}' under resource group '${facts.resourceGroup ?? "<null>"}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  },
  ParentResourceNotFound: {
    status: "notFound",
    source: "OpenAPI resources 2022-09-01",
    text: (facts: { type: string; name: string }) =>
      `Failed to perform the requested operation on nested resource. Parent resource '${facts.type}/${facts.name}' not found.`,
  },
  MethodNotAllowed: {
    status: "methodNotAllowed",
    source: "OpenAPI resources 2022-09-01",
    text: (facts: { method: string; type: string }) =>
      `The requested resource of type '${facts.type}' does not support http method '${facts.method}'.`,
  },
  NotFound: {
    status: "notFound",
    source: "inferred",
    text: (facts: { path: string }) => `There is nothing at '${facts.path}'.`,
  },
  InvalidRequestContent: {
    status: "badRequest",
    source: "OpenAPI resources 2022-09-01",
    text: (facts: { reason: string }) =>
      `The request content was invalid and could not be deserialized: '${facts.reason}'.`,
  },
  InvalidResourceName: {
    status: "badRequest",
    source: "OpenAPI resources 2022-09-01",
    text: (facts: { type: string; name: string; rule: string }) =>
      `Resource name '${facts.name}' is invalid for '${facts.type}'. ${facts.rule}`,
  },
  InvalidParameter: {
    status: "badRequest",
    source: "OpenAPI: CloudError",
    text: (facts: { parameter: string; reason: string }) =>
      `The value of parameter '${facts.parameter}' is invalid: ${facts.reason}`,
  },
  LocationRequired: {
    status: "badRequest",
    source: "OpenAPI resources 2022-09-01",
    text: (_: object) => "The location property is required for this definition.",
  },
  LocationNotAvailableForResourceType: {
    status: "badRequest",
    source: "OpenAPI resources 2022-09-01",
    text: (facts: { location: string; type: string; known: string }) =>
      `The provided location '${facts.location}' is not available for resource type '${facts.type}'. List of available regions for the resource type is '${facts.known}'.`,
  },
  InvalidResourceLocation: {
    status: "conflict",
    source: "OpenAPI resources 2022-09-01",
    text: (facts: { name: string; existing: string; given: string }) =>
      `The resource '${facts.name}' already exists in location '${facts.existing}'. A resource with the same name cannot be created in location '${facts.given}'. Please select a new resource name.`,
  },
  PropertyChangeNotAllowed: {
    status: "badRequest",
    source: "features.md C-02",
    text: (facts: { property: string; why?: string }) =>
      `Changing property '${facts.property}' is not allowed${facts.why ? `: ${facts.why}` : "."}`,
  },
  NameNotAvailable: {
    status: "conflict",
    source: "protocols.md 5.1: names of endpoints are global",
    text: (facts: { name: string; type: string }) =>
      `The name '${facts.name}' of type '${facts.type}' is already taken: it names an endpoint and must be unique in all subscriptions.`,
  },
  Conflict: {
    status: "conflict",
    source: "OpenAPI: CloudError",
    text: (facts: { reason: string }) => facts.reason,
  },
  PreconditionFailed: {
    status: "preconditionFailed",
    source: "OpenAPI: If-Match",
    text: (facts: { condition: string }) =>
      `The condition '${facts.condition}' is not met by the current state of the resource.`,
  },
  InternalServerError: {
    status: "internal",
    source: "inferred",
    text: (_: object) =>
      "The server met an unexpected condition. The request id in this answer finds the cause in the server's log.",
  },
});
