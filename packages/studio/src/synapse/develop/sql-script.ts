// SQL scripts as the workspace keeps them (recordings/artifacts.json).

import { queryOptions } from "@tanstack/react-query";
import { call } from "../../api/request.ts";
import { type Artifact, artifactsKey, putArtifact } from "../artifact.ts";
import { artifactsVersion, synapseEndpoint } from "../workspace.ts";
import type { EditedScript } from "./script-editor.tsx";

export interface SqlScriptProperties {
  readonly type?: string;
  readonly description?: string;
  readonly content: {
    readonly query: string;
    readonly currentConnection?: { readonly databaseName?: string; readonly poolName?: string };
  };
}

export type SqlScript = Artifact<SqlScriptProperties>;

export function sqlScriptQuery(workspace: string, name: string) {
  return queryOptions({
    queryKey: [...artifactsKey(workspace, "sqlScripts"), name.toLowerCase()],
    queryFn: ({ signal }) =>
      call<SqlScript>(synapseEndpoint(workspace), {
        path: `/sqlscripts/${encodeURIComponent(name)}?api-version=${artifactsVersion}`,
        signal,
      }),
  });
}

export function publishScript(
  workspace: string,
  script: EditedScript & { name: string; etag?: string | undefined },
): Promise<Artifact> {
  const { name, query, database, etag } = script;
  return putArtifact(
    { workspace, collection: "sqlScripts", name, etag },
    {
      type: "SqlQuery",
      content: {
        query,
        metadata: { language: "sql" },
        currentConnection: { databaseName: database, poolName: database },
        resultLimit: 5000,
      },
    },
  );
}
