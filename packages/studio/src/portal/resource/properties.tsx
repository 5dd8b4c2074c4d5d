// Every property of a resource, at any depth, by its path.

import { useMemo } from "react";
import { type Column, Grid } from "../../control/grid.tsx";
import { useScope } from "../../control/scope-path.ts";
import { ScopeFrame } from "../scope-frame.tsx";
import { useResource } from "./resource-type.ts";

type Row = readonly [path: string, value: string];

const columns: readonly Column<Row>[] = [
  { name: "path", label: "Property", width: "45%", text: ([path]) => path },
  { name: "value", label: "Value", text: ([, value]) => value },
];

export function Page() {
  const id = useScope();
  const { resource, error, refetch } = useResource(id);
  const rows = useMemo(() => resource && leavesOf(resource, ""), [resource]);
  return (
    <ScopeFrame id={id} section="properties">
      <Grid
        label="Properties"
        columns={columns}
        rows={rows}
        error={error}
        onRetry={refetch}
        rowKey={([path]) => path}
        empty="It has no properties."
      />
    </ScopeFrame>
  );
}

function leavesOf(value: unknown, path: string): Row[] {
  if (typeof value !== "object" || value === null) return [[path, String(value ?? "")]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, Array.isArray(value) ? "[]" : "{}"]];
  return entries.flatMap(([name, item]) => leavesOf(item, path === "" ? name : `${path}.${name}`));
}
