// New dedicated SQL pool.

import { useResourceRules } from "../../control/definition.ts";
import { CreatePage } from "./create-page.tsx";
import { putStep } from "./plan.ts";
import { locationOf, type PoolPlace, usePoolHost, workspaceField } from "./pool.ts";
import { Waiting } from "./waiting.tsx";

type Values = PoolPlace & {
  readonly name: string;
  readonly level: string;
  readonly collation: string;
};

const title = "New dedicated SQL pool";

export function Page() {
  const rules = useResourceRules("Microsoft.Synapse/workspaces/sqlPools");
  const host = usePoolHost();
  if (!host.workspaces) return <Waiting title={title} error={host.error} />;
  const idOf = ({ workspace, name }: Values) => `${workspace}/sqlPools/${name}`;
  return (
    <CreatePage<Values>
      title={title}
      initial={{
        workspace: host.initial,
        name: "",
        level: "DW100c",
        collation: "SQL_Latin1_General_CP1_CI_AS",
      }}
      tabs={() => [
        {
          name: "Basics",
          fields: [
            workspaceField(host),
            {
              name: "name",
              label: "Dedicated SQL pool name",
              kind: "text",
              isRequired: true,
              check: rules.name,
            },
            {
              name: "level",
              label: "Performance level",
              kind: "choice",
              choices: rules.choices("sku.name"),
            },
          ],
        },
        {
          name: "Additional settings",
          fields: [
            {
              name: "collation",
              label: "SQL pool collation",
              kind: "text",
              check: rules.check("properties.collation"),
            },
          ],
        },
      ]}
      plan={(values) => [
        putStep({
          key: "pool",
          label: `Dedicated SQL pool ${values.name}`,
          id: idOf(values),
          version: "2021-06-01",
          body: {
            location: locationOf(host, values.workspace),
            sku: { name: values.level },
            properties: { collation: values.collation },
          },
        }),
      ]}
      target={idOf}
    />
  );
}
