import { AsyncLocalStorage } from 'node:async_hooks';
import type { Database, Sql } from '../storage/database.ts';

class RolledBack extends Error {}

/** The request held what others may be waiting for, for too long: nothing of it was kept. */
export class RequestTooSlow extends Error {
  override readonly name = 'RequestTooSlow';
  constructor(milliseconds: number) {
    super(`A request was undone: it had not ended ${milliseconds} ms after it first locked or wrote a row.`);
  }
}

/** As long as a statement may take. A request that hangs must not keep others from what it has locked. */
const LONGEST_MS = 10_000;

/**
 * One database transaction for one HTTP request, so that what the library does in many calls happens whole or not at
 * all. It begins with the first row that is locked or written: what an app's document takes to fetch holds up nobody.
 */
export class RequestTransaction {
  readonly #database: Database;
  readonly #longestMs: number;
  readonly #arrivedAt = performance.now();
  readonly #end = Promise.withResolvers<'commit' | 'rollback' | 'too slow'>();
  readonly #before = new Set<Promise<unknown>>();
  #begun: Promise<Sql> | undefined;
  #done: Promise<void> | undefined;
  /** The refresh token that this request has used up, as the hash of its id. */
  consumedRefreshToken: Buffer | undefined;

  constructor(database: Database, longestMs: number) {
    this.#database = database;
    this.#longestMs = longestMs;
  }

  /** How long ago the request came, in milliseconds. */
  get age(): number {
    return performance.now() - this.#arrivedAt;
  }

  get begun(): Promise<Sql> | undefined {
    return this.#begun;
  }

  begin(): Promise<Sql> {
    return (this.#begun ??= this.#open());
  }

  /** What is read before the transaction begins. */
  before<T>(read: () => Promise<T>): Promise<T> {
    const reading = read().finally(() => this.#before.delete(reading));
    this.#before.add(reading);
    return reading;
  }

  async #open(): Promise<Sql> {
    // A connection that waits for one of ours while we wait for it would wait for ever.
    await Promise.allSettled(this.#before);
    return new Promise((resolve, reject) => {
      this.#done = this.#database.forAccounts(async (sql) => {
        resolve(sql);
        const patience = setTimeout(() => this.#end.resolve('too slow'), this.#longestMs);
        const end = await this.#end.promise;
        clearTimeout(patience);
        if (end === 'too slow') throw new RequestTooSlow(this.#longestMs);
        if (end === 'rollback') throw new RolledBack();
      });
      this.#done.catch(reject);
    });
  }

  async commit(): Promise<void> {
    await this.#begun;
    this.#end.resolve('commit');
    await this.#done;
  }

  async rollback(): Promise<void> {
    this.#end.resolve('rollback');
    await this.#begun?.catch(() => undefined);
    await this.#done?.catch(() => undefined);
  }
}

const current = new AsyncLocalStorage<RequestTransaction>();

export const currentTransaction = (): RequestTransaction | undefined => current.getStore();

/**
 * Runs a request in a transaction of its own. It is committed when `work` answers true, and by then nothing of the
 * response may have gone out: a client never holds a token that the database does not know.
 * @param longestMs how long it may go on after its first row
 * @throws {RequestTooSlow} when it went on for longer, and nothing was kept
 */
export async function inRequestTransaction(
  database: Database,
  work: () => Promise<boolean>,
  longestMs = LONGEST_MS,
): Promise<void> {
  const transaction = new RequestTransaction(database, longestMs);
  try {
    const keep = await current.run(transaction, work);
    await (keep ? transaction.commit() : transaction.rollback());
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
}

/** In the transaction of the request, if it has begun one; else in one of its own. */
export async function reading<T>(database: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
  const transaction = current.getStore();
  if (transaction?.begun) return work(await transaction.begun);
  return transaction ? transaction.before(() => database.forAccounts(work)) : database.forAccounts(work);
}

/** In the transaction of the request, which begins if it has not; outside of such a request in one of its own. */
export async function writing<T>(database: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = await current.getStore()?.begin();
  return sql ? work(sql) : database.forAccounts(work);
}
