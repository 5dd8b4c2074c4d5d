// config.json, which names a workspace; the search is SDK v1's (protocols.md 1.4). Node.js only.

import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { WorkspaceName } from "./workspace-name.ts";

const fileName = "config.json";
const folders = [".azureml", "aml_config", "."];

/** `path` is the file or a folder to start from; the current folder unless given. */
export async function readWorkspaceConfig(path = "."): Promise<WorkspaceName> {
  const file = await findConfig(resolve(path));
  if (file === undefined) {
    throw new Error(
      `There is no ${fileName} in ${resolve(path)} or its ${folders[0]} and ${folders[1]} folders, nor in any folder above.`,
    );
  }
  const config = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
  return {
    subscriptionId: requireText(config, { key: "subscription_id", file }),
    resourceGroup: requireText(config, { key: "resource_group", file }),
    name: requireText(config, { key: "workspace_name", file }),
  };
}

async function findConfig(start: string): Promise<string | undefined> {
  const kind = await stat(start).catch(() => undefined);
  if (kind?.isFile()) return start;
  for (let folder = start; ; folder = dirname(folder)) {
    for (const candidate of folders.map((name) => join(folder, name, fileName))) {
      const found = await stat(candidate).catch(() => undefined);
      if (found?.isFile()) return candidate;
    }
    if (folder === dirname(folder)) return undefined;
  }
}

function requireText(
  config: Record<string, unknown>,
  { key, file }: { key: string; file: string },
): string {
  const value = config[key];
  if (typeof value === "string" && value !== "") return value;
  throw new Error(`${file} has no '${key}'.`);
}
