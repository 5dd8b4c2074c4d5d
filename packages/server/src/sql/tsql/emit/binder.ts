// Ties the rules of emit/ together for one statement of one session.
import type { Environment } from "./environment.ts";
import { bindValue } from "./expression.ts";
import { bindCondition } from "./predicate.ts";
import { bindQuery } from "./query.ts";
import type { Binder } from "./scope.ts";

export function createBinder(env: Environment): Binder {
  const binder: Binder = {
    env,
    value: (expression, scope) => bindValue(binder, expression, scope),
    condition: (expression, scope) => bindCondition(binder, expression, scope),
    query: (query, scope, use) => bindQuery(binder, query, scope, use),
  };
  return binder;
}
