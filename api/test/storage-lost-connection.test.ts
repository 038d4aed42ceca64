import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccount } from '../src/accounts/create-account.ts';
import { openDatabase, type Database, type Sql } from '../src/storage/database.ts';
import { DatabaseUnavailable } from '../src/storage/errors.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { startProxy } from './storage-proxy.ts';

let picard: TestPicard;
let database: Database;
const ada = { id: '' };
beforeAll(async () => {
  picard = await startTestPicard();
  database = picard.picard.services.database;
  ada.id = (await createAccount(picard.picard.services, { handle: 'ada' })).account.id;
});
afterAll(() => picard[Symbol.asyncDispose]());

describe.runIf(process.env['PICARD_TEST_DATABASE_URL'])('on Postgres, a connection that is lost', () => {
  /** As somebody else at the same time would, not within the transaction that is running. */
  const beside = AsyncLocalStorage.snapshot();
  const terminate = (pid: number) =>
    beside(() => database.asOwner((sql) => sql`select pg_terminate_backend(${pid})`));
  const pidOf = async (sql: Sql): Promise<number> => {
    const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
    return row?.pid ?? 0;
  };

  test('undoes its transaction, and nothing of it runs on another connection', async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID(), randomUUID()] as const;
    const insert = (sql: Sql, id: string) => sql`
      insert into memories (owner_id, id, version, content_version, kind, tags, language, trust, created_at, modified_at)
      values (${ada.id}, ${id}, 1, 1, 'NOTE', '{}', 'en', 'PERSON', now(), now())`;
    for (let round = 0; round < 20; round += 1) {
      const outcomes: unknown[] = [];
      const work = database.forViewer(ada.id, async (sql) => {
        await insert(sql, ids[0]);
        await terminate(await pidOf(sql));
        // Some sent before the loss is known, some after; others use the pool meanwhile.
        for (let step = 0; step < round; step += 1) await Promise.resolve();
        if (round % 3 === 2) await beside(() => database.forJobs((jobs) => jobs`select 1`));
        const rest = [insert(sql, ids[1]), insert(sql, ids[2])].map((query) =>
          query.then(
            () => 'done',
            () => 'lost',
          ),
        );
        outcomes.push(...(await Promise.all(rest)));
        outcomes.push(
          await insert(sql, ids[3]).then(
            () => 'done',
            () => 'lost',
          ),
        );
      });
      await expect(work).rejects.toThrow(DatabaseUnavailable);
      expect(outcomes.every((outcome) => outcome === 'lost')).toBe(true);
      expect(
        await database.asOwner((sql) => sql`select from memories where id = any(${[...ids]}::uuid[])`),
      ).toHaveLength(0);
    }
  });

  test('says of a commit that it does not know how it came out', async () => {
    const work = database.forViewer(ada.id, async (sql) => {
      // Runs when the transaction is committed, and ends the connection before it can answer.
      await terminateAtCommit(sql);
    });
    await expect(work).rejects.toThrow('not known');
  });

  const terminateAtCommit = async (sql: Sql): Promise<void> => {
    await sql`set local role none`;
    await sql.unsafe(`
      create temp table doomed (n integer);
      create function pg_temp.doom() returns trigger language plpgsql as
        $$ begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(10); return null; end $$;
      create constraint trigger doom after insert on doomed deferrable initially deferred
        for each row execute function pg_temp.doom();
      insert into doomed values (1)`);
  };
});

describe.runIf(process.env['PICARD_TEST_DATABASE_URL'])('a server that cannot be reached', () => {
  test('or that ends connections as soon as they stand, leaves no failure that nobody hears', async () => {
    await using proxy = await startProxy(new URL(picard.database.databaseUrl ?? ''));
    const unheard: unknown[] = [];
    const hear = (reason: unknown) => unheard.push(reason);
    process.on('unhandledRejection', hear);
    const through = await openDatabase({ url: proxy.url });
    try {
      proxy.cutFirstQuery();
      for (let round = 0; round < 20; round += 1) {
        await expect(through.forJobs((sql) => sql`select 1`)).rejects.toThrow(DatabaseUnavailable);
      }
      proxy.accept();
      expect(await through.forJobs((sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
      expect(unheard).toEqual([]);
    } finally {
      process.off('unhandledRejection', hear);
      await through.close();
    }
  });

  test('is told as unavailable, and is used again as soon as it answers, also to listen', async () => {
    await using proxy = await startProxy(new URL(picard.database.databaseUrl ?? ''));
    const through = await openDatabase({ url: proxy.url });
    try {
      const heard: string[] = [];
      let hear = Promise.withResolvers<void>();
      await through.listen('picard_proxy', (payload) => (heard.push(payload), hear.resolve()));
      expect(await through.forJobs((sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
      for (const round of ['first', 'second', 'third']) {
        proxy.refuse();
        const outcomes = await Promise.all(
          Array.from({ length: 15 }, () =>
            through.forJobs((sql) => sql`select 1`).catch((error: unknown) => error),
          ),
        );
        for (const outcome of outcomes) expect(outcome).toBeInstanceOf(DatabaseUnavailable);
        proxy.accept();
        expect(await through.forJobs((sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
        hear = Promise.withResolvers();
        await proxy.listening();
        await database.asOwner((sql) => sql`select pg_notify('picard_proxy', ${round})`);
        await hear.promise;
      }
      expect(heard).toEqual(['first', 'second', 'third']);
    } finally {
      await through.close();
    }
  });
});
