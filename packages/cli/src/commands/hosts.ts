// `callosum hosts`: lines for /etc/hosts. Only SQL clients need them: they use no proxy (design.md §1).

import { defineCommand } from "../command.ts";
import { requireInstance } from "../instance.ts";

export const hosts = defineCommand({
  name: "hosts",
  summary: "Print lines for /etc/hosts, for SQL clients on Azure's host names",
  description:
    "HTTP clients need none of this: 'callosum exec' leads them here. A SQL client uses no proxy, so it needs either the TDS port on localhost with the workspace in its user name (user@workspace), or these lines and the TDS port 1433.",
  arguments: [],
  options: {},
  examples: [
    { command: "callosum hosts", summary: "Show the lines" },
    { command: "callosum hosts --json", summary: "As one JSON document" },
  ],
  async run({ dataDirectory }) {
    const contract = await requireInstance(dataDirectory);
    const { openApi } = await import("../api.ts");
    const { listByType, synapseType } = await import("../find-resource.ts");
    const { subscriptionId } = contract;
    const workspaces = await listByType(openApi(contract), { type: synapseType, subscriptionId });
    const names = workspaces.flatMap(({ name }) => [
      `${name}.sql.azuresynapse.net`,
      `${name}-ondemand.sql.azuresynapse.net`,
    ]);
    const { sql } = contract.endpoints;
    return {
      json: { address: "127.0.0.1", names, sql },
      text:
        names.length === 0
          ? ["# There are no Synapse workspaces yet."]
          : [
              `# Callosum: SQL endpoints of its Synapse workspaces; TDS answers at ${sql}`,
              ...workspaces.map(({ name }) => {
                const [pool, serverless] = [name, `${name}-ondemand`].map(
                  (host) => `${host}.sql.azuresynapse.net`,
                );
                return `127.0.0.1 ${pool} ${serverless}`;
              }),
            ],
    };
  },
});
