import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestPicard, type TestPicard } from './picard.ts';
import { SharingStage } from './sharing-stage.ts';
import { outcomeOf } from './outcome.ts';

let picard: TestPicard;
let stage: SharingStage;
beforeAll(async () => {
  picard = await startTestPicard();
  stage = new SharingStage(picard);
});
afterAll(() => picard[Symbol.asyncDispose]());

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

describe('passing on', () => {
  test('takes SHARE: whoever may read or write is told so, and a stranger nothing', async () => {
    const [ada, reader, writer, stranger] = await stage.people(1, 2, 3, 4);
    const id = await stage.memory(ada);
    await stage.share(ada, id, reader);
    await stage.share(ada, id, writer, { level: 'WRITE' });
    for (const who of [reader, writer])
      expect(await stage.share(who, id, stranger)).toMatchObject({ code: 'NOT_PERMITTED' });
    expect(await stage.share(stranger, id, reader)).toMatchObject({ code: 'MEMORY_NOT_FOUND' });
    expect(await stage.level(stranger, id)).toBeNull();
  });

  test('READ and WRITE alone, never to the owner, never longer than one has it', async () => {
    const [ada, bob, carol] = await stage.people(1, 2, 3);
    const id = await stage.memory(ada);
    await stage.share(ada, id, bob, { level: 'SHARE', expiresAt: inHours(2) });
    for (const [grantee, more] of [
      [carol, { level: 'SHARE' }],
      [carol, { expiresAt: inHours(3) }],
      [ada, {}],
    ] as const)
      expect(await stage.share(bob, id, grantee, more)).toMatchObject({ code: 'NOT_PERMITTED' });
    expect(await stage.share(bob, id, bob)).toMatchObject({ code: 'INVALID_INPUT' });
    const { grant } = await stage.share(bob, id, carol, { level: 'WRITE' });
    const [own] = await stage.grantsOf(ada);
    expect(grant).toMatchObject({
      level: 'WRITE',
      grantedBy: { handle: bob.handle },
      expiresAt: own?.expiresAt,
    });
    const early = inHours(1);
    expect((await stage.share(bob, id, carol, { expiresAt: early })).grant).toMatchObject({
      id: grant.id,
      level: 'READ',
      expiresAt: early,
    });
  });

  test('whoever passed it on sees and ends what they passed on; the owner ends all of it', async () => {
    const [ada, bob, carol, dan] = await stage.people(1, 2, 3, 4);
    const id = await stage.memory(ada);
    await stage.share(ada, id, bob, { level: 'SHARE' });
    const owners = await stage.share(ada, id, dan);
    const passed = await stage.share(bob, id, carol);
    expect((await stage.grantsOf(bob)).map((grant) => grant.id)).toEqual([passed.grant.id]);
    expect(await stage.access(bob, id)).toEqual([
      `${ada.handle} OWNER OWNER`,
      `${bob.handle} SHARE DIRECT`,
      `${carol.handle} READ DIRECT`,
    ]);
    expect(await stage.shares(bob, 'revokeShare', { grantId: owners.grant.id })).toMatchObject({
      code: 'GRANT_NOT_FOUND',
    });
    expect(
      await stage.shares(bob, 'revokeShare', { memoryId: id, from: { handle: dan.handle } }),
    ).toMatchObject({
      code: 'GRANT_NOT_FOUND',
    });
    expect(await stage.shares(carol, 'revokeShare', { grantId: passed.grant.id })).toMatchObject({
      code: 'GRANT_NOT_FOUND',
    });
    expect(await stage.shares(bob, 'revokeShare', { grantId: passed.grant.id })).toMatchObject({
      grantIds: [passed.grant.id],
    });
    expect(await stage.levels(id, carol, dan)).toEqual([null, 'READ']);
    const again = await stage.share(bob, id, carol);
    const own = await stage.share(ada, id, carol);
    const ended = await stage.shares(ada, 'revokeShare', { memoryId: id, from: { handle: carol.handle } });
    expect(ended.grantIds.toSorted()).toEqual([again.grant.id, own.grant.id].toSorted());
    expect(await stage.level(carol, id)).toBeNull();
  });

  test('falls with the SHARE that it came from: revoked, lowered, over', async () => {
    const [ada, bob, carol] = await stage.people(1, 2, 3);
    const id = await stage.memory(ada);
    for (const end of [
      (grantId: string) => stage.shares(ada, 'revokeShare', { grantId }),
      () => stage.share(ada, id, bob, { level: 'WRITE' }),
      (grantId: string) => stage.end('grants', grantId),
    ]) {
      const { grant } = await stage.share(ada, id, bob, { level: 'SHARE' });
      await stage.share(bob, id, carol);
      expect(await stage.level(carol, id)).toBe('READ');
      await end(grant.id);
      expect(await stage.level(carol, id)).toBeNull();
      expect(await stage.access(ada, id)).not.toContain(`${carol.handle} READ DIRECT`);
    }
  });

  test('ends no later than the SHARE that it came from, also when that is shortened', async () => {
    const [ada, bob, carol] = await stage.people(1, 2, 3);
    const id = await stage.memory(ada);
    await stage.share(ada, id, bob, { level: 'SHARE' });
    await stage.share(bob, id, carol);
    const ends = async () =>
      (await stage.accessOf(ada, id))
        ?.filter(({ via }) => via === 'DIRECT')
        .map(({ expiresAt }) => expiresAt);
    expect(await ends()).toEqual([null, null]);
    const soon = inHours(1);
    await stage.share(ada, id, bob, { level: 'SHARE', expiresAt: soon });
    expect(await ends()).toEqual([soon, soon]);
    expect((await stage.accessOf(bob, id))?.at(-1)?.expiresAt).toBe(soon);
    expect((await stage.accessOf(carol, id))?.at(-1)?.expiresAt).toBe(soon);
  });

  test('by a group: falls for whoever leaves it, and holds while another way is left', async () => {
    const [ada, bob, carol] = await stage.people(1, 2, 3);
    const groupId = await stage.settled([ada, 'owner'], [bob, 'member']);
    const id = await stage.memory(ada);
    await stage.share(ada, id, { groupId }, { level: 'SHARE' });
    const { grant } = await stage.share(ada, id, bob, { level: 'SHARE' });
    await stage.share(bob, id, carol);
    await stage.shares(ada, 'revokeShare', { grantId: grant.id });
    expect(await stage.level(carol, id)).toBe('READ');
    await stage.does(bob, 'leaveGroup', { groupId });
    expect(await stage.levels(id, bob, carol)).toEqual([null, null]);
    await stage.join(ada, groupId, bob);
    expect(await stage.levels(id, bob, carol)).toEqual(['SHARE', 'READ']);
  });

  test('by a rule: falls with the tag', async () => {
    const [ada, bob, carol] = await stage.people(1, 2, 3);
    const id = await stage.memory(ada, { tags: ['open'] });
    await stage.shares(ada, 'shareByRule', {
      rule: { tags: ['open'] },
      with: { handle: bob.handle },
      level: 'SHARE',
    });
    await stage.share(bob, id, carol, { level: 'WRITE' });
    expect(await stage.level(carol, id)).toBe('WRITE');
    await stage.update(ada, id, { tags: [] });
    expect(await stage.levels(id, bob, carol)).toEqual([null, null]);
  });

  test('not what it was passed on to, and no visibility', async () => {
    const [ada, bob, carol, dan] = await stage.people(1, 2, 3, 4);
    const id = await stage.memory(ada);
    await stage.share(ada, id, bob, { level: 'SHARE' });
    await stage.share(bob, id, carol, { level: 'WRITE' });
    expect(await stage.share(carol, id, dan)).toMatchObject({ code: 'NOT_PERMITTED' });
    const { results } = await stage.shares(bob, 'modifyPermissions', {
      memoryIds: [id],
      visibility: 'PUBLIC',
    });
    expect(results).toMatchObject([{ code: 'NOT_PERMITTED' }]);
    expect(await stage.level(dan, id)).toBeNull();
  });
});

describe('row-level security behind it', () => {
  test('a passer-on writes no more than they may, whatever statement they send', async () => {
    const [ada, bob, carol] = await stage.people(1, 2, 3);
    const [id, other] = [await stage.memory(ada), await stage.memory(ada)];
    await stage.share(ada, id, bob, { level: 'SHARE', expiresAt: inHours(1) });
    await stage.share(ada, other, bob, { level: 'WRITE' });
    const { grant } = await stage.share(bob, id, carol);
    const { database } = picard.picard.services;
    const soon = new Date(Date.now() + 1_800_000);
    const insert = (fields: object) =>
      outcomeOf(
        database.forViewer(bob.id, (sql) => {
          const row = {
            owner_id: ada.id,
            memory_id: id,
            audience_id: bob.id,
            level: 'READ',
            granted_by: bob.id,
          };
          return sql`insert into grants ${sql({ id: crypto.randomUUID(), expires_at: soon, ...row, ...fields } as never)}`;
        }),
      );
    expect(await insert({ audience_id: carol.id, granted_by: ada.id })).toBe('42501');
    expect(await insert({ level: 'SHARE' })).toBe('42501');
    expect(await insert({ expires_at: null })).toBe('42501');
    expect(await insert({ memory_id: other })).toBe('42501');
    expect(await insert({ memory_id: null, tags: ['t'] })).toBe('42501');
    expect(await insert({ audience_id: ada.id })).toBe('42501');
    expect(await insert({})).toBe('done');
    const touched = await database.forViewer(bob.id, async (sql) => [
      (await sql`delete from grants where granted_by = ${ada.id}`).count,
      (await sql`update grants set level = 'WRITE' where granted_by = ${ada.id}`).count,
      (await sql`update grants set level = 'WRITE' where id = ${grant.id}`).count,
    ]);
    expect(touched).toEqual([0, 0, 1]);
    const seen = (who: string) =>
      database.forViewer(who, (sql) => sql<{ id: string }[]>`select id from grants where memory_id = ${id}`);
    expect((await seen(carol.id)).map((row) => row.id)).toEqual([grant.id]);
    const dan = await stage.somebody();
    expect(await seen(dan.id)).toEqual([]);
  });
});
