import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccount } from '../src/accounts/create-account.ts';
import { openDatabase, type Database, type Sql } from '../src/storage/database.ts';
import { DatabaseUnavailable } from '../src/storage/errors.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { startProxy } from './storage-proxy.ts';

/** Tables that hold nothing of any account; every other table must keep accounts apart. */
const COMMON_TABLES = ['embedding_models', 'migrations'];

let picard: TestPicard;
let database: Database;
const [ada, bob] = [
  { id: '', key: '' },
  { id: '', key: '' },
];

beforeAll(async () => {
  picard = await startTestPicard();
  database = picard.picard.services.database;
  for (const [person, handle] of [
    [ada, 'ada'],
    [bob, 'bob'],
  ] as const) {
    const { account, secret } = await createAccount(picard.picard.services, { handle });
    person.id = account.id;
    person.key = secret;
  }
  await database.forJobs(
    (sql) => sql`insert into embedding_models (key, dimensions, state) values ('test', 3, 'building')`,
  );
  for (const { key } of [ada, bob]) {
    const { submitMemory } = await picard.data<{ submitMemory: { memory: { id: string } } }>(
      'mutation { submitMemory(input: { text: "One" }) { ... on SubmitMemoryPayload { memory { id } } } }',
      {},
      key,
    );
    await picard.data(
      'mutation ($input: UpdateMemoryInput!) { updateMemory(input: $input) { __typename } }',
      { input: { id: submitMemory.memory.id, text: 'Two' } },
      key,
    );
  }
  await database.forJobs(
    (sql) => sql`
      insert into memory_embeddings (owner_id, model_id, memory_id, chunk, embedding)
      select owner_id, model_id, memory_id, 0, '[1,2,3]' from pending_embeddings`,
  );
});
afterAll(() => picard[Symbol.asyncDispose]());

const tables = async (): Promise<{ name: string; owned: boolean; secured: boolean; forced: boolean }[]> =>
  database.asOwner(
    (sql) => sql`
      select c.relname as name, c.relrowsecurity as secured, c.relforcerowsecurity as forced,
        exists (select from information_schema.columns i
          where i.table_schema = 'public' and i.table_name = c.relname and i.column_name = 'owner_id') as owned
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`,
  );

const refused = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => Reflect.get(Object(error), 'code'),
  );

const INSUFFICIENT_PRIVILEGE = '42501';

describe('row-level security', () => {
  test('every table that is not common to all has it, and forces it on its owner too', async () => {
    const open = (await tables())
      .filter(({ secured, forced }) => !secured || !forced)
      .map(({ name }) => name);
    expect(open).toEqual(COMMON_TABLES);
  });

  test('whoever forgets to ask for the viewer’s own rows still gets no others', async () => {
    const owned = (await tables()).filter((table) => table.owned).map(({ name }) => name);
    expect(owned).toContain('memories');
    for (const table of owned) {
      const all = await database.asOwner(
        (sql) => sql`select owner_id from ${sql(table)} where owner_id = ${bob.id}`,
      );
      expect(all.length, `${table} has a row of Bob: give it one in this test`).toBeGreaterThan(0);
      const rows = await database.forViewer(ada.id, async (sql) => {
        const readable = await sql<
          { granted: boolean }[]
        >`select has_table_privilege(${table}, 'select') as granted`;
        return readable[0]?.granted ? sql<{ ownerId: string }[]>`select * from ${sql(table)}` : [];
      });
      expect(
        [...new Set(rows.map(({ ownerId }) => ownerId))].filter((id) => id !== ada.id),
        table,
      ).toEqual([]);
    }
    const users = await database.forViewer(ada.id, (sql) => sql<{ id: string }[]>`select id from users`);
    expect(users).toEqual([{ id: ada.id }]);
  });

  test('a viewer can neither change nor remove nor move rows of another', async () => {
    const before = await contents(bob.id);
    const changed = await database.forViewer(ada.id, async (sql) => [
      (await sql`update memories set tags = '{mine}' where owner_id = ${bob.id}`).count,
      (await sql`update memory_texts set sealed = '\\x00' where owner_id = ${bob.id}`).count,
      (await sql`delete from memories where owner_id = ${bob.id}`).count,
    ]);
    expect(changed).toEqual([0, 0, 0]);
    expect(
      await refused(database.forViewer(ada.id, (sql) => sql`update memory_texts set owner_id = ${bob.id}`)),
    ).toBe(INSUFFICIENT_PRIVILEGE);
    expect(await contents(bob.id)).toEqual(before);
  });

  test('a viewer cannot write rows for another', async () => {
    const insert = (sql: Sql) => sql`
      insert into memories (owner_id, id, version, content_version, kind, tags, language, trust, created_at, modified_at)
      values (${bob.id}, ${randomUUID()}, 1, 1, 'NOTE', '{}', 'en', 'PERSON', now(), now())`;
    expect(await refused(database.forViewer(ada.id, insert))).toBe(INSUFFICIENT_PRIVILEGE);
    expect(await refused(database.forViewer(bob.id, insert))).toBe('done');
  });

  test('no viewer, no rows', async () => {
    expect(await database.forViewer('', (sql) => sql`select * from memories`)).toHaveLength(0);
  });

  const contents = (ownerId: string) =>
    database.asOwner(
      (sql) => sql`
        select m.id, m.tags, t.sealed from memories m join memory_texts t on t.memory_id = m.id
        where m.owner_id = ${ownerId} order by m.id, t.content_version`,
    );
});

describe('what a role may not touch at all', () => {
  test.each([
    ['a viewer, keys of accounts', 'viewer', 'update data_keys set master_key_version = 9'],
    ['a viewer, accounts', 'viewer', 'update users set administrator = true'],
    ['a viewer, migrations', 'viewer', 'select * from migrations'],
    ['a viewer, models', 'viewer', "update embedding_models set state = 'retired'"],
    ['a viewer, the schema', 'viewer', 'create table mine (n integer)'],
    ['a viewer, tables', 'viewer', 'truncate memories'],
    ['a job, API keys', 'jobs', 'select * from api_keys'],
    ['a job, texts', 'jobs', "update memory_texts set sealed = ''"],
    ['a job, accounts', 'jobs', 'update users set administrator = true'],
    ['sign-in, memories', 'accounts', 'select * from memories'],
    ['sign-in, texts', 'accounts', 'select * from memory_texts'],
    ['sign-in, accounts', 'accounts', 'update users set administrator = true'],
  ] as const)('%s', async (_what, role, statement) => {
    const work = (sql: Sql) => sql.unsafe(statement);
    const run = {
      viewer: () => database.forViewer(ada.id, work),
      jobs: () => database.forJobs(work),
      accounts: () => database.forAccounts(work),
    }[role];
    expect(await refused(run())).toBe(INSUFFICIENT_PRIVILEGE);
  });
});

describe('a transaction', () => {
  const who = (sql: Sql) =>
    sql<{ role: string; viewer: string; timeout: string }[]>`
      select current_user as role, coalesce(current_setting('picard.viewer_id', true), '') as viewer,
        current_setting('statement_timeout') as timeout`;

  test('has its role, its viewer and its time limit from the first statement on', async () => {
    const first = await Promise.all([
      database.forViewer(ada.id, (sql) => who(sql)),
      database.forViewer(bob.id, (sql) => who(sql)),
      database.forJobs((sql) => who(sql)),
      database.forAccounts((sql) => who(sql)),
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
    expect(await refused(careless)).toBe('22012');
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
    expect(await refused(work)).toBe('22012');
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

describe.runIf(process.env['PICARD_TEST_DATABASE_URL'])('on Postgres, a connection that is lost', () => {
  const terminate = (pid: number) => database.asOwner((sql) => sql`select pg_terminate_backend(${pid})`);
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
        if (round % 3 === 2) await database.forJobs((jobs) => jobs`select 1`);
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
