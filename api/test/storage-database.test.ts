import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccount } from '../src/accounts/create-account.ts';
import type { Database, Sql } from '../src/storage/database.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { outcomeOf } from './outcome.ts';

let picard: TestPicard;
let database: Database;
const [ada, bob] = [{ id: '' }, { id: '' }];
beforeAll(async () => {
  picard = await startTestPicard();
  database = picard.picard.services.database;
  ada.id = (await createAccount(picard.picard.services, { handle: 'ada' })).account.id;
  bob.id = (await createAccount(picard.picard.services, { handle: 'bob' })).account.id;
});
afterAll(() => picard[Symbol.asyncDispose]());

describe('a transaction', () => {
  const who = (sql: Sql) =>
    sql<{ role: string; viewer: string; timeout: string }[]>`
      select current_user as role, coalesce(current_setting('picard.viewer_id', true), '') as viewer,
        current_setting('statement_timeout') as timeout`;

  test('has its role, its viewer and its time limit from the first statement on', async () => {
    // Awaited inside: a query that is only handed back is sent later.
    const first = await Promise.all([
      database.forViewer(ada.id, async (sql) => await who(sql)),
      database.forViewer(bob.id, async (sql) => await who(sql)),
      database.forJobs(async (sql) => await who(sql)),
      database.forAccounts(async (sql) => await who(sql)),
    ]);
    expect(first.map(([row]) => row)).toEqual([
      { role: 'picard_viewer', viewer: ada.id, timeout: '10s' },
      { role: 'picard_viewer', viewer: bob.id, timeout: '10s' },
      { role: 'picard_jobs', viewer: '', timeout: '10min' },
      { role: 'picard_accounts', viewer: '', timeout: '10s' },
    ]);
  });

  test('leaves nothing of itself to the next, whether it was kept or undone', async () => {
    const before = await database.asOwner((sql) => who(sql));
    // More than there are connections, so that each is used again.
    await Promise.allSettled(
      Array.from({ length: 30 }, (_, n) =>
        database.forViewer(ada.id, async (sql) => {
          await sql`set local search_path = nowhere`;
          if (n % 2 === 0) throw new Error('undo');
        }),
      ),
    );
    const after = await Promise.all(Array.from({ length: 30 }, () => database.asOwner((sql) => who(sql))));
    for (const rows of after) expect(rows).toEqual(before);
    const paths = await database.asOwner((sql) => sql<{ searchPath: string }[]>`show search_path`);
    expect(paths[0]?.searchPath).not.toContain('nowhere');
  });

  test('is undone whole when one statement fails, even if the work passes over the error', async () => {
    const id = randomUUID();
    const insert = (sql: Sql) => sql`
      insert into memories (owner_id, id, version, content_version, kind, tags, language, trust, created_at, modified_at)
      values (${ada.id}, ${id}, 1, 1, 'NOTE', '{}', 'en', 'PERSON', now(), now())`;
    const careless = database.forViewer(ada.id, async (sql) => {
      await insert(sql);
      await sql`select 1 / ${0}::integer`.catch(() => undefined);
    });
    expect(await outcomeOf(careless)).toBe('22012');
    expect(
      await database.forViewer(ada.id, (sql) => sql`select from memories where id = ${id}`),
    ).toHaveLength(0);
  });

  test('tells the first failure, not those that follow from it', async () => {
    const deep = async (sql: Sql): Promise<void> => {
      await Promise.resolve();
      await sql`select 1 / ${0}::integer`;
    };
    const work = database.forViewer(ada.id, async (sql) => {
      const wrapped = (async () => (async () => deep(sql))())();
      await Promise.all([wrapped, new Promise((resolve) => setImmediate(resolve)).then(() => sql`select 1`)]);
    });
    expect(await outcomeOf(work)).toBe('22012');
  });

  test('takes no more statements once it has failed: they would be anybody’s', async () => {
    const late = Promise.withResolvers<unknown>();
    const ended = Promise.withResolvers<void>();
    const work = database.forViewer(ada.id, async (sql) => {
      const straggler = async (): Promise<unknown> => {
        await ended.promise;
        return sql`select current_user`;
      };
      straggler().then(late.resolve, late.reject);
      await sql`select 1 / ${0}::integer`;
    });
    await expect(work).rejects.toThrow();
    ended.resolve();
    await expect(late.promise).rejects.toThrow('after the end of its transaction');
  });
});
