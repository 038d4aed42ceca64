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
const daysFromNow = (text: string): number => (new Date(text).getTime() - Date.now()) / DAY;
/** What no clock of a test can bring about. */
const expire = (invitationId: string) =>
  picard.picard.services.database.asOwner(
    (sql) => sql`
      update group_invitations set expires_at = now() - interval '1 second' where id = ${invitationId}`,
  );

describe('an invitation by handle', () => {
  test('is seen by its invitee with the name of the group, and makes a member of them', async () => {
    const [owner, guest] = await stage.people(1, 2);
    const groupId = await stage.group(owner);
    const handle = ` ${guest.handle.toUpperCase()}`;
    const made = await stage.does(owner, 'inviteToGroup', { groupId, handle, role: 'MANAGER' });
    expect(made).toMatchObject({ __typename: 'InviteToGroupPayload', link: null });
    const [told] = await stage.invitationsTo(guest);
    expect(told).toEqual({
      id: made.invitation.id,
      groupId,
      groupName: 'Lighthouse keepers',
      role: 'MANAGER',
      expiresAt: made.invitation.expiresAt,
      invitee: { handle: guest.handle },
      invitedBy: { handle: owner.handle },
    });
    expect(daysFromNow(told?.expiresAt ?? '')).toBeCloseTo(7, 2);
    expect(await stage.invitationsOf(owner, groupId)).toEqual([told]);
    // An invitation is no look inside.
    expect(await stage.members(guest, groupId)).toBeNull();
    expect(await stage.does(guest, 'acceptGroupInvitation', { invitationId: told?.id })).toMatchObject({
      group: { id: groupId, memberCount: 2, viewerRole: 'MANAGER' },
    });
    expect(await stage.members(guest, groupId)).toEqual([
      { handle: owner.handle, role: 'OWNER' },
      { handle: guest.handle, role: 'MANAGER' },
    ]);
    expect(await stage.invitationsTo(guest)).toEqual([]);
    expect(await stage.does(guest, 'acceptGroupInvitation', { invitationId: told?.id })).toMatchObject({
      code: 'INVITATION_INVALID',
    });
  });

  test('is renewed, not doubled; and not made to whom is in or is not there', async () => {
    const [owner, guest] = await stage.people(1, 2);
    const groupId = await stage.group(owner);
    const invite = (more: object) =>
      stage.does(owner, 'inviteToGroup', { groupId, handle: guest.handle, ...more });
    const first = await invite({ role: 'MEMBER' });
    const expiresAt = new Date(Date.now() + 20 * DAY).toISOString();
    const second = await invite({ role: 'MANAGER', expiresAt });
    expect(second.invitation).toMatchObject({ id: first.invitation.id, role: 'MANAGER', expiresAt });
    expect(await stage.invitationsTo(guest)).toHaveLength(1);
    await stage.does(guest, 'acceptGroupInvitation', { invitationId: second.invitation.id });
    expect(await invite({})).toMatchObject({ __typename: 'AlreadyMember', code: 'ALREADY_MEMBER' });
    expect(await stage.does(owner, 'inviteToGroup', { groupId, handle: owner.handle })).toMatchObject({
      code: 'ALREADY_MEMBER',
    });
    expect(await stage.does(owner, 'inviteToGroup', { groupId, handle: 'nobody-here' })).toMatchObject({
      __typename: 'AccountNotFound',
      code: 'ACCOUNT_NOT_FOUND',
    });
  });

  test('is declined by its invitee, revoked by the group, and good for neither after that', async () => {
    const [owner, guest] = await stage.people(1, 2);
    const groupId = await stage.group(owner);
    for (const [who, mutation] of [
      [guest, 'declineGroupInvitation'],
      [owner, 'revokeGroupInvitation'],
    ] as const) {
      const { invitation } = await stage.does(owner, 'inviteToGroup', { groupId, handle: guest.handle });
      const other = who === guest ? owner : guest;
      expect(await stage.does(other, mutation, { invitationId: invitation.id })).toMatchObject({
        code: 'INVITATION_INVALID',
      });
      expect(await stage.does(who, mutation, { invitationId: invitation.id })).toMatchObject({
        invitationId: invitation.id,
      });
      for (const act of ['acceptGroupInvitation', mutation])
        expect(await stage.does(who, act, { invitationId: invitation.id })).toMatchObject({
          code: 'INVITATION_INVALID',
        });
    }
    expect(await stage.members(owner, groupId)).toHaveLength(1);
  });

  test('is nothing any more when it is over', async () => {
    const [owner, guest] = await stage.people(1, 2);
    const groupId = await stage.group(owner);
    const invite = () => stage.does(owner, 'inviteToGroup', { groupId, handle: guest.handle });
    const { invitation } = await invite();
    await expire(invitation.id);
    for (const act of ['acceptGroupInvitation', 'declineGroupInvitation'])
      expect(await stage.does(guest, act, { invitationId: invitation.id })).toMatchObject({
        code: 'INVITATION_INVALID',
      });
    expect(await stage.does(owner, 'revokeGroupInvitation', { invitationId: invitation.id })).toMatchObject({
      code: 'INVITATION_INVALID',
    });
    expect(await stage.invitationsTo(guest)).toEqual([]);
    expect(await stage.invitationsOf(owner, groupId)).toEqual([]);
    // A new one takes its place.
    const again = await invite();
    expect(again.invitation.id).not.toBe(invitation.id);
    expect(
      await stage.does(guest, 'acceptGroupInvitation', { invitationId: again.invitation.id }),
    ).toMatchObject({ group: { id: groupId } });
  });

  test('lets nobody in but its invitee', async () => {
    const [owner, guest, other] = await stage.people(1, 2, 3);
    const groupId = await stage.group(owner);
    const { invitation } = await stage.does(owner, 'inviteToGroup', { groupId, handle: guest.handle });
    expect(await stage.does(other, 'acceptGroupInvitation', { invitationId: invitation.id })).toMatchObject({
      code: 'INVITATION_INVALID',
    });
    expect(await stage.does(other, 'declineGroupInvitation', { invitationId: invitation.id })).toMatchObject({
      code: 'INVITATION_INVALID',
    });
    expect(await stage.invitationsTo(guest)).toHaveLength(1);
  });
});

describe('a link', () => {
  test('is shown once, is below the address of the server, and is good once', async () => {
    const [owner, first, second] = await stage.people(1, 2, 3);
    const groupId = await stage.group(owner);
    const made = await stage.does(owner, 'inviteToGroup', { groupId });
    const { origin } = picard.picard.http.publicUrl;
    expect(made.link).toMatch(/[?]token=[\w-]{43}$/);
    expect(made.link.startsWith(`${origin}/groups/join?token=`)).toBe(true);
    expect(made.invitation).toMatchObject({ invitee: null, role: 'MEMBER' });
    const token = new URL(made.link).searchParams.get('token');
    expect(JSON.stringify(await stage.invitationsOf(owner, groupId))).not.toContain(token);
    // Its id is no way in: managers see it.
    expect(
      await stage.does(first, 'acceptGroupInvitation', { invitationId: made.invitation.id }),
    ).toMatchObject({ code: 'INVITATION_INVALID' });
    expect(await stage.does(owner, 'acceptGroupInvitation', { token })).toMatchObject({
      __typename: 'AlreadyMember',
    });
    expect(await stage.does(first, 'acceptGroupInvitation', { token })).toMatchObject({
      group: { id: groupId, viewerRole: 'MEMBER' },
    });
    expect(await stage.does(second, 'acceptGroupInvitation', { token })).toMatchObject({
      code: 'INVITATION_INVALID',
    });
  });

  test('is nowhere in the database', async () => {
    const owner = await stage.somebody();
    const { token } = await stage.link(owner, await stage.group(owner));
    const found = await picard.picard.services.database.asOwner(
      (sql) => sql`select from group_invitations i where to_jsonb(i)::text like ${`%${token}%`}`,
    );
    expect(found).toHaveLength(0);
  });

  test('unknown, expired and revoked ones are told alike', async () => {
    const [owner, guest] = await stage.people(1, 2);
    const groupId = await stage.group(owner);
    const [expired, revoked] = [await stage.link(owner, groupId), await stage.link(owner, groupId)];
    await expire(expired.id);
    await stage.does(owner, 'revokeGroupInvitation', { invitationId: revoked.id });
    const answers = new Set<string>();
    for (const token of [expired.token, revoked.token, 'x'.repeat(43), ''])
      answers.add(JSON.stringify(await stage.does(guest, 'acceptGroupInvitation', { token })));
    expect(answers.size).toBe(1);
    expect([...answers][0]).toContain('INVITATION_INVALID');
  });

  test('who joins by one needs the invitation by handle no longer', async () => {
    const [owner, guest] = await stage.people(1, 2);
    const groupId = await stage.group(owner);
    await stage.does(owner, 'inviteToGroup', { groupId, handle: guest.handle });
    const { token } = await stage.link(owner, groupId);
    await stage.does(guest, 'acceptGroupInvitation', { token });
    expect(await stage.invitationsTo(guest)).toEqual([]);
    expect(await stage.invitationsOf(owner, groupId)).toEqual([]);
  });
});
