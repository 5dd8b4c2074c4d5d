// The documents refer to some that the reference does not hold. What is needed of them: older versions
// of a document stand behind its newest one, and the shared definitions of Synapse are said here.

import type { Node } from "./node.ts";

interface AbsentDocument {
  readonly info: { readonly version: string };
  readonly definitions: Readonly<Record<string, Node>>;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

const oldVersion = "synapse/resource-manager/Microsoft.Synapse/preview/2019-06-01-preview/";
const newVersion = "synapse/resource-manager/Microsoft.Synapse/stable/2021-06-01/";
const shared = "../../../common-types/resource-management/v1/types.json#/definitions/";

const text: Node = { type: "string" };
const texts = (...names: string[]): Record<string, Node> =>
  Object.fromEntries(names.map((name) => [name, text]));
const nameInPath = (name: string) => ({ name, in: "path", required: true, type: "string" });

const documents: Readonly<Record<string, AbsentDocument>> = {
  "synapse/common/v1/types.json": {
    info: { version: "v1" },
    parameters: {
      WorkspaceNameParameter: nameInPath("workspaceName"),
      PrivateLinkHubNameParameter: nameInPath("privateLinkHubName"),
    },
    definitions: {
      ErrorContract: { type: "object", properties: { error: { $ref: `${shared}ErrorResponse` } } },
      CloudError: {
        type: "object",
        properties: { error: { $ref: "#/definitions/CloudErrorBody" } },
      },
      CloudErrorBody: {
        type: "object",
        required: ["code", "message"],
        properties: {
          ...texts("code", "message", "target"),
          details: { type: "array", items: { $ref: "#/definitions/CloudErrorBody" } },
        },
      },
      LibraryInfo: {
        type: "object",
        properties: {
          ...texts("name", "path", "containerName", "type", "provisioningStatus", "creatorId"),
          uploadedTimestamp: { type: "string", format: "date-time" },
        },
      },
      OperationResource: {
        type: "object",
        properties: {
          ...texts("id", "name", "status", "startTime", "endTime"),
          properties: { type: "object" },
          error: { $ref: `${shared}ErrorResponse` },
          percentComplete: { type: "number" },
        },
      },
    },
  },
  "synapse/common/v1/privateEndpointConnection.json": {
    info: { version: "v1" },
    definitions: {
      PrivateEndpointConnectionList: {
        type: "object",
        properties: {
          value: { type: "array", items: { $ref: "#/definitions/PrivateEndpointConnection" } },
          nextLink: text,
        },
      },
      PrivateEndpointConnection: {
        allOf: [{ $ref: `${shared}ProxyResource` }],
        properties: { properties: { $ref: "#/definitions/PrivateEndpointConnectionProperties" } },
      },
      PrivateEndpointConnectionProperties: {
        type: "object",
        properties: {
          privateEndpoint: { type: "object", properties: texts("id") },
          privateLinkServiceConnectionState: {
            type: "object",
            properties: texts("status", "description", "actionsRequired"),
          },
          provisioningState: text,
        },
      },
      PrivateEndpointConnectionForPrivateLinkHub: {
        type: "object",
        properties: {
          ...texts("id", "name", "type"),
          properties: { $ref: "#/definitions/PrivateEndpointConnectionProperties" },
        },
      },
      PrivateEndpointConnectionForPrivateLinkHub_ResourceCollectionResponse: {
        type: "object",
        properties: {
          value: {
            type: "array",
            items: { $ref: "#/definitions/PrivateEndpointConnectionForPrivateLinkHub" },
          },
          nextLink: text,
        },
      },
    },
  },
};

/** The document that is read in place of an older one. */
export function standInFor(path: string): string {
  return path.startsWith(oldVersion) ? path.replace(oldVersion, newVersion) : path;
}

export function absentDocument(path: string): AbsentDocument | undefined {
  return documents[path];
}
