import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database, Sql } from '../src/storage/database.ts';
import { AdminStage } from './admin-stage.ts';
import { outcomeOf } from './outcome.ts';
import { inRole, INSUFFICIENT_PRIVILEGE } from './database-roles.ts';

let stage: AdminStage;
let database: Database;
let admin: string;
let ada: { id: string; key: string };
beforeAll(async () => {
  stage = await AdminStage.open();
  ({ database } = stage.picard.picard.services);
  admin = await stage.idOf(stage.picard.key);
  ada = await stage.person('ada');
  await stage.change('submitMemory', { text: 'Kept', tags: ['private'], thread: 'diary' }, '', ada.key);
  await stage.change('createGroup', { name: 'Readers', about: 'What it is about' }, '', ada.key);
});
afterAll(() => stage[Symbol.asyncDispose]());

/** All that an administrator's role may read, and nothing else; whatever is added is added here with thought. */
const READABLE: Readonly<Record<string, readonly string[]>> = {
  account_usage: ['owner_id', 'memories', 'bytes', 'summed'],
  api_keys: ['owner_id', 'last_used_at'],
  connected_apps: ['owner_id', 'client_id', 'created_at', 'last_used_at'],
  data_keys: ['master_key_version'],
  disabled_clients: ['client_id', 'disabled_at'],
  embedding_models: ['id', 'key', 'dimensions', 'state'],
  group_members: ['group_id', 'user_id'],
  groups: ['id', 'name', 'created_at'],
  job_runs: ['name', 'started_at', 'finished_at', 'failed_at', 'failures', 'next_at'],
  memories: ['deleted_at'],
  migrations: ['name', 'applied_at'],
  oauth_models: ['model', 'grant_id', 'account_id', 'client_id', 'consumed_at', 'created_at', 'expires_at'],
  pending_embeddings: ['model_id', 'attempts', 'run_after'],
  quotas: ['owner_id', 'max_memories', 'max_megabytes'],
  revoked_tokens: ['kind', 'key', 'expires_at'],
  sessions: ['owner_id', 'last_seen_at'],
  users: [
    'id',
    'handle',
    'display_name',
    'administrator',
    'claimed_at',
    'created_at',
    'suspended_at',
    'last_sign_in_at',
  ],
  word_statistics: ['summed'],
};

describe('the role of administrators', () => {
  test('may read these columns and no others', async () => {
    const rows = await database.asOwner(
      (sql) => sql<{ tableName: string; columnName: string }[]>`
        select table_name, column_name from information_schema.columns
        where table_schema = 'public'
          and has_column_privilege('picard_admin', quote_ident(table_name), column_name, 'select')`,
    );
    const readable = Map.groupBy(rows, ({ tableName }) => tableName);
    expect(
      Object.fromEntries(
        [...readable].map(([table, columns]) => [table, columns.map((each) => each.columnName).sort()]),
      ),
    ).toEqual(
      Object.fromEntries(Object.entries(READABLE).map(([table, columns]) => [table, [...columns].sort()])),
    );
  });

  test.each([
    ['texts', 'select * from memory_texts'],
    ['tags', 'select tags from memories'],
    ['threads and sources', 'select thread, source from memories'],
    ['earlier versions', 'select * from memory_versions'],
    ['words', 'select * from memory_keywords'],
    ['vectors', 'select * from memory_embeddings'],
    ['what a group is about', 'select about from groups'],
    ['what somebody tells of themselves', 'select about from users'],
    ['data keys', 'select wrapped from data_keys'],
    ['secrets of API keys', 'select secret_hash from api_keys'],
    ['passwords', 'select * from passwords'],
    ['what the authorization server seals', 'select sealed from oauth_models'],
    ['who is given what', 'select * from grants'],
    ['handles, to change them', "update users set handle = 'mine'"],
    ['memories, to change them', 'update memories set deleted_at = null'],
    ['memories, to delete them', 'delete from memories'],
    ['accounts, to delete them', 'delete from users'],
    ['members, to add some', 'insert into group_members select * from group_members'],
  ])('has no right to %s', async (_what, statement) => {
    expect(await outcomeOf(database.forAdministrator(admin, (sql) => sql.unsafe(statement)))).toBe(
      INSUFFICIENT_PRIVILEGE,
    );
  });

  test('is taken on by administrators alone, as the database has it now', async () => {
    const read = (id: string) => database.forAdministrator(id, (sql) => sql`select id from users`);
    expect(await outcomeOf(read(admin))).toBe('done');
    for (const id of [ada.id, crypto.randomUUID(), '']) expect(await outcomeOf(read(id))).toBe('FORBIDDEN');
    await database.asOwner(
      (sql) => sql`update users set administrator = true, suspended_at = now() where id = ${ada.id}`,
    );
    expect(await outcomeOf(read(ada.id))).toBe('FORBIDDEN');
    await database.asOwner((sql) => sql`update users set suspended_at = null where id = ${ada.id}`);
    expect(await outcomeOf(read(ada.id))).toBe('done');
    await database.asOwner((sql) => sql`update users set administrator = false where id = ${ada.id}`);
    expect(await outcomeOf(read(ada.id))).toBe('FORBIDDEN');
  });

  test('sees and changes no row, if somebody else comes by it all the same', async () => {
    const seen = await database.asOwner(async (sql: Sql) => {
      await sql.unsafe(`set local role picard_admin; set local picard.viewer_id = '${ada.id}'`);
      const counts: Record<string, number> = {};
      for (const table of Object.keys(READABLE))
        counts[table] = (await sql`select from ${sql(table)}`).length;
      counts['changed'] = (await sql`update users set administrator = true`).count;
      counts['removed'] = (await sql`delete from groups`).count;
      return counts;
    });
    // These hold nothing of anybody's.
    const { embedding_models: _models, migrations: _migrations, ...others } = seen;
    expect(Object.entries(others).filter(([, count]) => count > 0)).toEqual([]);
  });
});

describe('everybody else', () => {
  test.each([
    ['a viewer, who is suspended', 'viewer', 'select suspended_at from users'],
    ['a viewer, who signed in when', 'viewer', 'select last_sign_in_at from users'],
    ['a viewer, suspensions', 'viewer', 'update users set suspended_at = null'],
    ['a viewer, quotas', 'viewer', 'insert into quotas values (null, 1, 1)'],
    ['a viewer, what they hold', 'viewer', 'delete from account_usage'],
    ['a viewer, another one’s room', 'viewer', 'select * from usage_room(picard_viewer_id())'],
    ['a viewer, what others hold', 'viewer', 'select add_usage(picard_viewer_id(), -1, -1)'],
    ['a viewer, disabled apps', 'viewer', 'select * from disabled_clients'],
    ['sign-in, suspensions', 'accounts', 'update users set suspended_at = null'],
    ['sign-in, disabled apps', 'accounts', 'delete from disabled_clients'],
    ['a job, suspensions', 'jobs', 'update users set suspended_at = null'],
    ['a job, quotas', 'jobs', 'delete from quotas'],
  ] as const)('%s', async (_what, role, statement) => {
    expect(await outcomeOf(inRole(database, role, ada.id, statement))).toBe(INSUFFICIENT_PRIVILEGE);
  });

  test('nobody finds the words of a suspended account, by the function or by the rows', async () => {
    const owner = await stage.person('owner');
    const submitted = await stage.submit(owner.key, 'A lighthouse');
    const id = (submitted['memory'] as { id: string }).id;
    await database.asOwner((sql) => sql`update memories set visibility = 'PUBLIC' where id = ${id}`);
    const keyed = () =>
      database.asOwner(
        (sql) => sql<{ token: string }[]>`
          select tokens[1]::text as token from memory_keywords
          where memory_id = ${id} and audience_id = picard_everyone()`,
      );
    await expect.poll(keyed).toHaveLength(1);
    const token = (await keyed())[0]?.token ?? '';
    const found = () =>
      database.forViewer(ada.id, async (sql) => [
        (await sql`select from find_keywords(array[${token}]::bigint[], '{1}')`).length,
        (await sql`select from memory_keywords where owner_id = ${owner.id}`).length,
        (await sql`select from word_statistics where owner_id = ${owner.id}`).length,
      ]);
    expect(await found()).toEqual([1, 1, 1]);
    await stage.change('suspendUser', { userId: owner.id });
    expect(await found()).toEqual([0, 0, 0]);
  });

  test('an account that is deleted leaves nothing of what it held', async () => {
    const gone = await stage.person('gone');
    await stage.submit(gone.key, 'One');
    await database.asOwner((sql) => sql`insert into quotas values (${gone.id}, 5, null)`);
    await database.forAccounts((sql) => sql`delete from users where id = ${gone.id}`);
    for (const table of ['account_usage', 'quotas'])
      expect(
        await database.asOwner((sql) => sql`select from ${sql(table)} where owner_id = ${gone.id}`),
      ).toHaveLength(0);
  });
});
