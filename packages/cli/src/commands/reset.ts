// `callosum reset`: the directory as before the first start. It asks, and only where nothing runs.

import { existsSync, readdirSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join, parse } from "node:path";
import { agree, consentOptions } from "../agree.ts";
import { CommandError, defineCommand, usageError } from "../command.ts";
import { findInstance } from "../instance.ts";

export const reset = defineCommand({
  name: "reset",
  summary: "Remove everything of the instance: the next start is a first start",
  description:
    "Tenant, subscription, workspaces, secrets, keys, certificates and sign-ins of the directory go. Cannot be undone.",
  arguments: [],
  options: { yes: consentOptions.yes },
  examples: [{ command: "callosum reset --data ./instance --yes", summary: "Without asking" }],
  async run(request) {
    const { dataDirectory } = request;
    if (!existsSync(join(dataDirectory, "state.db"))) {
      const isEmpty = !existsSync(dataDirectory) || readdirSync(dataDirectory).length === 0;
      if (isEmpty) {
        return {
          json: { removed: false, dataDir: dataDirectory },
          text: [`There is nothing in ${dataDirectory}.`],
        };
      }
      throw usageError(`${dataDirectory} is no instance's directory: it is left alone.`);
    }
    if ([homedir(), parse(dataDirectory).root, process.cwd()].includes(dataDirectory)) {
      throw usageError(`${dataDirectory} is more than an instance's directory: it is left alone.`);
    }
    const { lockHolder, openDataDirectory } = await import(
      "@callosum/server/platform/data-directory.ts"
    );
    const pid = lockHolder(openDataDirectory(dataDirectory));
    if (pid !== undefined || (await findInstance(dataDirectory))) {
      throw new CommandError({
        code: "StillRunning",
        message: `The instance of ${dataDirectory} runs (pid ${pid}).`,
        hint: "Stop it first: callosum down",
      });
    }
    const lines = [
      `Everything in ${dataDirectory} will be removed:`,
      ...readdirSync(dataDirectory),
    ];
    await agree(request, { lines, question: "Remove it all?" });
    rmSync(dataDirectory, { recursive: true });
    return {
      json: { removed: true, dataDir: dataDirectory },
      text: [`Removed ${dataDirectory}.`],
    };
  },
});
