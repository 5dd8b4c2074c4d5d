// `callosum exec -- <command>`: unmodified clients against Azure's real host names, ending here.

import { defineCommand } from "../command.ts";
import { requireInstance } from "../instance.ts";

export const exec = defineCommand({
  name: "exec",
  summary: "Run a command whose Azure is this instance",
  description:
    "Azure's host names end here through a proxy; any other host is refused unless allowed. The caller's own Azure settings, sign-ins and secrets are set aside, the chosen principal's are set. Ends with the command's own exit code. SQL clients do not use proxies: see 'callosum hosts'.",
  arguments: [
    { name: "command", summary: "The command and its arguments", isRest: true, isRequired: true },
  ],
  options: {
    as: {
      kind: "text",
      value: "PRINCIPAL",
      summary:
        "admin, user (signs in by itself), an application's id or name, or a managed identity's name or resource id",
      otherwise: "admin",
    },
    allow: {
      kind: "list",
      value: "HOST",
      summary: "Let this host through untouched: name, name:port or *.domain",
    },
    java: { kind: "flag", summary: "Give Java a trust store and proxy settings" },
    home: { kind: "flag", summary: "Give the command a home directory of its own" },
  },
  examples: [
    { command: "callosum exec -- terraform apply", summary: "As the Owner application" },
    { command: "callosum exec --as user -- az login", summary: "Sign in as a person" },
    {
      command:
        "callosum exec --allow index.example --allow files.example -- pip install azureml-core",
      summary: "Let two hosts of the real world through",
    },
    { command: "callosum exec --as ws1 -- node job.js", summary: "As the identity of a workspace" },
  ],
  async run({ options, rest, dataDirectory, environment }) {
    const contract = await requireInstance(dataDirectory);
    const { openExecSession } = await import("../exec/session.ts");
    const { runCommand } = await import("../exec/run-command.ts");
    const session = await openExecSession({
      contract,
      environment,
      as: options.as ?? "admin",
      allow: options.allow,
      java: options.java,
      home: options.home,
    });
    try {
      const { code, signal } = await runCommand(rest, session.environment);
      if (signal === null) return { exitCode: code ?? 1 };
      await session.close();
      // Ends as the command did, so that a shell sees the same.
      process.kill(process.pid, signal);
      return { exitCode: 1 };
    } finally {
      await session.close();
    }
  },
});
