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

const soon = () => new Date(Date.now() + 3_600_000).toISOString();
const later = () => new Date(Date.now() + 7_200_000).toISOString();

describe('sharing one memory', () => {
  test('lets one person see it, and nobody else', async () => {
    const [ada, bob, carol] = await stage.people(1, 2, 3);
    const id = await stage.memory(ada);
    expect(await stage.levels(id, ada, bob, carol)).toEqual(['OWNER', null, null]);
    const { grant, memory } = await stage.share(ada, id, bob);
    expect(grant).toMatchObject({
      level: 'READ',
      expiresAt: null,
      memory: { id },
      rule: null,
      grantee: { handle: bob.handle },
      grantedBy: { handle: ada.handle },
    });
    expect(memory).toEqual({ id, viewerLevel: 'OWNER', visibility: 'SHARED' });
    expect(await stage.levels(id, ada, bob, carol)).toEqual(['OWNER', 'READ', null]);
    expect(await stage.list(bob)).toEqual([id]);
    expect(await stage.list(carol)).toEqual([]);
    expect(await stage.list(bob, { ownedBy: 'OTHERS' })).toEqual([id]);
    expect(await stage.list(bob, { ownedBy: 'ME' })).toEqual([]);
    expect(await stage.list(ada, { ownedBy: 'ME' })).toEqual([id]);
  });

  test('again changes the same share: its level and its end', async () => {
    const [ada, bob] = await stage.people(1, 2);
    const id = await stage.memory(ada);
    const first = await stage.share(ada, id, bob, { level: 'SHARE', expiresAt: soon() });
    const end = later();
    const again = await stage.shares(ada, 'shareMemory', {
      memoryId: id,
      with: { userId: bob.id },
      level: 'WRITE',
      expiresAt: end,
    });
    expect(again.grant).toMatchObject({ id: first.grant.id, level: 'WRITE', expiresAt: end });
    expect(await stage.grantsOf(ada)).toHaveLength(1);
    expect(await stage.level(bob, id)).toBe('WRITE');
  });

  test('whoever is let in finds it by word at once, and whoever is let out does not', async () => {
    const [ada, bob] = await stage.people(1, 2);
    const groupId = await stage.settled([ada, 'owner'], [bob, 'member']);
    const id = await stage.memory(ada, { text: 'A quokka lives in the garden.', tags: ['garden'] });
    const ways = [
      () => stage.share(ada, id, bob),
      () => stage.share(ada, id, { groupId }),
      () => stage.shares(ada, 'shareByRule', { rule: { tags: ['garden'] }, with: { handle: bob.handle } }),
    ];
    for (const way of ways) {
      const { grant } = await way();
      expect(await stage.found(bob, 'quokkas')).toEqual([id]);
      await stage.shares(ada, 'revokeShare', { grantId: grant.id });
      expect(await stage.found(bob, 'quokkas')).toEqual([]);
    }
  });

  test('a group sees it, and whoever leaves sees it no longer', async () => {
    const [ada, bob, carol] = await stage.people(1, 2, 3);
    const groupId = await stage.settled([ada, 'owner'], [bob, 'member'], [carol, 'member']);
    const id = await stage.memory(ada);
    await stage.share(ada, id, { groupId }, { level: 'WRITE' });
    expect(await stage.levels(id, bob, carol)).toEqual(['WRITE', 'WRITE']);
    await stage.does(bob, 'leaveGroup', { groupId });
    expect(await stage.levels(id, bob, carol)).toEqual([null, 'WRITE']);
    await stage.does(ada, 'removeGroupMember', { groupId, userId: carol.id });
    expect(await stage.level(carol, id)).toBeNull();
  });

  test('several ways in count as the most that one of them allows', async () => {
    const [ada, bob] = await stage.people(1, 2);
    const groupId = await stage.settled([ada, 'owner'], [bob, 'member']);
    const id = await stage.memory(ada, { visibility: 'PUBLIC' });
    await stage.share(ada, id, { groupId }, { level: 'WRITE' });
    const { grant } = await stage.share(ada, id, bob, { level: 'SHARE' });
    expect(await stage.level(bob, id)).toBe('SHARE');
    await stage.shares(ada, 'revokeShare', { grantId: grant.id });
    expect(await stage.level(bob, id)).toBe('WRITE');
    await stage.shares(ada, 'revokeShare', { memoryId: id, from: { groupId } });
    expect(await stage.level(bob, id)).toBe('READ');
  });
});

describe('what cannot be shared', () => {
  test('with oneself, with nobody, with a group one is not in', async () => {
    const [ada, bob] = await stage.people(1, 2);
    const id = await stage.memory(ada);
    const foreign = await stage.group(bob);
    const share = (grantee: object) => stage.shares(ada, 'shareMemory', { memoryId: id, with: grantee });
    expect(await share({ handle: ada.handle })).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'with.handle',
    });
    expect(await share({ userId: ada.id })).toMatchObject({ code: 'INVALID_INPUT', field: 'with.userId' });
    expect(await share({})).toMatchObject({ code: 'INVALID_INPUT', field: 'with.handle' });
    expect(await share({ handle: bob.handle, userId: bob.id })).toMatchObject({ code: 'INVALID_INPUT' });
    for (const grantee of [
      { handle: 'nobody-at-all' },
      { userId: randomUUID() },
      { userId: 'no-id' },
      { groupId: randomUUID() },
      { groupId: foreign },
      { groupId: bob.id },
      { userId: foreign },
    ])
      expect(await share(grantee), JSON.stringify(grantee)).toMatchObject({ code: 'GRANTEE_NOT_FOUND' });
    expect(await stage.access(ada, id)).toEqual([`${ada.handle} OWNER OWNER`]);
  });

  test('what is not there, what is somebody else’s, and what lies in the trash', async () => {
    const [ada, bob, carol] = await stage.people(1, 2, 3);
    const id = await stage.memory(ada);
    for (const foreign of [id, randomUUID(), 'no-id'])
      expect(await stage.share(bob, foreign, carol)).toMatchObject({ code: 'MEMORY_NOT_FOUND' });
    await picard.data(
      'mutation ($id: ID!) { deleteMemory(input: { id: $id }) { __typename } }',
      { id },
      ada.key,
    );
    expect(await stage.share(ada, id, bob)).toMatchObject({ code: 'MEMORY_NOT_FOUND' });
  });

  test('until a moment that is past', async () => {
    const [ada, bob] = await stage.people(1, 2);
    const id = await stage.memory(ada);
    expect(await stage.share(ada, id, bob, { expiresAt: '2020-01-01T00:00:00Z' })).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'expiresAt',
    });
    expect(await stage.level(bob, id)).toBeNull();
  });

  test('more than a thousand times', async () => {
    const [ada, bob] = await stage.people(1, 2);
    // Private, so that so many shares let nobody in.
    const id = await stage.memory(ada, { visibility: 'PRIVATE' });
    const fill = (over: Date | null) =>
      picard.picard.services.database.asOwner(
        (sql) => sql`
          insert into grants (owner_id, id, memory_id, audience_id, level, expires_at, granted_by)
          select ${ada.id}, gen_random_uuid(), ${id}, gen_random_uuid(), 'READ', ${over}, ${ada.id}
          from generate_series(1, 500)`,
      );
    await fill(null);
    await fill(new Date(0));
    // Those that are over do not count.
    const { grant } = await stage.share(ada, id, bob);
    await stage.shares(ada, 'revokeShare', { grantId: grant.id });
    await fill(null);
    expect(await stage.share(ada, id, bob)).toMatchObject({ code: 'TOO_MANY_GRANTS' });
    const { database } = picard.picard.services;
    expect(
      await database.asOwner((sql) => sql`select id from grants where audience_id = ${bob.id}`),
    ).toHaveLength(0);
  });
});
