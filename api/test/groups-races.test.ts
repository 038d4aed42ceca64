import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GroupsStage, type Came, type Somebody } from './groups-stage.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let stage: GroupsStage;
beforeAll(async () => {
  picard = await startTestPicard();
  stage = new GroupsStage(picard);
});
afterAll(() => picard[Symbol.asyncDispose]());

const ROUNDS = 6;
const rounds = Array.from({ length: ROUNDS }, (_each, round) => round);
const codes = (came: Came[]) => came.map(({ __typename, code }) => code ?? __typename).sort();
const owners = async (groupId: string): Promise<number | undefined> => {
  const [row] = await picard.picard.services.database.asOwner(
    (sql) => sql<{ owners: number }[]>`
      select (select count(*)::integer from group_members m where m.group_id = g.id and role = 'owner') as owners
      from groups g where id = ${groupId}`,
  );
  return row?.owners;
};

describe('at the same time', () => {
  test.each(rounds)('two owners leave: one stays (%#)', async () => {
    const [one, other] = await stage.people(1, 2);
    const groupId = await stage.settled([one, 'owner'], [other, 'owner']);
    const leave = (who: Somebody) => stage.does(who, 'leaveGroup', { groupId });
    expect(codes(await Promise.all([leave(one), leave(other)]))).toEqual(['LAST_OWNER', 'LeaveGroupPayload']);
    expect(await owners(groupId)).toBe(1);
  });

  test.each(rounds)('two owners make each other members: one stays an owner (%#)', async () => {
    const [one, other] = await stage.people(1, 2);
    const groupId = await stage.settled([one, 'owner'], [other, 'owner']);
    const lower = (who: Somebody, whom: Somebody) =>
      stage.does(who, 'changeGroupRole', { groupId, userId: whom.id, role: 'MEMBER' });
    expect(codes(await Promise.all([lower(one, other), lower(other, one)]))).toEqual([
      'ChangeGroupRolePayload',
      'GROUP_ROLE_REQUIRED',
    ]);
    expect(await owners(groupId)).toBe(1);
  });

  test('many accept one invitation, by handle and by link: one membership each', async () => {
    const [owner, guest, ...crowd] = await stage.people(1, 2, 3, 4, 5, 6);
    const groupId = await stage.group(owner);
    const { invitation } = await stage.does(owner, 'inviteToGroup', { groupId, handle: guest.handle });
    const sixfold = await Promise.all(
      rounds.map(() => stage.does(guest, 'acceptGroupInvitation', { invitationId: invitation.id })),
    );
    expect(codes(sixfold)).toEqual([
      'AcceptGroupInvitationPayload',
      ...Array.from({ length: ROUNDS - 1 }, () => 'INVITATION_INVALID'),
    ]);
    const { token } = await stage.link(owner, groupId);
    const rush = await Promise.all(crowd.map((who) => stage.does(who, 'acceptGroupInvitation', { token })));
    expect(codes(rush)).toEqual([
      'AcceptGroupInvitationPayload',
      ...Array.from({ length: crowd.length - 1 }, () => 'INVITATION_INVALID'),
    ]);
    expect(await stage.members(owner, groupId)).toHaveLength(3);
  });

  test.each(rounds)('one accepts by two ways: one membership, and nothing is left over (%#)', async () => {
    const [owner, guest] = await stage.people(1, 2);
    const groupId = await stage.group(owner);
    const { invitation } = await stage.does(owner, 'inviteToGroup', { groupId, handle: guest.handle });
    const { token } = await stage.link(owner, groupId);
    const outcomes = codes(
      await Promise.all([
        stage.does(guest, 'acceptGroupInvitation', { invitationId: invitation.id }),
        stage.does(guest, 'acceptGroupInvitation', { token }),
      ]),
    );
    expect(outcomes).toContain('AcceptGroupInvitationPayload');
    expect(outcomes.filter((each) => ['ALREADY_MEMBER', 'INVITATION_INVALID'].includes(each))).toHaveLength(
      1,
    );
    expect(await stage.members(owner, groupId)).toHaveLength(2);
    expect(await stage.invitationsTo(guest)).toEqual([]);
  });

  test.each(rounds)('an invitation is accepted and revoked: one of the two (%#)', async () => {
    const [owner, guest] = await stage.people(1, 2);
    const groupId = await stage.group(owner);
    const { invitation } = await stage.does(owner, 'inviteToGroup', { groupId, handle: guest.handle });
    const input = { invitationId: invitation.id };
    const [accepted, revoked] = await Promise.all([
      stage.does(guest, 'acceptGroupInvitation', input),
      stage.does(owner, 'revokeGroupInvitation', input),
    ]);
    expect([accepted, revoked].filter(({ code }) => code === 'INVITATION_INVALID')).toHaveLength(1);
    expect(await stage.members(owner, groupId)).toHaveLength(accepted.code ? 1 : 2);
  });

  test('two invite the same person: one invitation', async () => {
    const [owner, manager, guest] = await stage.people(1, 2, 3);
    const groupId = await stage.settled([owner, 'owner'], [manager, 'manager']);
    const outcomes = await Promise.all(
      [owner, manager, owner, manager].map((who) =>
        stage.does(who, 'inviteToGroup', { groupId, handle: guest.handle }),
      ),
    );
    expect(new Set(outcomes.map(({ invitation }) => invitation.id)).size).toBe(1);
    expect(await stage.invitationsTo(guest)).toHaveLength(1);
  });
});

describe('while an account is deleted', () => {
  interface Cast {
    owner: Somebody;
    leaver: Somebody;
    guest: Somebody;
    groupId: string;
    /** A group of the guest. */
    elsewhere: string;
    /** What the leaver and the guest were invited with, there and here. */
    invitations: { leaver: string; guest: string };
  }
  const deeds: Record<string, (cast: Cast) => Promise<unknown>> = {
    'its owner leaves': ({ owner, groupId }) => stage.does(owner, 'leaveGroup', { groupId }),
    'the group is deleted': ({ owner, groupId }) => stage.does(owner, 'deleteGroup', { groupId }),
    'it is removed': ({ owner, leaver, groupId }) =>
      stage.does(owner, 'removeGroupMember', { groupId, userId: leaver.id }),
    'it gets another role': ({ owner, leaver, groupId }) =>
      stage.does(owner, 'changeGroupRole', { groupId, userId: leaver.id, role: 'MEMBER' }),
    'it is invited elsewhere': ({ guest, leaver, elsewhere: groupId }) =>
      stage.does(guest, 'inviteToGroup', { groupId, handle: leaver.handle }),
    'its invitation is revoked': ({ guest, invitations }) =>
      stage.does(guest, 'revokeGroupInvitation', { invitationId: invitations.leaver }),
    'it invites somebody': ({ leaver, groupId }) => lastly(leaver, 'inviteToGroup', { groupId }),
    'it accepts an invitation': ({ leaver, invitations }) =>
      lastly(leaver, 'acceptGroupInvitation', { invitationId: invitations.leaver }),
    'somebody joins': ({ guest, invitations }) =>
      stage.does(guest, 'acceptGroupInvitation', { invitationId: invitations.guest }),
    'its only other owner goes too': ({ owner }) => stage.deleteAccount(owner),
  };

  /** By somebody whose key may be refused at any moment. */
  async function lastly(who: Somebody, mutation: string, input: object): Promise<void> {
    const name = mutation.charAt(0).toUpperCase() + mutation.slice(1);
    const document = `mutation ($input: ${name}Input!) { ${mutation}(input: $input) { __typename } }`;
    const { status, errors } = await picard.ask(document, { input }, who.key);
    if (status !== 401) expect(errors).toBeUndefined();
  }

  test.each(Object.keys(deeds).flatMap((what) => rounds.map((round) => [what, round] as const)))(
    '%s: nobody waits in a circle, and the group is owned (%i)',
    async (what) => {
      const [owner, leaver, guest, member] = await stage.people(1, 2, 3, 4);
      const groupId = await stage.settled([owner, 'owner'], [leaver, 'owner'], [member, 'member']);
      const elsewhere = await stage.group(guest);
      const invite = async (by: Somebody, into: string, whom: Somebody): Promise<string> =>
        (await stage.does(by, 'inviteToGroup', { groupId: into, handle: whom.handle })).invitation.id;
      const invitations = {
        leaver: await invite(guest, elsewhere, leaver),
        guest: await invite(leaver, groupId, guest),
      };
      // Whatever it comes to is an answer, and not an error of ours.
      const [gone] = await Promise.all([
        stage.deleteAccount(leaver),
        deeds[what]?.({ owner, leaver, guest, groupId, elsewhere, invitations }),
      ]);
      expect(gone.__typename).toBe('DeleteAccountPayload');
      const left = await owners(groupId);
      if (what === 'the group is deleted') expect(left).toBeUndefined();
      else expect(left).toBeGreaterThan(0);
      expect(await stage.members(guest, elsewhere)).toEqual([{ handle: guest.handle, role: 'OWNER' }]);
    },
  );
});
