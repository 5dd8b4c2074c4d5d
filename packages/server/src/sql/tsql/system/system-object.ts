// The system views as objects of the catalogue: sys.system_objects and its kin, and with the user's own
// sys.all_objects, sys.all_views, sys.all_columns. Source: "sys.system_objects", "sys.all_objects".
import type { Session } from "../run/state.ts";
import { isString } from "../type.ts";
import type { SystemRow, SystemView } from "./definition.ts";
import { typeFacts } from "./type-facts.ts";

const schemaIds = { sys: 4, INFORMATION_SCHEMA: 3 } as const;
/** Of system objects: when this product's database was made matters to nobody. */
const created = 0n;

export interface OwnViews {
  readonly objects: SystemView;
  readonly views: SystemView;
  readonly columns: SystemView;
}

/**
 * `own` are the views of the user's objects, `views` all system views but those made here. Ids of
 * system objects are negative, as SQL Server's are.
 */
export function systemObjectViews(own: OwnViews, views: readonly SystemView[]): SystemView[] {
  const { objects, views: userViews, columns } = own;
  const made: SystemView[] = [
    like(objects, "system_objects", () => objectRows()),
    like(objects, "all_objects", (session) => [...objects.rows(session), ...objectRows()]),
    like(userViews, "system_views", () => objectRows()),
    like(userViews, "all_views", (session) => [...userViews.rows(session), ...objectRows()]),
    like(columns, "system_columns", () => columnRows()),
    like(columns, "all_columns", (session) => [...columns.rows(session), ...columnRows()]),
  ];
  const all = [...views, ...made];
  return made;

  function objectRows(): SystemRow[] {
    return all.map((view, index) => ({
      name: view.name,
      object_id: idOf(index),
      schema_id: schemaIds[view.schema],
      parent_object_id: 0,
      type: "V ",
      type_desc: "VIEW",
      create_date: created,
      modify_date: created,
      is_ms_shipped: true,
      is_published: false,
      is_schema_published: false,
      with_check_option: false,
      is_replicated: false,
      has_replication_filter: false,
    }));
  }

  function columnRows(): SystemRow[] {
    return all.flatMap((view, index) =>
      view.columns.map(({ name, type }, place) => {
        const facts = typeFacts(type);
        return {
          object_id: idOf(index),
          name,
          column_id: place + 1,
          system_type_id: facts.systemTypeId,
          user_type_id: facts.userTypeId,
          max_length: facts.maxLength,
          precision: facts.precision,
          scale: facts.scale,
          collation_name: isString(type) ? "SQL_Latin1_General_CP1_CI_AS" : null,
          is_nullable: true,
          is_ansi_padded: true,
          is_rowguidcol: false,
          is_identity: false,
          is_computed: false,
          default_object_id: 0,
          rule_object_id: 0,
        };
      }),
    );
  }
}

/** Of the system view at this place among all. */
export function idOf(index: number): number {
  return -(index + 1);
}

function like(
  view: SystemView,
  name: string,
  rows: (session: Session) => readonly SystemRow[],
): SystemView {
  return { schema: "sys", name, columns: view.columns, rows };
}
