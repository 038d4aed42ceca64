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
 * Runs the work in a transaction that begins with `prelude`, SQL that travels with the `begin`. What one statement of it
 * breaks is undone whole, also when the work passes over the error.
 * @param signal gives up the work until it begins to commit: the statement that runs is cancelled, no other is sent
 */
export async function inTransaction<T>(
  connection: Connection,
  prelude: string,
  work: (sql: Sql) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted();
  const { sql } = connection;
  let over = false;
  let committing = false;
  let failure: Error | undefined;
  let running: { cancel(): void } | undefined;
  let cancelled = false;
  const giveUp = () => {
    // What has begun to commit is let be: nobody could say whether it was done.
    if (committing) return;
    over = true;
    if (!running || !connection.cancels) return;
    cancelled = true;
    running.cancel();
  };
  signal?.addEventListener('abort', giveUp, { once: true });
  const guarded = new Proxy(sql, {
    apply(target, self, args) {
      if (over) throw signal?.aborted ? asError(signal.reason) : new TransactionOver();
      const made: unknown = Reflect.apply(target as never, self, args);
      if (isQuery(made)) {
        watch(made, {
          sent: () => {
            running = made;
          },
          failed: (error) => {
            failure ??= error;
          },
          ended: () => {
            if (running === made) running = undefined;
          },
        });
      }
      return made;
    },
  });
  try {
    // Waited for: were it lost, what `work` sends would run outside any transaction.
    await sql.unsafe(`begin; ${prelude}`);
    const answer = await work(guarded);
    signal?.throwIfAborted();
    over = true;
    committing = true;
    const { command } = await sql.unsafe('commit');
    if (command !== 'COMMIT') throw failure ?? new Error('The database undid a transaction at its end');
    return answer;
  } catch (error) {
    over = true;
    // A connection that cannot even roll back is of no use to the next.
    if (!connection.lost) await sql.unsafe('rollback').catch(() => connection.close());
    // A cancellation that comes late must not meet the statement of somebody else.
    if (cancelled && !connection.lost) await connection.close();
    if (signal?.aborted && !committing) throw asError(signal.reason);
    if (isUnavailable(error)) throw new DatabaseUnavailable(error, committing ? 'unknown' : 'nothing');
    throw postgresCode(error) === IN_FAILED_TRANSACTION ? (failure ?? error) : error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

interface Watcher {
  readonly sent: () => void;
  readonly failed: (error: Error) => void;
  readonly ended: () => void;
}

/** Hears when a statement is sent and why it failed, without sending it: only who waits for one sends it. */
function watch(query: postgres.PendingQuery<postgres.Row[]>, { sent, failed, ended }: Watcher): void {
  const then = query.then.bind(query);
  query.then = (resolved, rejected) => {
    sent();
    return then(
      (rows) => {
        ended();
        return resolved ? resolved(rows) : (rows as never);
      },
      (error: unknown) => {
        ended();
        if (error instanceof Error) failed(error);
        if (rejected) return rejected(error);
        throw error;
      },
    );
  };
}

function isQuery(made: unknown): made is postgres.PendingQuery<postgres.Row[]> {
  return made instanceof Promise && 'cancel' in made;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('Given up');
}
