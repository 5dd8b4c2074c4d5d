// Create: the link first, then its pools one after the other. A pool that fails leaves the link and
// says which one it was.

import { arm, call } from "../../api/request.ts";
import type { Resource } from "../../api/resource.ts";
import { nameOf } from "../../api/scope.ts";
import { useTask } from "../../shell/notification.tsx";
import { useAttach } from "../compute/attach.ts";
import { linkVersion, useWorkspace, useWorkspaceAddress } from "../workspace.ts";

interface NewLink {
  readonly name: string;
  /** Resource id of the Synapse workspace. */
  readonly workspaceId: string;
  /** Name of the compute by resource id of the pool. */
  readonly pools: ReadonlyMap<string, string>;
}

export function useCreateLink(onDone: (name: string) => void) {
  const { id } = useWorkspaceAddress();
  const { data: workspace } = useWorkspace();
  const attach = useAttach();
  return useTask<NewLink, Resource>({
    async run({ name, workspaceId, pools }) {
      const link = await call<Resource>(arm, {
        method: "PUT",
        path: `${id}/linkedServices/${name}?api-version=${linkVersion}`,
        body: {
          name,
          location: workspace?.location,
          identity: { type: "SystemAssigned" },
          properties: { linkedServiceResourceId: workspaceId },
        },
      });
      for (const [resourceId, compute] of pools) await attach({ resourceId, name: compute });
      return link;
    },
    done: ({ name, workspaceId }) => `${name} links this workspace to ${nameOf(workspaceId)}`,
    failed: ({ name }) => `${name} could not be created as asked`,
    changes: [["arm"]],
    onDone: (_, { name }) => onDone(name),
  });
}
