// What a query would answer, without running it: for views, sp_describe_first_result_set, FMTONLY.

import { SqlError } from "../../session.ts";
import type { ViewObject } from "../catalogue/model.ts";
import { createBinder } from "../emit/binder.ts";
import type { RelationColumn } from "../emit/scope.ts";
import { viewRelation } from "../emit/source.ts";
import { createEnvironment } from "./environment.ts";
import type { Session } from "./state.ts";

/** Columns of a view; none when its tables have changed so that it no longer binds. */
export function describeView(session: Session, view: ViewObject): readonly RelationColumn[] {
  try {
    const env = createEnvironment(session, {
      recall: () => undefined,
      isDescribed: true,
      assumesModels: true,
    });
    return viewRelation(createBinder(env), view).columns;
  } catch (error) {
    if (error instanceof SqlError) return [];
    throw error;
  }
}
