import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Somebody } from './groups-stage.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { SharingStage } from './sharing-stage.ts';

let picard: TestPicard;
let stage: SharingStage;
beforeAll(async () => {
  picard = await startTestPicard();
  stage = new SharingStage(picard);
});
afterAll(() => picard[Symbol.asyncDispose]());

const rule = (who: Somebody, rule: object, grantee: Somebody | { groupId: string }, more: object = {}) =>
  stage.shares(who, 'shareByRule', {
    rule,
    with: 'handle' in grantee ? { handle: grantee.handle } : grantee,
    ...more,
  });

describe('sharing by rule', () => {
  test('covers today’s memories and those to come', async () => {
    const [ada, bob] = await stage.people(1, 2);
    const early = await stage.memory(ada, { tags: ['trip', 'oslo'] });
    const other = await stage.memory(ada, { tags: ['trip'] });
    const shared = await rule(ada, { tags: ['oslo', 'trip', 'oslo'] }, bob);
    expect(shared).toMatchObject({
      memoriesNow: 1,
      grant: {
        level: 'READ',
        memory: null,
        rule: { tags: ['oslo', 'trip'], kinds: [], sources: [], thread: null },
        grantee: { handle: bob.handle },
      },
    });
    const late = await stage.memory(ada, { tags: ['oslo', 'snow', 'trip'] });
    expect((await stage.list(bob)).toSorted()).toEqual([early, late].toSorted());
    expect(await stage.level(bob, other)).toBeNull();
  });

  test('the tags that a memory gets let people in, and those that it loses keep them out', async () => {
    const [ada, bob] = await stage.people(1, 2);
    await rule(ada, { tags: ['open'] }, bob);
    const id = await stage.memory(ada, { tags: [] });
    expect(await stage.level(bob, id)).toBeNull();
    await stage.update(ada, id, { tags: ['open'] });
    expect(await stage.level(bob, id)).toBe('READ');
    await stage.update(ada, id, { tags: ['closed'] });
    expect(await stage.level(bob, id)).toBeNull();
    expect(await stage.list(bob)).toEqual([]);
  });

  test('by kind, source and thread as well: any of each, and all at once', async () => {
    const [ada, bob] = await stage.people(1, 2);
    const good = { kind: 'FACT', source: 'diary', thread: 'trip' };
    await rule(ada, { kinds: ['FACT', 'EVENT'], sources: ['diary', 'letters'], thread: 'trip' }, bob);
    const fitting = [await stage.memory(ada, good), await stage.memory(ada, { ...good, kind: 'EVENT' })];
    for (const off of [{ kind: 'NOTE' }, { source: 'web' }, { source: null }, { thread: 'other' }])
      await stage.memory(ada, { ...good, ...off });
    expect((await stage.list(bob)).toSorted()).toEqual(fitting.toSorted());
  });

  test('reaches neither what is private nor what lies in the trash, nor anybody else’s memories', async () => {
    const [ada, bob, carol] = await stage.people(1, 2, 3);
    const hidden = await stage.memory(ada, { tags: ['t'], visibility: 'PRIVATE' });
    const thrown = await stage.memory(ada, { tags: ['t'] });
    await picard.data(
      'mutation ($id: ID!) { deleteMemory(input: { id: $id }) { __typename } }',
      { id: thrown },
      ada.key,
    );
    await stage.memory(carol, { tags: ['t'] });
    expect((await rule(ada, { tags: ['t'] }, bob)).memoriesNow).toBe(0);
    expect(await stage.list(bob)).toEqual([]);
    await stage.update(ada, hidden, { visibility: 'SHARED' });
    expect(await stage.list(bob)).toEqual([hidden]);
  });

  test('the same rule again changes the same share; another rule is another', async () => {
    const [ada, bob] = await stage.people(1, 2);
    const id = await stage.memory(ada, { tags: ['a', 'b'] });
    const first = await rule(ada, { tags: ['a', 'b'] }, bob, { level: 'WRITE' });
    const again = await rule(ada, { tags: ['b', 'a'], kinds: [] }, bob, { level: 'READ' });
    expect(again.grant).toMatchObject({ id: first.grant.id, level: 'READ' });
    expect(await stage.level(bob, id)).toBe('READ');
    const other = await rule(ada, { tags: ['a'] }, bob);
    expect(other.grant.id).not.toBe(first.grant.id);
    await stage.shares(ada, 'revokeShare', { grantId: first.grant.id });
    expect(await stage.level(bob, id)).toBe('READ');
    expect(await stage.shares(ada, 'revokeShare', { grantId: other.grant.id })).toMatchObject({
      memory: null,
    });
    expect(await stage.level(bob, id)).toBeNull();
  });

  test('with a group: who joins sees it, who leaves does not', async () => {
    const [ada, bob, carol] = await stage.people(1, 2, 3);
    const groupId = await stage.settled([ada, 'owner'], [bob, 'member']);
    await rule(ada, { tags: ['t'] }, { groupId });
    const id = await stage.memory(ada, { tags: ['t'] });
    expect(await stage.levels(id, bob, carol)).toEqual(['READ', null]);
    await stage.join(ada, groupId, carol);
    await stage.does(bob, 'leaveGroup', { groupId });
    expect(await stage.levels(id, bob, carol)).toEqual([null, 'READ']);
    await stage.does(ada, 'deleteGroup', { groupId });
    expect(await stage.level(carol, id)).toBeNull();
    expect(await stage.grantsOf(ada)).toEqual([]);
  });

  test('has an end', async () => {
    const [ada, bob] = await stage.people(1, 2);
    const id = await stage.memory(ada, { tags: ['t'] });
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { grant } = await rule(ada, { tags: ['t'] }, bob, { expiresAt });
    expect(grant.expiresAt).toBe(expiresAt);
    await stage.end('grants', grant.id);
    expect(await stage.level(bob, id)).toBeNull();
    const tomorrow = await stage.memory(ada, { tags: ['t'] });
    expect(await stage.level(bob, tomorrow)).toBeNull();
  });
});

describe('what is no rule', () => {
  test('one that says nothing, or what no memory can have', async () => {
    const [ada, bob] = await stage.people(1, 2);
    for (const bad of [{}, { tags: [] }, { tags: [''] }, { thread: ' ' }, { sources: ['x'.repeat(201)] }])
      expect(await rule(ada, bad, bob), JSON.stringify(bad)).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await rule(ada, { tags: ['t'] }, ada)).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'with.handle',
    });
    expect(
      await stage.shares(ada, 'shareByRule', { rule: { tags: ['t'] }, with: { handle: 'nobody-at-all' } }),
    ).toMatchObject({ code: 'GRANTEE_NOT_FOUND' });
    expect(await stage.grantsOf(ada)).toEqual([]);
  });

  test('more than a thousand of them', async () => {
    const [ada, bob] = await stage.people(1, 2);
    await picard.picard.services.database.asOwner(
      (sql) => sql`
        insert into grants (owner_id, id, thread, audience_id, level, granted_by)
        select ${ada.id}, gen_random_uuid(), 'thread ' || n, ${bob.id}, 'READ', ${ada.id} from generate_series(1, 1000) n`,
    );
    expect(await rule(ada, { tags: ['t'] }, bob)).toMatchObject({ code: 'TOO_MANY_GRANTS' });
    expect((await rule(ada, { thread: 'thread 7' }, bob, { level: 'WRITE' })).grant.level).toBe('WRITE');
  });
});
