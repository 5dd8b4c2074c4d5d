// Plans that a pool keeps: a statement that comes again while the pool's data is the same is not planned again. The
// engine plans with what it knows of its tables by then, so that an old plan would miss newer rows. Plans that read
// files it makes anew by itself.
import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";

export interface PlannedStatement {
  sql: string;
  /** Of the data; undefined where it says nothing of the plan. */
  version: number | undefined;
}

export interface Plans {
  /** Calls `execute` with the statement's plan, a kept one if there is one, and keeps it for the next time. */
  run<T>(
    connection: DuckDBConnection,
    statement: PlannedStatement,
    execute: (plan: DuckDBPreparedStatement) => Promise<T>,
  ): Promise<T>;
}

interface Kept extends PlannedStatement {
  connection: DuckDBConnection;
  plan: DuckDBPreparedStatement;
}

const plansMax = 64;
/** Longer texts hold rows, and hardly come again. */
const sqlLengthMax = 65_536;
/** What takes longer has little from a plan that is there already, and the plan may hold what it has gathered. */
const quickMs = 250;

export function keepPlans(): Plans {
  /** Those that nobody executes, in the order of their last use. A connection that is closed destroys its plans. */
  const kept = new Set<Kept>();

  function destroy(entry: Kept): void {
    kept.delete(entry);
    entry.plan.destroySync();
  }

  function take(
    connection: DuckDBConnection,
    { sql, version }: PlannedStatement,
  ): Kept | undefined {
    for (const entry of kept) {
      if (entry.connection !== connection || entry.sql !== sql) continue;
      if (entry.version === version) {
        kept.delete(entry);
        return entry;
      }
      destroy(entry);
      return undefined;
    }
    return undefined;
  }

  function keep(entry: Kept): void {
    kept.add(entry);
    const [oldest] = kept;
    if (kept.size > plansMax && oldest !== undefined) destroy(oldest);
  }

  return {
    async run(connection, statement, execute) {
      const plan = take(connection, statement)?.plan ?? (await connection.prepare(statement.sql));
      let isKept = statement.version !== undefined && statement.sql.length <= sqlLengthMax;
      const forgo = (): void => {
        isKept = false;
      };
      const slow = setTimeout(forgo, quickMs);
      try {
        return await execute(plan);
      } catch (error) {
        forgo();
        throw error;
      } finally {
        clearTimeout(slow);
        if (isKept) keep({ ...statement, connection, plan });
        else plan.destroySync();
      }
    },
  };
}
