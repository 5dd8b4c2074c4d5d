// What lies below a resource: one list a type of child that the server knows.

import { Dropdown, Field, Option } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { childrenQuery, type Resource } from "../../api/resource.ts";
import { nameOf, typeLabel, typeOf } from "../../api/scope.ts";
import { CommandButton, useAzureRight } from "../../control/command-button.tsx";
import { definitionsQuery, useResourceRules } from "../../control/definition.ts";
import { type Column, Grid } from "../../control/grid.tsx";
import { useGo } from "../../control/link.tsx";
import { Problem } from "../../control/problem.tsx";
import { useScope } from "../../control/scope-path.ts";
import { ScopeFrame } from "../scope-frame.tsx";
import { nameColumn } from "./resource-column.tsx";

const columns: readonly Column<Resource>[] = [
  nameColumn,
  { name: "type", label: "Type", text: ({ type }) => typeLabel(type) },
  { name: "id", label: "Resource ID", text: ({ id }) => id },
];

export function Page() {
  const id = useScope();
  return <ChildResources key={id} id={id} />;
}

function ChildResources({ id }: { id: string }) {
  const { data, error } = useQuery(definitionsQuery);
  const [chosen, setChosen] = useState<string>();
  const types = data?.value.map(({ type }) => type).filter((type) => isChild(type, typeOf(id)));
  const type = chosen ?? types?.[0];
  return (
    <ScopeFrame id={id} section="children">
      {error && <Problem error={error} />}
      {types?.length === 0 && <p>Nothing lies below resources of this type.</p>}
      {type !== undefined && (
        <>
          <Field label="Type" style={{ maxWidth: 420 }}>
            <Dropdown
              value={typeLabel(type)}
              selectedOptions={[type]}
              onOptionSelect={(_, { optionValue }) => setChosen(optionValue)}
            >
              {(types ?? []).map((one) => (
                <Option key={one} value={one}>
                  {typeLabel(one)}
                </Option>
              ))}
            </Dropdown>
          </Field>
          <Children key={type} id={id} type={type} />
        </>
      )}
    </ScopeFrame>
  );
}

function isChild(type: string, parent: string): boolean {
  const rest = type.slice(parent.length + 1);
  return (
    type.toLowerCase().startsWith(`${parent.toLowerCase()}/`) && rest !== "" && !rest.includes("/")
  );
}

function Children({ id, type }: { id: string; type: string }) {
  const go = useGo();
  const { apiVersion, form } = useResourceRules(type);
  const isListed = form?.methods.includes("list") ?? false;
  const right = useAzureRight(id, `${type}/write`);
  const { data, error, refetch } = useQuery({
    ...childrenQuery<Record<string, unknown>>(id, nameOf(type), apiVersion),
    enabled: isListed,
  });
  // Where the service has no list, the names that can exist are known.
  const named = form?.presetNames.map((name) => ({
    id: `${id}/${nameOf(type)}/${name}`,
    name,
    type,
  }));
  return (
    <Grid
      label={typeLabel(type)}
      columns={columns}
      rows={isListed ? data : named}
      error={error}
      onRetry={() => void refetch()}
      rowKey={(child) => child.id}
      empty={`No ${typeLabel(type).toLowerCase()} here.`}
      tools={
        form?.methods.includes("put") && (
          <CommandButton
            icon={<AddRegular />}
            right={right}
            onClick={() =>
              go(`/create/any?type=${encodeURIComponent(type)}&parent=${encodeURIComponent(id)}`)
            }
          >
            Create
          </CommandButton>
        )
      }
    />
  );
}
