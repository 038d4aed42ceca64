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

describe('P70 when an account is deleted', () => {
  test('P70 the longest-standing manager comes after the last owner, though members are older', async () => {
    const [owner, member, early, late] = await stage.people(1, 2, 3, 4);
    const groupId = await stage.settled(
      [member, 'member'],
      [owner, 'owner'],
      [early, 'manager'],
      [late, 'manager'],
    );
    await stage.deleteAccount(owner);
    expect(await stage.members(member, groupId)).toEqual([
      { handle: member.handle, role: 'MEMBER' },
      { handle: early.handle, role: 'OWNER' },
      { handle: late.handle, role: 'MANAGER' },
    ]);
  });

  test('P70 where there is no manager, the longest-standing member', async () => {
    const [owner, early, late] = await stage.people(1, 2, 3);
    const groupId = await stage.settled([owner, 'owner'], [early, 'member'], [late, 'member']);
    await stage.deleteAccount(owner);
    expect(await stage.members(late, groupId)).toEqual([
      { handle: early.handle, role: 'OWNER' },
      { handle: late.handle, role: 'MEMBER' },
    ]);
  });

  test('P70 nobody is raised where another owner is, or where a member goes', async () => {
    const [owner, other, manager, member] = await stage.people(1, 2, 3, 4);
    const groupId = await stage.settled(
      [owner, 'owner'],
      [other, 'owner'],
      [manager, 'manager'],
      [member, 'member'],
    );
    await stage.deleteAccount(member);
    await stage.deleteAccount(owner);
    expect(await stage.members(manager, groupId)).toEqual([
      { handle: other.handle, role: 'OWNER' },
      { handle: manager.handle, role: 'MANAGER' },
    ]);
  });

  test('P70 a group that nobody is left in goes, with its invitations', async () => {
    const [owner, guest] = await stage.people(1, 2);
    const groupId = await stage.group(owner);
    const { invitation } = await stage.does(owner, 'inviteToGroup', { groupId, handle: guest.handle });
    await stage.deleteAccount(owner);
    expect(await stage.kept(groupId)).toEqual({ group: null, members: [], invitations: [] });
    expect(await stage.invitationsTo(guest)).toEqual([]);
    expect(await stage.does(guest, 'acceptGroupInvitation', { invitationId: invitation.id })).toMatchObject({
      code: 'INVITATION_INVALID',
    });
  });

  test('P70 what it was invited to is forgotten, whom it invited stays invited, and no trace is left', async () => {
    const [owner, leaver, guest] = await stage.people(1, 2, 3);
    const groupId = await stage.settled([owner, 'owner'], [leaver, 'manager']);
    const other = await stage.group(owner);
    await stage.does(owner, 'inviteToGroup', { groupId: other, handle: leaver.handle });
    await stage.does(leaver, 'inviteToGroup', { groupId, handle: guest.handle });
    await stage.deleteAccount(leaver);
    expect(await stage.invitationsOf(owner, other)).toEqual([]);
    const [invited] = await stage.invitationsTo(guest);
    expect(invited).toMatchObject({ groupId, invitedBy: null });
    expect(JSON.stringify([await stage.kept(groupId), await stage.kept(other)])).not.toContain(leaver.id);
    expect(await stage.does(guest, 'acceptGroupInvitation', { invitationId: invited?.id })).toMatchObject({
      group: { id: groupId, memberCount: 2 },
    });
  });
});
