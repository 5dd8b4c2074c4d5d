// Models as the workspace's model management service lists them (the routes that SDK v1 uses).

import { queryOptions, useQuery } from "@tanstack/react-query";
import { listAll } from "../../api/page.ts";
import { call } from "../../api/request.ts";
import type { Resource } from "../../api/resource.ts";
import { regionalEndpoint, useWorkspace, type WorkspaceProperties } from "../workspace.ts";

export interface OnnxField {
  readonly name: string;
  readonly element: string;
  readonly kind: string;
  readonly shape: readonly (number | null)[] | null;
}

export interface SignatureField {
  readonly name?: string;
  readonly type: string;
  readonly shape?: readonly number[];
}

interface Trouble {
  readonly problem?: { readonly code: string; readonly message: string };
}

export interface Model {
  readonly id: string;
  readonly name: string;
  readonly version: number | string;
  readonly framework: string;
  readonly frameworkVersion?: string;
  readonly description: string | null;
  readonly createdTime: string;
  readonly modifiedTime: string;
  readonly runId: string | null;
  readonly kvTags: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
  readonly callosum: {
    readonly onnx:
      | ({
          readonly inputs?: readonly OnnxField[];
          readonly outputs?: readonly OnnxField[];
        } & Trouble)
      | null;
    readonly mlflow:
      | ({
          readonly signature?: {
            readonly inputs: readonly SignatureField[];
            readonly outputs: readonly SignatureField[];
          };
          readonly runId?: string;
        } & Trouble)
      | null;
    readonly files: readonly {
      readonly path: string;
      readonly length: number;
      readonly sha256: string;
      readonly contentUri: string;
    }[];
  };
}

const service = (workspace: Resource<WorkspaceProperties>) =>
  `/modelmanagement/v1.0${workspace.id}/models`;

function modelsQuery(workspace: Resource<WorkspaceProperties> | undefined) {
  return queryOptions({
    queryKey: ["ml", workspace?.id.toLowerCase(), "models"],
    enabled: workspace !== undefined,
    queryFn: ({ signal }) => {
      const known = workspace as Resource<WorkspaceProperties>;
      return listAll<Model>(regionalEndpoint(known), service(known), signal);
    },
  });
}

/** Every version of every model that is not archived, the latest first. */
export function useModels() {
  const { data: workspace, error } = useWorkspace();
  const models = useQuery(modelsQuery(workspace));
  return { ...models, error: models.error ?? error };
}

export function useModel(id: string) {
  const { data: workspace, error } = useWorkspace();
  const model = useQuery({
    queryKey: ["ml", workspace?.id.toLowerCase(), "model", id],
    enabled: workspace !== undefined,
    queryFn: ({ signal }) => {
      const known = workspace as Resource<WorkspaceProperties>;
      const path = `${service(known)}/${encodeURIComponent(id)}`;
      return call<Model>(regionalEndpoint(known), { path, signal });
    },
  });
  return { ...model, error: model.error ?? error };
}
