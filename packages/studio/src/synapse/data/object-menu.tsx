// What can be done with a table: new scripts, and the Machine Learning menu, which is there only while
// the workspace has an Azure Machine Learning linked service (features.md A-18, G-03).

import {
  Button,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from "@fluentui/react-components";
import { MoreHorizontalRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useGo } from "../../control/link.tsx";
import { artifactsQuery } from "../artifact.ts";
import { openDraft } from "../develop/draft.ts";
import { bracketed, type ObjectKind } from "../sql/catalog.ts";
import type { TreeObject } from "./tree-object.ts";

/** Scripts of each kind's New SQL script menu. */
const scripts: Readonly<
  Record<ObjectKind, readonly { label: string; write(name: string): string }[]>
> = {
  tables: [
    { label: "Select TOP 100 rows", write: (name) => `SELECT TOP (100) *\nFROM ${name}\n` },
    { label: "Count rows", write: (name) => `SELECT COUNT_BIG(*) AS rows\nFROM ${name}\n` },
    { label: "Drop", write: (name) => `DROP TABLE ${name}\n` },
  ],
  views: [
    { label: "Select TOP 100 rows", write: (name) => `SELECT TOP (100) *\nFROM ${name}\n` },
    { label: "Drop", write: (name) => `DROP VIEW ${name}\n` },
  ],
  procedures: [
    { label: "Execute", write: (name) => `EXEC ${name}\n` },
    { label: "Drop", write: (name) => `DROP PROCEDURE ${name}\n` },
  ],
};

export function ObjectMenu({ object, onPredict }: { object: TreeObject; onPredict(): void }) {
  const { workspace, database, schema, name, kind } = object;
  const go = useGo();
  const links = useQuery(artifactsQuery<{ type?: string }>(workspace, "linkedServices"));
  const isLinked = links.data?.some(({ properties }) => properties.type === "AzureMLService");
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          size="small"
          icon={<MoreHorizontalRegular />}
          aria-label={`Actions of ${schema}.${name}`}
          onClick={(event) => event.stopPropagation()}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <SubMenu label="New SQL script">
            {scripts[kind].map(({ label, write }) => (
              <MenuItem
                key={label}
                onClick={() =>
                  go(
                    openDraft(workspace, {
                      name: `${label} ${schema}.${name}`.replaceAll(".", " "),
                      query: write(bracketed(object)),
                      database,
                    }),
                  )
                }
              >
                {label}
              </MenuItem>
            ))}
          </SubMenu>
          {kind !== "procedures" && isLinked && (
            <SubMenu label="Machine Learning">
              <MenuItem onClick={onPredict}>Predict with a model</MenuItem>
            </SubMenu>
          )}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function SubMenu({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <MenuItem>{label}</MenuItem>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>{children}</MenuList>
      </MenuPopover>
    </Menu>
  );
}
