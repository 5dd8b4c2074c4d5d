// Ties the rules of emit/ together for one statement of one session.

import { fail } from "../error.ts";
import type { Environment } from "./environment.ts";
import { bindValue } from "./expression.ts";
import { bindCondition } from "./predicate.ts";
import { bindQuery } from "./query.ts";
import type { Binder } from "./scope.ts";

/** The engine's planning time doubles with each subquery inside a subquery. */
const nestingMax = 20;

export function createBinder(env: Environment): Binder {
  let nesting = 0;
  const binder: Binder = {
    env,
    value: (expression, scope) => bindValue(binder, expression, scope),
    condition: (expression, scope) => bindCondition(binder, expression, scope),
    query(query, scope, use) {
      if (nesting >= nestingMax) fail(191, query.at);
      nesting += 1;
      try {
        return bindQuery(binder, query, scope, use);
      } finally {
        nesting -= 1;
      }
    },
  };
  return binder;
}
