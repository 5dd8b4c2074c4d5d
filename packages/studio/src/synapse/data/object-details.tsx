// Columns of a table or view.

import { Subtitle2 } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { type Column, Grid } from "../../control/grid.tsx";
import { bracketed, columnsQuery, type TableColumn } from "../sql/catalog.ts";
import type { TreeObject } from "./tree-object.ts";

const columns: readonly Column<TableColumn>[] = [
  { name: "name", label: "Column", text: ({ name }) => name },
  { name: "type", label: "Type", text: ({ type }) => type },
  { name: "nullable", label: "Nullable", text: ({ isNullable }) => (isNullable ? "Yes" : "No") },
];

export function ObjectDetails({ object }: { object: TreeObject }) {
  const { data, error, refetch } = useQuery(columnsQuery(object, object));
  return (
    <section aria-label={`Columns of ${bracketed(object)}`}>
      <Subtitle2 as="h2">
        {object.database} {bracketed(object)}
      </Subtitle2>
      <Grid
        label="Columns"
        columns={columns}
        rows={data}
        error={error}
        onRetry={() => void refetch()}
        rowKey={({ name }) => name}
        empty="It has no column that you may see."
      />
    </section>
  );
}
