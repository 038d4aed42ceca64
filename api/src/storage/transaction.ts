import type postgres from 'postgres';
import type { Connection } from './connection.ts';
import { DatabaseUnavailable, isUnavailable, postgresCode } from './errors.ts';

/** One open transaction: a tagged template that runs SQL. */
export type Sql = postgres.ISql;

/** Postgres answers this to every statement after the one that failed. */
const IN_FAILED_TRANSACTION = '25P02';

export class TransactionOver extends Error {
  override readonly name = 'TransactionOver';
  constructor() {
    super('A statement came after the end of its transaction, which had failed or was not waited for.');
  }
}

/**
 * Runs the work in a transaction that begins with `prelude`, SQL that travels with the `begin`. What one statement of it breaks is undone whole, also
 * when the work passes over the error.
 */
export async function inTransaction<T>(
  connection: Connection,
  prelude: string,
  work: (sql: Sql) => Promise<T>,
): Promise<T> {
  const { sql } = connection;
  let over = false;
  let committing = false;
  let failure: Error | undefined;
  const guarded = new Proxy(sql, {
    apply(target, self, args) {
      if (over) throw new TransactionOver();
      const made: unknown = Reflect.apply(target as never, self, args);
      if (made instanceof Promise) watch(made, (error) => (failure ??= error));
      return made;
    },
  });
  try {
    // Waited for: were it lost, what `work` sends would run outside any transaction.
    await sql.unsafe(`begin; ${prelude}`);
    const answer = await work(guarded);
    over = true;
    committing = true;
    const { command } = await sql.unsafe('commit');
    if (command !== 'COMMIT') throw failure ?? new Error('The database undid a transaction at its end');
    return answer;
  } catch (error) {
    over = true;
    // A connection that cannot even roll back is of no use to the next.
    if (!connection.lost) await sql.unsafe('rollback').catch(() => connection.close());
    if (isUnavailable(error)) throw new DatabaseUnavailable(error, committing ? 'unknown' : 'nothing');
    throw postgresCode(error) === IN_FAILED_TRANSACTION ? (failure ?? error) : error;
  }
}

/** Hears why a statement failed without sending it: only who waits for one sends it. */
function watch(query: Promise<unknown>, onFailure: (error: Error) => void): void {
  const then = query.then.bind(query);
  query.then = (resolved, rejected) =>
    then(resolved, (error: unknown) => {
      if (error instanceof Error) onFailure(error);
      if (rejected) return rejected(error);
      throw error;
    });
}
