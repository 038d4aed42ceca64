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

describe('what ends a share', () => {
  test('revoking it, by its id or by whom it is with; a second time there is none', async () => {
    const [ada, bob] = await stage.people(1, 2);
    const id = await stage.memory(ada);
    const { grant } = await stage.share(ada, id, bob);
    expect(await stage.shares(bob, 'revokeShare', { grantId: grant.id })).toMatchObject({
      code: 'GRANT_NOT_FOUND',
    });
    expect(await stage.level(bob, id)).toBe('READ');
    expect(await stage.shares(ada, 'revokeShare', { grantId: grant.id })).toMatchObject({
      grantIds: [grant.id],
      memory: { id },
    });
    expect(await stage.level(bob, id)).toBeNull();
    for (const again of [
      { grantId: grant.id },
      { grantId: 'no-id' },
      { memoryId: id, from: { handle: bob.handle } },
    ])
      expect(await stage.shares(ada, 'revokeShare', again)).toMatchObject({ code: 'GRANT_NOT_FOUND' });
    const second = await stage.share(ada, id, bob);
    expect(await stage.shares(ada, 'revokeShare', { memoryId: id, from: { userId: bob.id } })).toMatchObject({
      grantIds: [second.grant.id],
    });
    expect(await stage.level(bob, id)).toBeNull();
    for (const bad of [{}, { memoryId: id }, { grantId: grant.id, memoryId: id }])
      expect(await stage.shares(ada, 'revokeShare', bad)).toMatchObject({
        code: 'INVALID_INPUT',
        field: 'grantId',
      });
  });

  test('its end, and the end of the memory', async () => {
    const [ada, bob, carol] = await stage.people(1, 2, 3);
    const id = await stage.memory(ada);
    const { grant } = await stage.share(ada, id, bob, { expiresAt: soon() });
    await stage.share(ada, id, carol);
    await stage.end('grants', grant.id);
    expect(await stage.levels(id, bob, carol)).toEqual([null, 'READ']);
    expect(await stage.list(bob)).not.toContain(id);
    expect((await stage.grantsOf(ada)).map(({ grantee }) => grantee.handle)).toEqual([carol.handle]);
    await stage.end('memories', id);
    expect(await stage.levels(id, ada, carol)).toEqual(['OWNER', null]);
  });

  test('the trash, until the memory comes back', async () => {
    const [ada, bob] = await stage.people(1, 2);
    const id = await stage.memory(ada);
    await stage.share(ada, id, bob);
    await picard.data(
      'mutation ($id: ID!) { deleteMemory(input: { id: $id }) { __typename } }',
      { id },
      ada.key,
    );
    expect(await stage.levels(id, ada, bob)).toEqual(['OWNER', null]);
    await picard.data(
      'mutation ($id: ID!) { undeleteMemory(input: { id: $id }) { __typename } }',
      { id },
      ada.key,
    );
    expect(await stage.level(bob, id)).toBe('READ');
  });

  test('PRIVATE, over every share, until it is not private', async () => {
    const [ada, bob] = await stage.people(1, 2);
    const id = await stage.memory(ada, { tags: ['open'] });
    await stage.share(ada, id, bob);
    await stage.shares(ada, 'shareByRule', { rule: { tags: ['open'] }, with: { handle: bob.handle } });
    expect(await stage.update(ada, id, { visibility: 'PRIVATE' })).toBe('UpdateMemoryPayload');
    expect(await stage.level(bob, id)).toBeNull();
    expect(await stage.access(ada, id)).toEqual([`${ada.handle} OWNER OWNER`]);
    expect(await stage.list(ada, { visibility: ['PRIVATE'] })).toEqual([id]);
    await stage.update(ada, id, { visibility: 'SHARED' });
    expect(await stage.level(bob, id)).toBe('READ');
  });

  test('the end of the account that it was with, or of its owner’s', async () => {
    const [ada, bob, carol] = await stage.people(1, 2, 3);
    const id = await stage.memory(ada);
    await stage.share(ada, id, bob, { level: 'SHARE' });
    await stage.share(bob, id, carol);
    await stage.deleteAccount(bob);
    expect(await stage.access(ada, id)).toEqual([`${ada.handle} OWNER OWNER`]);
    expect(await stage.level(carol, id)).toBeNull();
    await stage.share(ada, id, carol);
    await stage.deleteAccount(ada);
    expect(await stage.level(carol, id)).toBeNull();
    expect(await stage.list(carol)).not.toContain(id);
  });
});
