// `callosum version`

import manifest from "../../package.json" with { type: "json" };
import { defineCommand } from "../command.ts";

export const version = defineCommand({
  name: "version",
  summary: "Show the versions of Callosum and of the Node that runs it",
  arguments: [],
  options: {},
  examples: [{ command: "callosum version --json", summary: "As one JSON document" }],
  async run() {
    const { version: own } = manifest;
    const node = process.versions.node;
    return {
      json: { version: own, node, platform: `${process.platform}-${process.arch}` },
      text: [`callosum ${own} (Node ${node}, ${process.platform}-${process.arch})`],
    };
  },
});
