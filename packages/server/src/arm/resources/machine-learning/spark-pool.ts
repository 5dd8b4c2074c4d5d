// The pool behind a compute, in the words of the machine learning API (protocols.md 2.1, 2.2).

import type { ArmResource } from "@callosum/contract/ports.ts";
import type { Properties } from "@callosum/contract/resource.ts";
import { parseResourceId } from "@callosum/contract/resource-id.ts";

/** Always an object: clients read into it without asking. */
export function poolProperties(pool: ArmResource): Properties {
  const { autoScale, autoPause, sparkVersion, nodeCount, nodeSize, nodeSizeFamily } =
    pool.properties;
  const id = parseResourceId(pool.id);
  return {
    autoScaleProperties: autoScale,
    autoPauseProperties: autoPause,
    sparkVersion,
    nodeCount,
    nodeSize,
    nodeSizeFamily,
    subscriptionId: id?.subscriptionId,
    resourceGroup: id?.resourceGroup,
    workspaceName: id?.names[0],
    poolName: pool.name,
  };
}
