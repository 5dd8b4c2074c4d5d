// Pools and integration runtimes are resources below the workspace: the resource manager writes them,
// by Azure roles (features.md B-10). Reading goes by the workspace endpoint, workspace.ts.

import { perform } from "../api/operation.ts";
import { arm } from "../api/request.ts";
import type { Resource } from "../api/resource.ts";
import { useTask } from "../shell/notification.tsx";
import { useWorkspace, useWorkspaceName } from "./workspace.ts";

export type ChildType = "sqlPools" | "bigDataPools" | "integrationRuntimes";

const version = "2021-06-01";

/** `id` is the child's; `action` one of its POST actions. */
function pathOf(id: string, action = ""): string {
  return `${id}${action && `/${action}`}?api-version=${version}`;
}

export function childId(workspaceId: string, type: ChildType, name: string): string {
  return `${workspaceId}/${type}/${encodeURIComponent(name)}`;
}

export function putChild(id: string, body: object): Promise<Resource> {
  return perform<Resource>(arm, { method: "PUT", path: pathOf(id), body });
}

export function patchChild(id: string, body: object): Promise<Resource> {
  return perform<Resource>(arm, { method: "PATCH", path: pathOf(id), body });
}

export async function deleteChild(id: string): Promise<void> {
  await perform(arm, { method: "DELETE", path: pathOf(id) });
}

export function actOnChild<Result = unknown>(
  id: string,
  action: string,
  body?: object,
): Promise<Result> {
  return perform<Result>(arm, { method: "POST", path: pathOf(id, action), body });
}

/** Work on children of the workspace; the lists of every face that show them are asked for again. */
export function useChildTask<Input, Result>(task: {
  run(input: Input): Promise<Result>;
  done(input: Input, result: Result): string;
  failed(input: Input): string;
  onDone?(result: Result, input: Input): void;
}) {
  const workspace = useWorkspaceName();
  return useTask({ ...task, changes: [["synapse", workspace.toLowerCase()], ["arm"]] });
}

/** The workspace's id and location, which what is created below it needs; undefined while loading. */
export function useParent(): { readonly id: string; readonly location: string } | undefined {
  const { data } = useWorkspace();
  return data && { id: data.id, location: data.location ?? "" };
}
