// What queries were bound to: one that comes again is not bound anew while everything that binding asks for is the
// same. A parser answers the same nodes for the same text, so a node stands for its query.
import type { Query } from "../ast.ts";
import type { Relation } from "../emit/scope.ts";
import type { StatementEnvironment } from "./environment.ts";
import { frameOf, type KnownBinding, type Session } from "./state.ts";

/** Undefined while the catalogue changes, and where names and permissions are not those of the session's own user. */
function stateOf(session: Session): Omit<KnownBinding, "relation"> | undefined {
  const { database, impersonated, options } = session;
  const catalogue = database.catalogueVersion();
  if (catalogue === undefined || impersonated.length > 0 || frameOf(session).chained)
    return undefined;
  const data = session.connection.version();
  return { catalogue, data, dateFirst: options.dateFirst };
}

export function knownBinding(session: Session, query: Query): Relation | undefined {
  const known = session.bindings.get(query);
  if (known === undefined) return undefined;
  const now = stateOf(session);
  const { relation, catalogue, data, dateFirst } = known;
  const isSame =
    now?.catalogue === catalogue &&
    now.dateFirst === dateFirst &&
    (data === undefined || now.data === data);
  return isSame ? relation : undefined;
}

/** Binds a query and keeps the result, unless it depends on more than that. */
export async function bindAndKeep(
  session: Session,
  query: Query,
  bind: () => Promise<{ result: Relation; env: StatementEnvironment }>,
): Promise<{ result: Relation; env: StatementEnvironment }> {
  const before = stateOf(session);
  const bound = await bind();
  const { isRepeatable, readsModels } = bound.env.asked();
  // What changed meanwhile has another version.
  if (before !== undefined && isRepeatable && !(readsModels && before.data === undefined)) {
    const data = readsModels ? before.data : undefined;
    session.bindings.set(query, { relation: bound.result, ...before, data });
  }
  return bound;
}
