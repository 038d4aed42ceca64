import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GroupsStage } from './groups-stage.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let stage: GroupsStage;
beforeAll(async () => {
  picard = await startTestPicard();
  stage = new GroupsStage(picard);
});
afterAll(() => picard[Symbol.asyncDispose]());

const DAY = 86_400_000;

describe('a group', () => {
  test('begins with its maker as the owner, and is changed and ended', async () => {
    const owner = await stage.somebody('group-maker');
    const made = await stage.does(owner, 'createGroup', { name: '  Lamp room ', about: 'Who has the key' });
    expect(made).toMatchObject({
      __typename: 'CreateGroupPayload',
      group: { name: 'Lamp room', about: 'Who has the key', memberCount: 1, viewerRole: 'OWNER' },
    });
    const { id } = made.group;
    expect(await stage.members(owner, id)).toEqual([{ handle: 'group-maker', role: 'OWNER' }]);
    const renamed = await stage.does(owner, 'updateGroup', { groupId: id, name: 'Lens room' });
    expect(renamed.group).toMatchObject({ name: 'Lens room', about: 'Who has the key' });
    expect((await stage.does(owner, 'updateGroup', { groupId: id, about: '' })).group).toMatchObject({
      name: 'Lens room',
      about: '',
    });
    await stage.link(owner, id);
    expect(await stage.does(owner, 'deleteGroup', { groupId: id })).toEqual({
      __typename: 'DeleteGroupPayload',
      groupId: id,
      membersRemoved: 1,
      invitationsRevoked: 1,
    });
    expect(await stage.groupsOf(owner)).toEqual([]);
    expect(await stage.does(owner, 'deleteGroup', { groupId: id })).toMatchObject({
      code: 'GROUP_NOT_FOUND',
    });
  });

  test.each([
    ['createGroup', { name: ' ' }, 'name'],
    ['createGroup', { name: 'x'.repeat(81) }, 'name'],
    ['createGroup', { name: 'a\u0000b' }, 'name'],
    ['createGroup', { name: 'x', about: 'x'.repeat(2_001) }, 'about'],
    ['updateGroup', { groupId: '', name: '' }, 'name'],
    ['inviteToGroup', { groupId: '', expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [
      'inviteToGroup',
      { groupId: '', expiresAt: new Date(Date.now() + 30.1 * DAY).toISOString() },
      'expiresAt',
    ],
    ['acceptGroupInvitation', {}, 'invitationId'],
    ['acceptGroupInvitation', { invitationId: 'x', token: 'x' }, 'token'],
  ])('%s refuses what cannot be: %#', async (mutation, input, field) => {
    const owner = await stage.somebody();
    expect(await stage.does(owner, mutation, input)).toMatchObject({ __typename: 'InvalidInput', field });
  });
});
