// Attaches a Spark pool as compute: the same PUT as SDK v2 and the template send.

import { perform } from "../../api/operation.ts";
import { arm } from "../../api/request.ts";
import {
  type Compute,
  machineLearningVersion,
  useWorkspace,
  useWorkspaceAddress,
} from "../workspace.ts";

export interface NewCompute {
  readonly name: string;
  /** Resource id of the Spark pool. */
  readonly resourceId: string;
  readonly identity?: {
    readonly type: "None" | "SystemAssigned" | "UserAssigned";
    readonly userAssignedIdentities?: Readonly<Record<string, object>>;
  };
}

export function useAttach(): (compute: NewCompute) => Promise<Compute> {
  const { id } = useWorkspaceAddress();
  const { data: workspace } = useWorkspace();
  return ({ name, resourceId, identity }) =>
    perform<Compute>(arm, {
      method: "PUT",
      path: `${id}/computes/${name}?api-version=${machineLearningVersion}`,
      body: {
        location: workspace?.location,
        ...(identity && { identity }),
        properties: { computeType: "SynapseSpark", resourceId },
      },
    });
}
