// Columns of every list of attached computes.

import { nameOf } from "../../api/scope.ts";
import type { Column } from "../../control/grid.tsx";
import { Link } from "../../control/link.tsx";
import type { Compute } from "../workspace.ts";
import { sizeText } from "./spark-pool-text.ts";

/** `path`: address of the workspace's studio. */
export function computeColumns(path: string): Column<Compute>[] {
  return [
    {
      name: "name",
      label: "Name",
      text: ({ name }) => name,
      show: ({ name }) => <Link to={`${path}/compute/${name}`}>{name}</Link>,
    },
    {
      name: "type",
      label: "Type",
      text: ({ properties }) =>
        properties?.computeType === "SynapseSpark"
          ? "Synapse Spark pool"
          : (properties?.computeType ?? ""),
    },
    {
      name: "state",
      label: "Provisioning state",
      text: ({ properties }) => properties?.provisioningState ?? "",
    },
    { name: "pool", label: "Spark pool", text: ({ properties }) => nameOf(properties?.resourceId) },
    {
      name: "workspace",
      label: "Synapse workspace",
      text: ({ properties }) => properties?.properties?.workspaceName ?? "",
    },
    { name: "size", label: "Size", text: ({ properties }) => sizeText(properties?.properties) },
    {
      name: "identity",
      label: "Managed identity",
      text: ({ identity }) => identity?.type ?? "None",
    },
  ];
}
