import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccount } from '../src/accounts/create-account.ts';
import type { Database, Sql } from '../src/storage/database.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { outcomeOf } from './outcome.ts';
import { inRole, INSUFFICIENT_PRIVILEGE } from './database-roles.ts';

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
  await createAccount(picard.picard.services, { handle: 'carol' });
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
    // With somebody whom Ada does not know.
    if (key === bob.key)
      await picard.data(
        'mutation ($id: ID!) { shareMemory(input: { memoryId: $id, with: { handle: "carol" } }) { __typename } }',
        { id: submitMemory.memory.id },
        key,
      );
  }
  await database.forJobs(
    (sql) => sql`
      insert into memory_embeddings (owner_id, model_id, memory_id, chunk, embedding)
      select owner_id, model_id, memory_id, 0, '[1,2,3]' from pending_embeddings`,
  );
  for (const { id } of [ada, bob]) {
    await database.asOwner(async (sql) => {
      const random = randomBytes(32);
      await sql`insert into passwords (owner_id, hash) values (${id}, 'hash')`;
      await sql`
        insert into passkeys (owner_id, credential_id, name, public_key, counter, transports)
        values (${id}, ${id}, 'Phone', ${random}, 0, '{}')`;
      await sql`
        insert into passkey_challenges (challenge, owner_id, expires_at) values (${id}, ${id}, now() + interval '1 hour')`;
      await sql`insert into recovery_codes (owner_id, code_hash) values (${id}, ${random})`;
      await sql`
        insert into account_links (token_hash, owner_id, purpose, expires_at)
        values (${random}, ${id}, 'claim', now() + interval '1 hour')`;
      await sql`insert into connected_apps (owner_id, client_id, name) values (${id}, 'an-app', 'An app')`;
      await sql`
        insert into sessions (owner_id, id, uid_hash, user_agent) values (${id}, ${id}, ${random}, 'a browser')`;
      // Without a text, so that it waits for ever.
      await sql`
        insert into memories (owner_id, id, version, content_version, kind, tags, language, trust, created_at, modified_at)
        values (${id}, ${id}, 1, 1, 'NOTE', '{}', 'en', 'PERSON', now(), now())`;
      await sql`insert into pending_keywords (owner_id, memory_id, audience_id) values (${id}, ${id}, ${id})`;
      await sql`
        insert into memory_reads
          (owner_id, memory_id, reader_id, app_kind, app_id, face, way, hour, count, first_at, last_at)
        select owner_id, id, owner_id, 'KEY', '', 'mcp', 'LIST', now(), 1, now(), now()
        from memories where owner_id = ${id}`;
      await sql`
        insert into memory_sources (owner_id, memory_id, source_id, place, trust) values (${id}, ${id}, ${id}, 1, 'PERSON')`;
      await sql`insert into quotas (owner_id, max_memories) values (${id}, 10)`;
    });
  }
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
      await outcomeOf(database.forViewer(ada.id, (sql) => sql`update memory_texts set owner_id = ${bob.id}`)),
    ).toBe(INSUFFICIENT_PRIVILEGE);
    expect(await contents(bob.id)).toEqual(before);
  });

  test('a viewer cannot write rows for another', async () => {
    const insert = (sql: Sql) => sql`
      insert into memories (owner_id, id, version, content_version, kind, tags, language, trust, created_at, modified_at)
      values (${bob.id}, ${randomUUID()}, 1, 1, 'NOTE', '{}', 'en', 'PERSON', now(), now())`;
    expect(await outcomeOf(database.forViewer(ada.id, insert))).toBe(INSUFFICIENT_PRIVILEGE);
    expect(await outcomeOf(database.forViewer(bob.id, insert))).toBe('done');
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
    ['a viewer, passwords', 'viewer', 'select * from passwords'],
    ['a viewer, links', 'viewer', 'select * from account_links'],
    ['a viewer, what the authorization server keeps', 'viewer', 'select * from oauth_models'],
    ['a viewer, when an account was claimed', 'viewer', 'update users set claimed_at = null'],
    ['a viewer, migrations', 'viewer', 'select * from migrations'],
    ['a viewer, models', 'viewer', "update embedding_models set state = 'retired'"],
    ['a viewer, the schema', 'viewer', 'create table mine (n integer)'],
    ['a viewer, tables', 'viewer', 'truncate memories'],
    ['a viewer, who may see a memory', 'viewer', "update memory_audiences set level = 'SHARE'"],
    ['a viewer, whom a grant lets in', 'viewer', 'update grants set audience_id = granted_by'],
    ['a viewer, vectors of audiences', 'viewer', 'delete from audience_signs'],
    ['a job, grants', 'jobs', 'delete from grants'],
    ['sign-in, grants', 'accounts', 'select * from grants'],
    ['a viewer, how much a source is trusted', 'viewer', "update memory_sources set trust = 'PERSON'"],
    ['a job, what memories were made of', 'jobs', 'select * from memory_sources'],
    ['sign-in, what memories were made of', 'accounts', 'select * from memory_sources'],
    ['a viewer, who saw what', 'viewer', 'update memory_reads set count = 0'],
    ['sign-in, who saw what', 'accounts', 'select * from memory_reads'],
    ['a job, API keys', 'jobs', 'select * from api_keys'],
    ['a job, texts', 'jobs', "update memory_texts set sealed = ''"],
    ['a job, accounts', 'jobs', 'update users set administrator = true'],
    ['a job, passwords', 'jobs', 'select * from passwords'],
    ['sign-in, memories', 'accounts', 'select * from memories'],
    ['sign-in, words', 'accounts', 'select tokens from memory_keywords'],
    ['sign-in, texts', 'accounts', 'select * from memory_texts'],
    ['sign-in, accounts', 'accounts', 'update users set administrator = true'],
  ] as const)('%s', async (_what, role, statement) => {
    expect(await outcomeOf(inRole(database, role, ada.id, statement))).toBe(INSUFFICIENT_PRIVILEGE);
  });
});
