import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createAccount } from '../src/accounts/create-account.ts';
import { givenUpBy } from '../src/storage/cancellation.ts';
import type { Database } from '../src/storage/database.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

const onPostgres = Boolean(process.env['PICARD_TEST_DATABASE_URL']);

let picard: TestPicard;
let database: Database;
let ada: string;
beforeAll(async () => {
  picard = await startTestPicard();
  database = picard.picard.services.database;
  ada = (await createAccount(picard.picard.services, { handle: 'ada' })).account.id;
});
afterAll(() => picard[Symbol.asyncDispose]());

describe('work that is given up', () => {
  test('is not begun when it was given up before', async () => {
    let begun = false;
    const work = givenUpBy(AbortSignal.abort(new Error('gone')), () =>
      database.forViewer(ada, async () => {
        begun = true;
      }),
    );
    await expect(work).rejects.toThrow('gone');
    expect(begun).toBe(false);
  });

  test('sends no other statement, and leaves nothing', async () => {
    const id = randomUUID();
    const giveUp = new AbortController();
    const work = givenUpBy(giveUp.signal, () =>
      database.forViewer(ada, async (sql) => {
        await sql`
          insert into memories (owner_id, id, version, content_version, kind, tags, language, trust, created_at, modified_at)
          values (${ada}, ${id}, 1, 1, 'NOTE', '{}', 'en', 'PERSON', now(), now())`;
        giveUp.abort(new Error('gone'));
        await sql`select 1`;
      }),
    );
    await expect(work).rejects.toThrow('gone');
    expect(await database.asOwner((sql) => sql`select from memories where id = ${id}`)).toHaveLength(0);
  });

  test('is not a job that a request began', async () => {
    const giveUp = new AbortController();
    const work = givenUpBy(giveUp.signal, () =>
      database.forJobs(async (sql) => {
        giveUp.abort(new Error('gone'));
        return sql<{ one: number }[]>`select 1 as one`;
      }),
    );
    expect(await work).toEqual([{ one: 1 }]);
  });

  test.runIf(onPostgres)('is cancelled in the database, and no other work with it', async () => {
    const sleeping = async () => {
      const [row] = await database.asOwner(
        (sql) => sql<{ count: number }[]>`
          select count(*)::int as count from pg_stat_activity
          where datname = current_database() and state = 'active' and wait_event = 'PgSleep'`,
      );
      return row?.count;
    };
    const giveUp = new AbortController();
    const work = givenUpBy(giveUp.signal, () =>
      database.forViewer(ada, async (sql) => {
        await sql`select pg_sleep(60)`;
      }),
    );
    const refused = expect(work).rejects.toThrow('gone');
    await vi.waitFor(async () => expect(await sleeping()).toBe(1), { timeout: 5_000 });
    giveUp.abort(new Error('gone'));
    await refused;
    await vi.waitFor(async () => expect(await sleeping()).toBe(0), { timeout: 5_000 });
    await Promise.all(Array.from({ length: 50 }, () => database.forViewer(ada, (sql) => sql`select 1`)));
  });
});
