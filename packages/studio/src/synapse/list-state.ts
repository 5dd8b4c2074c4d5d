// A list of things with names, of which one is selected, and the panel that is open over it: what the
// pages of pools, runtimes, credentials and pipelines share.

import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import { rowsOf } from "../control/grid.tsx";

/** `Panel` names the panels that the page opens. */
export function useListState<Panel extends string, Item extends { readonly name: string }>(
  items: UseQueryResult<readonly Item[]>,
) {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const [panel, open] = useState<Panel>();
  return {
    /** What is selected. */
    chosen: items.data?.find(({ name }) => keys.has(name)),
    /** The names that are taken. */
    taken: items.data?.map(({ name }) => name) ?? [],
    panel,
    open,
    close: () => open(undefined),
    refresh: items.refetch,
    grid: {
      ...rowsOf(items),
      rowKey: ({ name }: Item) => name,
      selection: { keys, isSingle: true, onChange: setKeys },
    },
  };
}
