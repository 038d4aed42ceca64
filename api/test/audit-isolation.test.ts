import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../src/storage/database.ts';
import { activity, activityPage, added, allActivity, submit } from './audit-stage.ts';
import { GroupsStage, type Somebody } from './groups-stage.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { outcomeOf } from './outcome.ts';
import { inRole, INSUFFICIENT_PRIVILEGE, roles } from './database-roles.ts';

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
  await submit(picard, bob.key, 'Of Bob');
});
afterAll(() => picard[Symbol.asyncDispose]());

const as = (role: (typeof roles)[number], statement: string) => inRole(database, role, ada.id, statement);
const tables = ['audit_acts', 'audit_chain', 'audit_checkpoints', 'audit_heads'];

describe('P42 nobody changes the log', () => {
  test.each(roles.flatMap((role) => tables.map((table) => [role, table] as const)))(
    'P42 %s cannot remove from %s',
    async (role, table) => {
      expect(await outcomeOf(as(role, `delete from ${table}`))).toBe(INSUFFICIENT_PRIVILEGE);
      expect(await outcomeOf(as(role, `truncate ${table}`))).toBe(INSUFFICIENT_PRIVILEGE);
    },
  );

  test.each(roles.flatMap((role) => tables.slice(0, 3).map((table) => [role, table] as const)))(
    'P42 %s cannot change %s',
    async (role, table) => {
      const column = { audit_acts: 'act', audit_chain: 'seq', audit_checkpoints: 'seq' }[table];
      expect(await outcomeOf(as(role, `update ${table} set ${column} = ${column}`))).toBe(
        INSUFFICIENT_PRIVILEGE,
      );
    },
  );

  test.each(['viewer', 'accounts', 'jobs'] as const)('P42 %s cannot write its own', async (role) => {
    const insert = `insert into audit_acts (logs, act, face, subjects, subject_count) values ('{}', 'X', 'cli', '{}', 0)`;
    expect(await outcomeOf(as(role, insert))).toBe(INSUFFICIENT_PRIVILEGE);
    expect(
      await outcomeOf(as(role, `select append_audit(array['${ada.id}'::uuid], 'SIGNED_IN', '{}')`)),
    ).toBe(INSUFFICIENT_PRIVILEGE);
    expect(await outcomeOf(as(role, 'update audit_heads set seq = 0'))).toBe(INSUFFICIENT_PRIVILEGE);
  });

  test('P42 a viewer records nothing but what they may', async () => {
    await expect(as('viewer', `select record_own_act('SIGNED_IN')`)).rejects.toThrow('cannot record');
    expect(await outcomeOf(as('viewer', `select record_server_act('X', null)`))).toBe(INSUFFICIENT_PRIVILEGE);
    expect(await outcomeOf(as('viewer', `select record_sign_in('${bob.id}', true, 'x')`))).toBe(
      INSUFFICIENT_PRIVILEGE,
    );
  });
});

describe('P42 whose log it is', () => {
  test('P42 one’s own entries alone, also past the use cases', async () => {
    const mine = await activity(picard, ada.key);
    expect(mine.length).toBeGreaterThan(0);
    expect(new Set(mine.map(({ accountId }) => accountId))).toEqual(new Set([ada.id]));
    const seen = await database.forViewer(ada.id, async (sql) => ({
      logs: (await sql`select owner_id from audit_logs`).map((row) => String(row['ownerId'])),
      chain: (await sql`select from audit_chain`).length,
      acts: (await sql`select from audit_acts`).length,
    }));
    expect(seen).toEqual({ logs: [ada.id], chain: mine.length, acts: mine.length });
    expect(await database.forViewer('', (sql) => sql`select from audit_acts`)).toHaveLength(0);
  });

  test('P42 the server’s needs an administrator', async () => {
    for (const field of [
      'activity { edges { cursor } }',
      'auditVerification { next }',
      'auditCheckpoints { publicKey }',
    ]) {
      const { errors } = await picard.ask(`{ ${field} }`, {}, ada.key);
      expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    }
    const all = await allActivity(picard);
    expect(all.map(({ accountId }) => accountId)).toEqual(expect.arrayContaining([ada.id, bob.id]));
    const ofBob = await allActivity(picard, { accountId: bob.id });
    expect(new Set(ofBob.map(({ accountId }) => accountId))).toEqual(new Set([bob.id]));
    expect(await allActivity(picard, { accountId: 'nonsense' })).toEqual([]);
  });

  test('P42 what somebody does to another’s is in both logs, and told once to the administrator', async () => {
    const groupId = await stage.settled([ada, 'owner'], [bob, 'member']);
    const before = await allActivity(picard, { first: 1 });
    const ofBob = await added(picard, bob.key, () =>
      stage.does(ada, 'removeGroupMember', { groupId, userId: bob.id }),
    );
    const expected = {
      kind: 'GROUP_MEMBER_REMOVED',
      actorId: ada.id,
      concernedId: bob.id,
      subjectIds: [groupId],
    };
    expect(ofBob).toMatchObject([expected]);
    expect((await activity(picard, ada.key, { first: 1 }))[0]).toMatchObject(expected);
    const all = await allActivity(picard);
    const since = all.slice(
      0,
      all.findIndex(({ at, kind }) => at === before[0]?.at && kind === before[0]?.kind),
    );
    expect(since.filter(({ kind }) => kind === 'GROUP_MEMBER_REMOVED')).toHaveLength(1);
  });

  test('P42 pages and filters, newest first', async () => {
    for (let index = 0; index < 5; index += 1) await submit(picard, ada.key, `Fact ${index}`);
    const all = await activity(picard, ada.key);
    expect(all.map(({ number }) => number)).toEqual(all.map(({ number }) => number).sort((a, b) => b - a));
    const paged: unknown[] = [];
    for (let after: string | null = null; ;) {
      const { activity: page } = await activityPage(picard, ada.key, { first: 2, after });
      paged.push(...page.edges.map(({ node }) => node.number));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(paged).toEqual(all.map(({ number }) => number));
    const submitted = await activity(picard, ada.key, { filter: { kinds: ['MEMORY_SUBMITTED'] } });
    expect(submitted).toEqual(all.filter(({ kind }) => kind === 'MEMORY_SUBMITTED'));
    const middle = all[2];
    const since = await activity(picard, ada.key, { filter: { since: middle?.at } });
    expect(since).toEqual(all.filter(({ at }) => at >= (middle?.at ?? '')));
    const earlier = await activity(picard, ada.key, { filter: { before: middle?.at } });
    expect(earlier).toEqual(all.filter(({ at }) => at < (middle?.at ?? '')));
    const wrong = await picard.ask('{ viewer { activity(after: "x") { edges { cursor } } } }', {}, ada.key);
    expect(wrong.errors?.[0]?.extensions['code']).toBe('INVALID_INPUT');
  });
});
