// `callosum status`: whether an instance runs on the directory, and where it answers.

import { defineCommand, exitCodes } from "../command.ts";
import { findInstance, readContract } from "../instance.ts";
import { tableLines } from "../terminal.ts";

export const status = defineCommand({
  name: "status",
  summary: "Say whether an instance runs, and where it answers",
  arguments: [],
  options: {},
  examples: [
    { command: "callosum status", summary: "Exit code 0 when it runs, 4 when it does not" },
    { command: "callosum status --data ./instance --json", summary: "Of another directory" },
  ],
  async run({ dataDirectory, terminal }) {
    const contract = await findInstance(dataDirectory);
    if (!contract) {
      const hasCrashed = readContract(dataDirectory) !== undefined;
      const how = hasCrashed ? "the last one ended without being stopped; nothing is lost" : "";
      return {
        json: { isRunning: false, dataDir: dataDirectory, hasCrashed },
        text: [`No instance runs on ${dataDirectory}${how && ` (${how})`}.`],
        exitCode: exitCodes.notRunning,
      };
    }
    const { pid, origin, proxy, version, tenantId, subscriptionId, location } = contract;
    return {
      json: {
        isRunning: true,
        ...{ pid, version, dataDir: dataDirectory, origin, proxy },
        ...{ tenantId, subscriptionId, location },
      },
      text: [
        `${terminal.paint("green", "Running")} with pid ${pid}.`,
        ...tableLines([
          ["  origin", origin],
          ["  proxy", proxy],
          ["  data", dataDirectory],
          ["  tenant", tenantId],
          ["  subscription", subscriptionId],
          ["  location", location],
          ["  version", version],
        ]),
      ],
    };
  },
});
