// Lists that come in pages: ARM's and Graph's `value` with `nextLink`.

import { call, type Endpoint } from "./request.ts";

interface ListPage<Item> {
  readonly value?: readonly Item[];
  readonly nextLink?: string | null;
  readonly "@odata.nextLink"?: string | null;
}

/** Every item of a list, page after page. */
export async function listAll<Item>(
  endpoint: Endpoint,
  path: string,
  signal?: AbortSignal,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let next: string | null | undefined = path; next; ) {
    const page: ListPage<Item> = await call<ListPage<Item>>(endpoint, { path: next, signal });
    items.push(...(page.value ?? []));
    next = page.nextLink ?? page["@odata.nextLink"];
  }
  return items;
}
