// `callosum env`: where the instance answers, for people, programs (--json) and shells (--export).

import { defineCommand } from "../command.ts";
import { requireInstance } from "../instance.ts";
import { tableLines } from "../terminal.ts";

export const env = defineCommand({
  name: "env",
  summary: "Show the contract of the running instance",
  description:
    "--export prints shell lines that make the current shell what 'callosum exec' makes of a command: Azure's host names lead here, and the caller's own Azure sign-in is set aside. It contains a secret.",
  arguments: [],
  options: {
    export: { kind: "flag", summary: "Print lines for eval in sh, bash or zsh" },
    as: {
      kind: "text",
      value: "PRINCIPAL",
      summary: "With --export: whom clients sign in as",
      choices: ["admin", "user"],
      otherwise: "admin",
    },
  },
  examples: [
    { command: "callosum env --json", summary: "The same line as 'callosum up --json'" },
    { command: 'eval "$(callosum env --export)"', summary: "Point this shell at the instance" },
  ],
  async run({ options, dataDirectory, environment }) {
    const contract = await requireInstance(dataDirectory);
    if (options.export) {
      const { exportLines } = await import("../exec/shell-export.ts");
      const as = options.as ?? "admin";
      const { lines, variables } = await exportLines({ contract, environment, as });
      return { json: variables, text: lines };
    }
    const { endpoints, admin, user, ...facts } = contract;
    const rows = [
      ...Object.entries(facts),
      ...Object.entries(endpoints).map(([name, value]) => [`endpoints.${name}`, value]),
      ...Object.entries(admin).map(([name, value]) => [`admin.${name}`, value]),
      ...Object.entries(user).map(([name, value]) => [`user.${name}`, value]),
    ];
    return {
      json: contract,
      text: tableLines(rows.map(([name, value]) => [String(name), String(value)])),
    };
  },
});
