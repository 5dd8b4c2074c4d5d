// Versions of a pool's data, counted by its only process: what a connection found is there as long as the version that
// it sees stays the same. Known models and kept plans are good for one version.

export interface SeenData {
  /**
   * Undefined while something may be changing, and in a transaction that does not see what is newest or is not alone
   * in what it has changed.
   */
  version(): number | undefined;
  /** Every statement that may change data, and those that begin and end transactions. */
  run<T>(statements: readonly { sql: string }[], execute: () => Promise<T>): Promise<T>;
}

interface Transaction {
  /** Of the data at its beginning. */
  version: number | undefined;
  hasChanged: boolean;
}

/** Answers a function that makes what each connection of a pool sees. */
export function countVersions(): () => SeenData {
  let count = 0;
  let runningCount = 0;
  const newest = (): number | undefined => (runningCount > 0 ? undefined : count);

  async function change<T>(execute: () => Promise<T>): Promise<T> {
    count += 1;
    runningCount += 1;
    try {
      return await execute();
    } finally {
      runningCount -= 1;
    }
  }

  return () => {
    let transaction: Transaction | undefined;

    /** Drivers begin and end transactions around reading, too, which changes nothing. */
    function mayChange(statements: readonly { sql: string }[]): boolean {
      const [first] = statements;
      if (first?.sql === "BEGIN TRANSACTION") {
        const hasChanged = statements.length > 1;
        transaction = { version: newest(), hasChanged };
        return hasChanged;
      }
      if (first?.sql === "COMMIT" || first?.sql === "ROLLBACK") {
        const hasChanged = transaction?.hasChanged ?? true;
        transaction = undefined;
        return hasChanged;
      }
      if (transaction !== undefined) transaction.hasChanged = true;
      return true;
    }

    return {
      version: () =>
        transaction === undefined || transaction.version === count ? newest() : undefined,
      run: (statements, execute) => (mayChange(statements) ? change(execute) : execute()),
    };
  };
}
