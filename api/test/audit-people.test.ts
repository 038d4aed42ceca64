import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../src/storage/database.ts';
import { activity, added, allActivity, submit } from './audit-stage.ts';
import { dump } from './database-dump.ts';
import { GroupsStage, type Somebody } from './groups-stage.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

const tables = ['audit_acts', 'audit_chain', 'audit_pending', 'audit_checkpoints', 'audit_heads'];

let picard: TestPicard;
let stage: GroupsStage;
let database: Database;
let ada: Somebody;
let bob: Somebody;
beforeAll(async () => {
  picard = await startTestPicard();
  stage = new GroupsStage(picard);
  database = picard.picard.services.database;
  [ada, bob] = [await stage.somebody('ada'), await stage.somebody('bob')];
});
afterAll(() => picard[Symbol.asyncDispose]());

describe('P42 groups and grants', () => {
  test('P42 each step in a group, in the logs of those whom it is about', async () => {
    const carl = await stage.somebody('carl');
    let groupId = '';
    const ofAda = await added(picard, ada.key, async () => {
      groupId = await stage.group(ada);
      await stage.does(ada, 'inviteToGroup', { groupId, handle: 'carl' });
      const [invited] = await stage.invitationsTo(carl);
      await stage.does(carl, 'acceptGroupInvitation', { invitationId: invited?.id });
      await stage.does(ada, 'changeGroupRole', { groupId, userId: carl.id, role: 'MANAGER' });
      await stage.does(carl, 'leaveGroup', { groupId });
      await stage.does(ada, 'deleteGroup', { groupId });
    });
    expect(ofAda.map(({ kind }) => kind)).toEqual([
      'GROUP_CREATED',
      'GROUP_INVITED',
      'GROUP_ROLE_CHANGED',
      'GROUP_DELETED',
    ]);
    for (const { subjectIds } of ofAda) expect(subjectIds[0]).toBe(groupId);
    const ofCarl = (await activity(picard, carl.key)).reverse().slice(-4);
    expect(ofCarl).toMatchObject([
      { kind: 'GROUP_INVITED', actorId: ada.id, concernedId: carl.id },
      { kind: 'GROUP_JOINED', actorId: carl.id, details: { role: 'member' } },
      { kind: 'GROUP_ROLE_CHANGED', actorId: ada.id, details: { role: 'manager', before: 'member' } },
      { kind: 'GROUP_LEFT', actorId: carl.id },
    ]);
  });

  test('P42 grants: to whom, on what, and their end', async () => {
    const memoryId = await submit(picard, ada.key, 'To be shared');
    const groupId = await stage.group(ada);
    const does = (field: string, input: object) => {
      const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
      const document = `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ... on UserError { message } } }`;
      return picard.data(document, { input }, ada.key);
    };
    const toBob = { userId: bob.id };
    const rule = { tags: ['secret-tag'] };
    const entries = await added(picard, ada.key, async () => {
      await does('shareMemory', { memoryId, with: toBob });
      await does('shareMemory', { memoryId, with: toBob, level: 'WRITE' });
      await does('shareByRule', { rule, with: { groupId } });
      await does('revokeShare', { memoryId, from: toBob });
    });
    const direct = { concernedId: bob.id, subjectIds: [memoryId] };
    expect(entries).toMatchObject([
      { kind: 'ACCESS_GRANTED', ...direct, details: { level: 'READ', on: 'memory' } },
      { kind: 'ACCESS_CHANGED', ...direct, details: { level: 'WRITE' } },
      { kind: 'ACCESS_GRANTED', concernedId: null, details: { on: 'rule', group: groupId } },
      { kind: 'ACCESS_REVOKED', ...direct },
    ]);
    expect(JSON.stringify(entries)).not.toContain('secret-tag');
  });
});

test('P42 the log holds no text, tag, name or handle', async () => {
  const marker = `marker-${randomUUID()}`;
  const key = await picard.account(marker.slice(0, 30));
  const input = { text: marker, tags: [marker], source: marker, sourceId: marker, thread: marker };
  await picard.data(
    'mutation ($input: SubmitMemoryInput!) { submitMemory(input: $input) { __typename } }',
    { input },
    key,
  );
  const group = { name: marker, about: marker };
  await picard.data(
    'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { __typename } }',
    { input: group },
    key,
  );
  await picard.data(
    'mutation ($name: String!) { createApiKey(input: { name: $name, scopes: [MEMORIES_READ], faces: [MCP] }) { __typename } }',
    { name: marker },
    key,
  );
  const rows = await database.asOwner(async (sql) =>
    JSON.stringify(
      await Promise.all(tables.map((table) => sql`select to_jsonb(t)::text from ${sql(table)} t`)),
    ),
  );
  expect(rows).toContain('API_KEY_CREATED');
  expect(rows).not.toContain('marker-');
  // The marker is one that a search of the whole database finds: elsewhere names and tags are clear.
  expect(await dump(picard.database)).toContain(marker);
});

test('P42 of an account that is gone, its log stays, and tells nobody whose it was', async () => {
  const gone = await stage.somebody('gone');
  const groupId = await stage.settled([ada, 'owner'], [gone, 'manager']);
  await stage.does(gone, 'inviteToGroup', { groupId, handle: 'bob' });
  const before = await activity(picard, gone.key);
  await stage.deleteAccount(gone);
  const rows = await database.asOwner(async (sql) =>
    JSON.stringify(
      await Promise.all(
        [...tables, 'audit_logs'].map((table) => sql`select to_jsonb(t)::text from ${sql(table)} t`),
      ),
    ),
  );
  expect(rows).not.toContain(gone.id);
  expect(rows).toContain(ada.id);
  const [last] = await allActivity(picard, { filter: { kinds: ['ACCOUNT_DELETED'] } });
  expect(last).toMatchObject({ kind: 'ACCOUNT_DELETED', accountId: null, number: expect.any(Number) });
  expect(last?.number).toBeGreaterThan(before[0]?.number ?? 0);
  const [invited] = await activity(picard, bob.key, { filter: { kinds: ['GROUP_INVITED'] } });
  expect(invited).toMatchObject({ actorId: null, concernedId: bob.id });
});
