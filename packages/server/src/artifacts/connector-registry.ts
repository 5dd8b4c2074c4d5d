// All connector types by name: those with a file of their own, and those that are stored as they are.

import type { ConnectorDefinition } from "@callosum/contract/connector.ts";
import { connectorTypes } from "./connector-type.ts";
import { connectors } from "./connectors/index.gen.ts";
import { nearestName } from "./near-name.ts";

const definitions = new Map(
  connectors.map((connector) => [connector.type.toLowerCase(), connector]),
);
const storedTypes = new Map(connectorTypes.map((type) => [type.toLowerCase(), type]));

export function findConnector(type: string): ConnectorDefinition | undefined {
  return definitions.get(type.toLowerCase());
}

/** Canonical name of a type that Azure lists; undefined when nobody does. */
export function storedConnectorType(type: string): string | undefined {
  return storedTypes.get(type.toLowerCase());
}

export function nearestType(type: string): string | undefined {
  return nearestName(type, connectorTypes);
}
