// All system views by name; a session's rows of one are a table in memory.
import type { MemoryTable } from "../emit/environment.ts";
import type { Session } from "../run/state.ts";
import type { SystemView } from "./definition.ts";
import { informationSchemaViews } from "./information-schema.ts";
import { objectViews } from "./object-view.ts";
import { securityViews } from "./security-view.ts";

export const systemViews: ReadonlyMap<string, SystemView> = new Map(
  [...objectViews, ...securityViews, ...informationSchemaViews].map((view) => [
    `${view.schema}.${view.name}`.toLowerCase(),
    view,
  ]),
);

export function systemView(
  session: Session,
  schema: string,
  name: string,
): MemoryTable | undefined {
  const view = systemViews.get(`${schema}.${name}`.toLowerCase());
  if (view === undefined) return undefined;
  return {
    columns: view.columns.map((column) => ({ ...column, nullable: true })),
    rows: view.rows(session).map((row) => view.columns.map((column) => row[column.name] ?? null)),
  };
}
