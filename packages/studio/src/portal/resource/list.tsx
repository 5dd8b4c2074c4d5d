// All resources, filtered by type, resource group and tag.

import { Dropdown, Option } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { idPart, type Resource, resourcesQuery } from "../../api/resource.ts";
import { typeLabel } from "../../api/scope.ts";
import { CommandButton } from "../../control/command-button.tsx";
import { Grid } from "../../control/grid.tsx";
import { Link, useGo } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { resourceColumns } from "./resource-column.tsx";

interface Filters {
  readonly type: string;
  readonly group: string;
  readonly tag: string;
}

const none: Filters = { type: "", group: "", tag: "" };

export function Page() {
  const go = useGo();
  const { data, error, refetch } = useQuery(resourcesQuery());
  const [filters, setFilters] = useState(none);
  const choices = useMemo(() => choicesOf(data ?? []), [data]);
  const rows = useMemo(() => data?.filter((resource) => fits(resource, filters)), [data, filters]);
  const isFiltered = Object.values(filters).some((value) => value !== "");
  return (
    <PageFrame
      title="All resources"
      crumbs={[{ label: "Home", to: "/" }]}
      commands={
        <>
          <CommandButton icon={<AddRegular />} onClick={() => go("/create")}>
            Create
          </CommandButton>
          <RefreshButton onRefresh={refetch} />
        </>
      }
    >
      <Grid
        label="Resources"
        columns={resourceColumns}
        rows={rows}
        error={error}
        onRetry={() => void refetch()}
        rowKey={({ id }) => id}
        empty={
          isFiltered ? (
            "No resource has the chosen type, group and tag."
          ) : (
            <>
              There is no resource that you may see. <Link to="/create">Create a resource</Link>
            </>
          )
        }
        tools={
          <>
            <Filter
              label="Type"
              value={filters.type}
              choices={choices.types}
              show={typeLabel}
              onChange={(type) => setFilters({ ...filters, type })}
            />
            <Filter
              label="Resource group"
              value={filters.group}
              choices={choices.groups}
              onChange={(group) => setFilters({ ...filters, group })}
            />
            <Filter
              label="Tag"
              value={filters.tag}
              choices={choices.tags}
              onChange={(tag) => setFilters({ ...filters, tag })}
            />
          </>
        }
      />
    </PageFrame>
  );
}

function Filter({
  label,
  value,
  choices,
  show = (choice) => choice,
  onChange,
}: {
  label: string;
  value: string;
  choices: readonly string[];
  show?(choice: string): string;
  onChange(value: string): void;
}) {
  const all = `${label}: all`;
  return (
    <Dropdown
      aria-label={label}
      style={{ minWidth: 140 }}
      value={value === "" ? all : `${label}: ${show(value)}`}
      selectedOptions={[value]}
      onOptionSelect={(_, { optionValue }) => onChange(optionValue ?? "")}
    >
      <Option value="" text={all}>
        All
      </Option>
      {choices.map((choice) => (
        <Option key={choice} value={choice} text={show(choice)}>
          {show(choice)}
        </Option>
      ))}
    </Dropdown>
  );
}

function choicesOf(resources: readonly Resource[]) {
  const sorted = (values: Iterable<string>) => [...new Set(values)].sort();
  return {
    types: sorted(resources.map(({ type }) => type)),
    groups: sorted(resources.map(({ id }) => idPart(id, "resourceGroups"))),
    tags: sorted(resources.flatMap(tagsOf)),
  };
}

function tagsOf({ tags = {} }: Resource): string[] {
  return Object.entries(tags).map(([name, value]) => `${name}: ${value}`);
}

function fits(resource: Resource, { type, group, tag }: Filters): boolean {
  return (
    (type === "" || resource.type === type) &&
    (group === "" || idPart(resource.id, "resourceGroups") === group) &&
    (tag === "" || tagsOf(resource).includes(tag))
  );
}
