// A small repository of a Synapse workspace, in our own words: the Git folder as the studio writes it,
// and the template that publishing makes of it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Path → what the file holds; text is written as it is. */
export type Files = Readonly<Record<string, unknown>>;

export interface Repository {
  readonly path: string;
  write(files: Files): void;
  remove(...files: readonly string[]): void;
  close(): void;
}

export function openRepository(files: Files): Repository {
  const path = mkdtempSync(join(tmpdir(), "callosum-apply-"));
  const repository: Repository = {
    path,
    write(more) {
      for (const [file, content] of Object.entries(more)) {
        mkdirSync(dirname(join(path, file)), { recursive: true });
        const text = typeof content === "string" ? content : JSON.stringify(content, undefined, 2);
        writeFileSync(join(path, file), text);
      }
    },
    remove(...names) {
      for (const file of names) rmSync(join(path, file));
    },
    close: () => rmSync(path, { recursive: true, force: true }),
  };
  repository.write(files);
  return repository;
}

const link = (referenceName: string) => ({ referenceName, type: "LinkedServiceReference" });
const dataset = (referenceName: string) => ({ referenceName, type: "DatasetReference" });
const autoResolve = {
  referenceName: "AutoResolveIntegrationRuntime",
  type: "IntegrationRuntimeReference",
};

/** Written in a workspace called `old`; `lake` keeps its key in that workspace. */
export const gitFolder: Files = {
  "README.md": "# Flights\n",
  "publish_config.json": '{"publishBranch":"workspace_publish"}',
  "integrationRuntime/AutoResolveIntegrationRuntime.json": {
    name: "AutoResolveIntegrationRuntime",
    properties: { type: "Managed", typeProperties: {} },
  },
  "integrationRuntime/onsite.json": { name: "onsite", properties: { type: "SelfHosted" } },
  "managedVirtualNetwork/default.json": {
    name: "default",
    type: "Microsoft.Synapse/workspaces/managedVirtualNetworks",
  },
  "credential/WorkspaceSystemIdentity.json": {
    name: "WorkspaceSystemIdentity",
    properties: { type: "ManagedIdentity" },
  },
  "linkedService/old-WorkspaceDefaultStorage.json": {
    name: "old-WorkspaceDefaultStorage",
    type: "Microsoft.Synapse/workspaces/linkedservices",
    properties: {
      type: "AzureBlobFS",
      typeProperties: { url: "https://oldlake.dfs.core.windows.net" },
      connectVia: autoResolve,
    },
  },
  "linkedService/vault.json": {
    name: "vault",
    properties: {
      type: "AzureKeyVault",
      typeProperties: { baseUrl: "https://keys1.vault.azure.net/" },
    },
  },
  "linkedService/lake.json": {
    name: "lake",
    properties: {
      type: "AzureBlobFS",
      typeProperties: {
        url: "https://lake.dfs.core.windows.net",
        encryptedCredential: "ew0KICAiVmVyc2lvbiI6ICIyMDE3LTExLTMwIg0KfQ==",
      },
      connectVia: autoResolve,
    },
  },
  "linkedService/learning.json": {
    name: "learning",
    properties: {
      type: "AzureMLService",
      typeProperties: {
        subscriptionId: "11111111-1111-4111-8111-111111111111",
        resourceGroupName: "rg1",
        mlWorkspaceName: "ml1",
        servicePrincipalId: "22222222-2222-4222-8222-222222222222",
        servicePrincipalKey: {
          type: "AzureKeyVaultSecret",
          store: link("vault"),
          secretName: "ml-key",
        },
        tenant: "33333333-3333-4333-8333-333333333333",
      },
    },
  },
  "dataset/flights.json": {
    name: "flights",
    properties: {
      type: "Parquet",
      linkedServiceName: link("old-WorkspaceDefaultStorage"),
      typeProperties: { location: { type: "AzureBlobFSLocation", fileSystem: "raw" } },
      schema: [],
    },
  },
  "dataset/copied.json": {
    name: "copied",
    properties: { type: "Parquet", linkedServiceName: link("lake"), typeProperties: {} },
  },
  "sqlscript/top flights.json": {
    name: "top flights",
    properties: { content: { query: "SELECT TOP 10 * FROM flights" }, type: "SqlQuery" },
  },
  "kqlscript/hours.json": { name: "hours", properties: { content: { query: "T | take 1" } } },
  "notebook/clean.json": {
    name: "clean",
    properties: {
      nbformat: 4,
      nbformat_minor: 2,
      bigDataPool: { referenceName: "pool1", type: "BigDataPoolReference" },
      metadata: { language_info: { name: "python" } },
      cells: [{ cell_type: "code", metadata: {}, source: ["print(1)\n"], outputs: [] }],
    },
  },
  "sparkJobDefinition/job.json": {
    name: "job",
    properties: {
      targetBigDataPool: { referenceName: "pool1", type: "BigDataPoolReference" },
      jobProperties: { file: "abfss://raw@lake.dfs.core.windows.net/job.py" },
    },
  },
  "dataflow/join.json": {
    name: "join",
    properties: {
      type: "MappingDataFlow",
      typeProperties: { sources: [{ name: "a", dataset: dataset("flights") }] },
    },
  },
  "pipeline/inner.json": {
    name: "inner",
    properties: {
      activities: [
        {
          name: "Copy",
          type: "Copy",
          inputs: [dataset("flights")],
          outputs: [dataset("copied")],
          typeProperties: { source: { type: "ParquetSource" }, sink: { type: "ParquetSink" } },
        },
      ],
    },
  },
  "pipeline/a outer.json": {
    name: "a outer",
    properties: {
      activities: [
        {
          name: "Run",
          type: "ExecutePipeline",
          typeProperties: { pipeline: { referenceName: "inner", type: "PipelineReference" } },
        },
        {
          name: "Clean",
          type: "SynapseNotebook",
          typeProperties: { notebook: { referenceName: "clean", type: "NotebookReference" } },
        },
      ],
    },
  },
  "trigger/nightly.json": {
    name: "nightly",
    properties: {
      type: "ScheduleTrigger",
      runtimeState: "Started",
      pipelines: [{ pipelineReference: { referenceName: "a outer", type: "PipelineReference" } }],
      typeProperties: { recurrence: { frequency: "Day", startTime: "2026-01-01T00:00:00.000Z" } },
    },
  },
};

const name = (below: string) => `[concat(parameters('workspaceName'), '/${below}')]`;
const type = (below: string) => `Microsoft.Synapse/workspaces/${below}`;
const apiVersion = "2019-06-01-preview";

/** What publishing writes of `lake`, a pool and a script whose text starts with a bracket. */
export const publishBranch: Files = {
  "old/TemplateForWorkspace.json": {
    $schema: "http://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#",
    contentVersion: "1.0.0.0",
    parameters: {
      workspaceName: { type: "string", metadata: "Workspace name", defaultValue: "old" },
      lake_accountKey: {
        type: "secureString",
        metadata: "Secure string for 'accountKey' of 'lake'",
      },
      lake_properties_typeProperties_url: {
        type: "string",
        defaultValue: "https://default.dfs.core.windows.net",
      },
    },
    variables: {
      workspaceId: "[concat('Microsoft.Synapse/workspaces/', parameters('workspaceName'))]",
    },
    resources: [
      {
        name: name("brackets"),
        type: type("sqlscripts"),
        apiVersion,
        properties: { content: { query: "[[1, 2]" }, type: "SqlQuery" },
        dependsOn: [],
      },
      {
        name: name("copied"),
        type: type("datasets"),
        apiVersion,
        properties: { type: "Parquet", linkedServiceName: link("lake"), typeProperties: {} },
        dependsOn: ["[concat(variables('workspaceId'), '/linkedServices/lake')]"],
      },
      {
        name: name("lake"),
        type: type("linkedServices"),
        apiVersion,
        properties: {
          type: "AzureBlobFS",
          typeProperties: {
            url: "[parameters('lake_properties_typeProperties_url')]",
            accountKey: { type: "SecureString", value: "[parameters('lake_accountKey')]" },
          },
        },
        dependsOn: ["[concat(variables('workspaceId'), '/integrationRuntimes/any')]"],
      },
      {
        name: name("pool2"),
        type: type("bigDataPools"),
        apiVersion,
        location: "westeurope",
        properties: { sparkVersion: "3.4", nodeSize: "Small", nodeCount: 3 },
        dependsOn: [],
      },
    ],
  },
  "old/TemplateParametersForWorkspace.json": {
    contentVersion: "1.0.0.0",
    parameters: {
      workspaceName: { value: "old" },
      lake_accountKey: { value: "committed-by-mistake" },
      lake_properties_typeProperties_url: { value: "https://published.dfs.core.windows.net" },
    },
  },
};
