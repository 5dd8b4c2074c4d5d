// Which form a repository has: the Git folder where there is one, else the publish branch.

import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CommandError, usageError } from "../command.ts";
import type { Values } from "./command-values.ts";
import type { Fault } from "./fault.ts";
import { isGitFolder, readGitFolder } from "./folder.ts";
import { readPublishTemplate, templateName } from "./publish-template.ts";
import type { Source } from "./source.ts";

export interface Repository {
  readonly source: Source;
  readonly faults: readonly Fault[];
  /** Names of the parameters that the publish branch's template declares. */
  readonly declared: readonly string[];
}

/** Reads all of it; nothing of the workspace but its name is needed. */
export async function readRepository(request: {
  directory: string;
  workspace: string;
  values: Values;
}): Promise<Repository> {
  const { directory, workspace, values } = request;
  const folders = await templateFolders(directory);
  if (await isGitFolder(directory)) {
    const { source, faults } = await readGitFolder(directory);
    const notes = [
      ...source.notes.filter((note) => !folders.some((folder) => note.startsWith(`'${folder}/'`))),
      ...folders.map(
        (folder) => `The template in '${folder || "."}' is not used: the Git folder is.`,
      ),
    ];
    return { source: { ...source, notes }, faults, declared: [] };
  }
  const own = folders.find((folder) => folder.toLowerCase() === workspace.toLowerCase());
  const folder = own ?? folders[0];
  if (folder === undefined) {
    throw new CommandError({
      code: "NoRepository",
      message: `${directory} is neither a workspace's Git folder nor its publish branch.`,
      hint: "It has folders such as linkedService/ and pipeline/, or a folder with TemplateForWorkspace.json.",
    });
  }
  if (own === undefined && folders.length > 1) {
    throw usageError(`There are several templates: ${folders.join(", ")}.`, "Name one's folder.");
  }
  return readPublishTemplate({ directory, folder, workspace, given: values.byName });
}

/** Folders with a template, "" for the directory itself. */
async function templateFolders(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return ["", ...names.sort()].filter((name) => existsSync(join(directory, name, templateName)));
}
