import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestPicard, type TestPicard } from './picard.ts';
import { SharingStage } from './sharing-stage.ts';

let picard: TestPicard;
let stage: SharingStage;
beforeAll(async () => {
  picard = await startTestPicard();
  stage = new SharingStage(picard);
});
afterAll(() => picard[Symbol.asyncDispose]());

/** Beside what other tests published. */
const notPublic = { visibility: ['SHARED', 'PRIVATE'] };

describe('changing who may see many memories', () => {
  test('sets visibility, shares and revokes at once, and answers for each', async () => {
    const [ada, bob, carol] = await stage.people(1, 2, 3);
    const [one, two] = [await stage.memory(ada, { visibility: 'PRIVATE' }), await stage.memory(ada)];
    const old = await stage.share(ada, two, carol);
    const missing = randomUUID();
    const { results } = await stage.shares(ada, 'modifyPermissions', {
      memoryIds: [one, missing, two],
      visibility: 'SHARED',
      share: [{ with: { handle: bob.handle }, level: 'WRITE' }],
      revoke: [{ handle: carol.handle }],
    });
    expect(results).toMatchObject([
      { memory: { id: one, visibility: 'SHARED' }, revokedIds: [], grants: [{ level: 'WRITE' }] },
      { __typename: 'MemoryNotFound' },
      { memory: { id: two, visibility: 'SHARED' }, revokedIds: [old.grant.id], grants: [{ level: 'WRITE' }] },
    ]);
    expect(await stage.levels(one, bob, carol)).toEqual(['WRITE', null]);
    expect(await stage.levels(two, bob, carol)).toEqual(['WRITE', null]);
  });

  test('asked a second time it changes nothing', async () => {
    const [ada, bob] = await stage.people(1, 2);
    const id = await stage.memory(ada);
    const change = {
      memoryIds: [id],
      visibility: 'PUBLIC',
      share: [{ with: { handle: bob.handle } }],
    };
    const first = await stage.shares(ada, 'modifyPermissions', change);
    const version = async () =>
      (
        await picard.data<{ memory: { version: number } }>(
          'query ($id: ID!) { memory(id: $id) { version } }',
          { id },
          ada.key,
        )
      ).memory.version;
    expect(await version()).toBe(2);
    expect(await stage.shares(ada, 'modifyPermissions', change)).toEqual(first);
    expect(await version()).toBe(2);
  });

  test('all or nothing, where that is asked', async () => {
    const [ada, bob, carol] = await stage.people(1, 2, 3);
    const [mine, bobs] = [await stage.memory(ada), await stage.memory(bob)];
    await stage.share(bob, bobs, ada);
    const change = { memoryIds: [mine, bobs], share: [{ with: { handle: carol.handle } }] };
    expect(await stage.shares(ada, 'modifyPermissions', { ...change, atomic: true })).toMatchObject({
      code: 'BATCH_REFUSED',
      failures: [{ index: 1, code: 'NOT_PERMITTED' }],
    });
    expect(await stage.level(carol, mine)).toBeNull();
    const { results } = await stage.shares(ada, 'modifyPermissions', change);
    expect(results.map(({ code }) => code ?? 'done')).toEqual(['done', 'NOT_PERMITTED']);
    expect(await stage.levels(mine, carol)).toEqual(['READ']);
    expect(await stage.level(carol, bobs)).toBeNull();
  });

  test('memories of several owners, passed on at once', async () => {
    const [ada, bob, carol, dan] = await stage.people(1, 2, 3, 4);
    const [one, two] = [await stage.memory(ada), await stage.memory(bob)];
    await stage.share(ada, one, carol, { level: 'SHARE' });
    await stage.share(bob, two, carol, { level: 'SHARE' });
    const own = await stage.memory(carol);
    const { results } = await stage.shares(carol, 'modifyPermissions', {
      memoryIds: [one, own, two],
      share: [{ with: { handle: dan.handle } }],
    });
    expect(results.map(({ __typename }) => __typename)).toEqual(Array(3).fill('MemoryPermissions'));
    expect((await stage.list(dan, notPublic)).toSorted()).toEqual([one, own, two].toSorted());
  });

  test('what cannot be asked', async () => {
    const [ada, bob] = await stage.people(1, 2);
    const id = await stage.memory(ada);
    const who = { handle: bob.handle };
    for (const [bad, field] of [
      [{ memoryIds: [] }, 'memoryIds'],
      [{ memoryIds: [id, id.toUpperCase()], visibility: 'PRIVATE' }, 'memoryIds'],
      [{ memoryIds: Array.from({ length: 501 }, () => randomUUID()), visibility: 'PRIVATE' }, 'memoryIds'],
      [{ memoryIds: [id] }, 'visibility'],
      [{ memoryIds: [id], share: [{ with: who }], revoke: [who] }, 'revoke.0.handle'],
      [{ memoryIds: [id], share: [{ with: who }, { with: { userId: bob.id } }] }, 'share.1.with.userId'],
      [
        { memoryIds: Array.from({ length: 500 }, () => randomUUID()), share: Array(5).fill({ with: who }) },
        'share',
      ],
      [{ memoryIds: [id], share: Array(51).fill({ with: who }) }, 'share'],
      [{ memoryIds: [id], share: [{ with: who, expiresAt: '2020-01-01T00:00:00Z' }] }, 'expiresAt'],
    ] as const)
      expect(
        await stage.shares(ada, 'modifyPermissions', bad),
        JSON.stringify(bad).slice(0, 80),
      ).toMatchObject({
        code: 'INVALID_INPUT',
        field,
      });
    const nobody = { memoryIds: [id], share: [{ with: { handle: 'nobody-at-all' } }] };
    expect(await stage.shares(ada, 'modifyPermissions', nobody)).toMatchObject({ code: 'GRANTEE_NOT_FOUND' });
    expect(await stage.access(ada, id)).toEqual([`${ada.handle} OWNER OWNER`]);
  });
});

describe('at the same time', () => {
  test('two shares with the same person are one', async () => {
    const [ada, bob] = await stage.people(1, 2);
    const id = await stage.memory(ada, { tags: ['t'] });
    const direct = await Promise.all(Array.from({ length: 6 }, () => stage.share(ada, id, bob)));
    expect(new Set(direct.map(({ grant }) => grant.id)).size).toBe(1);
    const rules = await Promise.all(
      Array.from({ length: 6 }, () =>
        stage.shares(ada, 'shareByRule', { rule: { tags: ['t'] }, with: { handle: bob.handle } }),
      ),
    );
    expect(new Set(rules.map(({ grant }) => grant.id)).size).toBe(1);
    expect(await stage.grantsOf(ada)).toHaveLength(2);
  });

  test('what is shared, hidden, retagged and revoked at once is as the last word has it, and nothing is left behind', async () => {
    const [ada, bob, carol] = await stage.people(1, 2, 3);
    const who = { handle: bob.handle };
    for (let round = 0; round < 6; round += 1) {
      const id = await stage.memory(ada, { tags: ['open'] });
      const { grant } = await stage.shares(ada, 'shareByRule', {
        rule: { tags: ['open'] },
        with: who,
        level: 'SHARE',
      });
      const came = await Promise.all([
        stage.shares(ada, 'revokeShare', { grantId: grant.id }),
        stage.share(bob, id, carol),
        stage.update(ada, id, { tags: ['open', 'more'] }),
        stage.memory(ada, { tags: ['open'] }),
        stage.shares(ada, 'modifyPermissions', { memoryIds: [id], visibility: 'PRIVATE' }),
        stage.share(ada, id, carol),
      ]);
      // Whatever came first: the rule is gone, and the memory is private.
      expect(came[0]).toMatchObject({ __typename: 'RevokeSharePayload' });
      expect(
        [await stage.list(bob, notPublic), await stage.list(carol, notPublic)],
        JSON.stringify(came),
      ).toEqual([[], []]);
      const [left] = await picard.picard.services.database.asOwner(
        (sql) => sql`
          select (select count(*) from memory_audiences where owner_id = ${ada.id})::integer as audiences,
            (select count(*) from memory_keywords where owner_id = ${ada.id} and audience_id <> owner_id)::integer as words`,
      );
      expect(left).toEqual({ audiences: 0, words: 0 });
    }
  });

  test('accounts and groups that end while something is shared with them leave no share behind', async () => {
    const [ada] = await stage.people(1);
    const id = await stage.memory(ada);
    for (let round = 0; round < 4; round += 1) {
      const [guest] = await stage.people(1);
      const groupId = await stage.settled([ada, 'owner']);
      await Promise.all([
        stage.share(ada, id, guest),
        stage.share(ada, id, { groupId }),
        stage.deleteAccount(guest),
        stage.does(ada, 'deleteGroup', { groupId }),
      ]);
      expect(await stage.access(ada, id)).toEqual([`${ada.handle} OWNER OWNER`]);
    }
  });
});
