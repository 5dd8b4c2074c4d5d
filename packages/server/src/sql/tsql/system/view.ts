// All system views by name; a session's rows of one are a table in memory.
import type { SystemTable } from "../emit/environment.ts";
import type { Session } from "../run/state.ts";
import { activityViews } from "./activity-view.ts";
import { constraintViews } from "./constraint-view.ts";
import { databaseViews } from "./database-view.ts";
import type { SystemView } from "./definition.ts";
import { emptyViews } from "./empty-view.ts";
import { externalViews } from "./external-view.ts";
import { informationSchemaViews } from "./information-schema.ts";
import { isLegacyName, legacyViews } from "./legacy-view.ts";
import { objectViews } from "./object-view.ts";
import { poolEmptyViews } from "./pool-empty-view.ts";
import { poolViews } from "./pool-view.ts";
import { securityViews } from "./security-view.ts";
import { idOf, systemObjectViews } from "./system-object.ts";

const ownViews: readonly SystemView[] = [
  ...objectViews,
  ...constraintViews,
  ...securityViews,
  ...databaseViews,
  ...poolViews,
  ...activityViews,
  ...externalViews,
  ...informationSchemaViews,
  ...emptyViews,
  ...poolEmptyViews,
  ...legacyViews,
];

export const systemViews: ReadonlyMap<string, SystemView> = new Map(
  [
    ...ownViews,
    ...systemObjectViews(
      { objects: named("objects"), views: named("views"), columns: named("columns") },
      ownViews,
    ),
  ].map((view) => [`${view.schema}.${view.name}`.toLowerCase(), view]),
);

function named(name: string): SystemView {
  return ownViews.find((view) => view.schema === "sys" && view.name === name)!;
}

export function systemView(
  session: Session,
  { schema, name }: { schema: string; name: string },
  { isDescribed }: { isDescribed: boolean },
): SystemTable | undefined {
  const place = isLegacyName(schema, name) ? "sys" : schema;
  const view = systemViews.get(`${place}.${name}`.toLowerCase());
  if (view === undefined) return undefined;
  return {
    columns: view.columns.map(({ name, type }) => ({ name, type, nullable: true })),
    rows: (isDescribed ? [] : view.rows(session)).map((row) =>
      view.columns.map((column) =>
        row[column.name] === undefined ? column.always : row[column.name]!,
      ),
    ),
  };
}

/** What OBJECT_ID says of a system view. */
export function systemViewId(schema: string, name: string): number | undefined {
  const index = [...systemViews.keys()].indexOf(`${schema}.${name}`.toLowerCase());
  return index < 0 ? undefined : idOf(index);
}
