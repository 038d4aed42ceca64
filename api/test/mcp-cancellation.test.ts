import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectPerson } from './mcp-asking-host.ts';
import type { Era } from './mcp-requests.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

const onPostgres = Boolean(process.env['PICARD_TEST_DATABASE_URL']);

/** The embedded database runs one statement at a time to its end: there is nothing to cancel. */
describe.runIf(onPostgres).each<Era>(['2026-07-28', '2025-11-25'])('a call that is cancelled, %s', (era) => {
  let picard: TestPicard;
  let key: string;
  let outside: postgres.Sql;
  beforeAll(async () => {
    picard = await startTestPicard();
    key = await picard.account('ada');
    outside = postgres(picard.database.databaseUrl ?? '', { max: 2 });
  });
  afterAll(async () => {
    await outside.end();
    await picard[Symbol.asyncDispose]();
  });

  const waiting = async () => {
    const [row] = await outside<{ count: number }[]>`
      select count(*)::int as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    return row?.count;
  };

  test('is cancelled in the database, and the next is served', async () => {
    const client = await connectPerson(picard.url, era, key);
    const giveUp = new AbortController();
    const lock = await outside.reserve();
    await lock`begin`;
    await lock`lock table memories in access exclusive mode`;
    const call = client.callTool({ name: 'get_memories', arguments: {} }, { signal: giveUp.signal });
    const refused = expect(call).rejects.toThrow();
    await vi.waitFor(async () => expect(await waiting()).toBe(1), { timeout: 5_000 });
    giveUp.abort();
    await refused;
    // The lock is still held: nothing else could have ended the wait.
    await vi.waitFor(async () => expect(await waiting()).toBe(0), { timeout: 5_000 });
    await lock`rollback`;
    lock.release();
    expect(await client.callTool({ name: 'get_memories', arguments: {} })).not.toHaveProperty(
      'isError',
      true,
    );
    await client.close();
  });
});
