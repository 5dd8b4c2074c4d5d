// Overview of a Spark pool or a dedicated SQL pool.

import type { Resource } from "../../api/resource.ts";
import { typeLabel } from "../../api/scope.ts";
import { Essentials } from "../../control/essentials.tsx";
import { commonEssentials, resourceLink } from "./essential.tsx";
import { nodesOf } from "./synapse-overview.tsx";

interface Pause {
  readonly enabled?: boolean;
  readonly delayInMinutes?: number;
}

export function PoolOverview({ pool }: { pool: Resource }) {
  const properties = pool.properties ?? {};
  const workspace = pool.id.split("/").slice(0, -2).join("/");
  const pause = properties.autoPause as Pause | undefined;
  const isSpark = /bigDataPools/i.test(pool.type);
  return (
    <Essentials
      label="Essentials"
      entries={[
        ["Type", typeLabel(pool.type)],
        ["Synapse workspace", resourceLink(workspace)],
        ...commonEssentials(pool),
        ...(isSpark
          ? ([
              ["Apache Spark version", String(properties.sparkVersion ?? "")],
              [
                "Node size",
                `${String(properties.nodeSize ?? "")} (${String(properties.nodeSizeFamily ?? "")})`,
              ],
              ["Number of nodes", nodesOf(properties)],
              [
                "Automatic pausing",
                pause?.enabled ? `After ${pause.delayInMinutes ?? 15} minutes` : "Disabled",
              ],
            ] as const)
          : ([
              ["Performance level", String(pool.sku?.name ?? "")],
              ["State", String(properties.status ?? "")],
              ["Collation", String(properties.collation ?? "")],
            ] as const)),
      ]}
    />
  );
}
