// The rules of the linked-service types as data, for forms (contract/form.ts).

import type { ConnectorForm, FormSource } from "@callosum/contract/form.ts";
import { findConnector, storedConnectorType } from "./connector-registry.ts";
import { connectorTypes } from "./connector-type.ts";
import { linkFrame } from "./link-shape.ts";

const storedSummary = "Kept as it is sent; its connection is not tested";

export function createConnectorForms(): FormSource<ConnectorForm> {
  return {
    list: connectorTypes.map((type) => ({
      type,
      summary: findConnector(type)?.summary ?? storedSummary,
    })),
    find(name) {
      const connector = findConnector(name);
      const type = connector?.type ?? storedConnectorType(name);
      if (type === undefined) return undefined;
      return {
        type,
        summary: connector?.summary ?? storedSummary,
        source: connector?.source ?? "OpenAPI LinkedService.json",
        frame: linkFrame,
        ...(connector && { typeProperties: connector.typeProperties }),
        secrets: connector?.secrets ?? [],
        target: connector?.target ?? [],
        canBeTested: connector?.test !== undefined,
      };
    },
  };
}
