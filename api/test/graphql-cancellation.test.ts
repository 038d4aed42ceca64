import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestPicard, type TestPicard } from './picard.ts';

const onPostgres = Boolean(process.env['PICARD_TEST_DATABASE_URL']);
const patience = { timeout: 10_000 };

/** The embedded database runs one statement at a time to its end: there is nothing to cancel. */
describe.runIf(onPostgres)('a request to /graphql that is given up', () => {
  let picard: TestPicard;
  let outside: postgres.Sql;
  beforeAll(async () => {
    picard = await startTestPicard();
    await picard.data('{ viewer { memories { totalCount } } }');
    outside = postgres(picard.database.databaseUrl ?? '', { max: 2 });
  });
  afterAll(async () => {
    await outside.end();
    await picard[Symbol.asyncDispose]();
  });

  /** Backends that wait for the lock; jobs of the server may be among them. */
  const waiting = async () => {
    const rows = await outside<{ pid: number; since: string }[]>`
      select pid, query_start::text as since from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    return rows.map(({ pid, since }) => `${pid} ${since}`);
  };

  test('is given up in the database, and the next is served', async () => {
    const giveUp = new AbortController();
    const lock = await outside.reserve();
    await lock`begin`;
    await lock`lock table memories in access exclusive mode`;
    const jobs = await waiting();
    const asked = fetch(new URL('/graphql', picard.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${picard.key}` },
      body: JSON.stringify({ query: '{ viewer { memories { totalCount } } }' }),
      signal: giveUp.signal,
    });
    const refused = expect(asked).rejects.toThrow();
    let own: string[] = [];
    await vi.waitFor(async () => {
      own = (await waiting()).filter((each) => !jobs.includes(each));
      expect(own).not.toEqual([]);
    }, patience);
    giveUp.abort();
    await refused;
    // The lock is still held: nothing else could have ended the wait.
    await vi.waitFor(async () => expect((await waiting()).filter((each) => own.includes(each))).toEqual([]), {
      timeout: 5_000,
    });
    await lock`rollback`;
    lock.release();
    expect((await picard.ask('{ viewer { memories { totalCount } } }')).errors).toBeUndefined();
  });
});
