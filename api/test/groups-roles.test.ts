import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GroupsStage, type Came, type Somebody } from './groups-stage.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let stage: GroupsStage;
const cast: Record<Actor | Target, Somebody> = {} as never;
beforeAll(async () => {
  picard = await startTestPicard();
  stage = new GroupsStage(picard);
  for (const each of [...actors, ...targets]) cast[each] = await stage.somebody();
});
afterAll(() => picard[Symbol.asyncDispose]());

const actors = ['owner', 'manager', 'member', 'invitee', 'outsider'] as const;
type Actor = (typeof actors)[number];
/** Others in the same group, by what they are in it; one who is about to be a manager, one a member; one who is nothing. */
const targets = ['anOwner', 'aManager', 'aMember', 'toBeManager', 'toBeMember', 'stranger'] as const;
type Target = (typeof targets)[number];

/** A group with everybody in it, and invitations to two. */
async function settle() {
  const groupId = await stage.settled(
    [cast.anOwner, 'owner'],
    [cast.aManager, 'manager'],
    [cast.aMember, 'member'],
    [cast.owner, 'owner'],
    [cast.manager, 'manager'],
    [cast.member, 'member'],
  );
  const invite = async (whom: Somebody, role: string): Promise<string> =>
    (await stage.does(cast.anOwner, 'inviteToGroup', { groupId, handle: whom.handle, role })).invitation.id;
  const manager = await invite(cast.toBeManager, 'MANAGER');
  const member = await invite(cast.toBeMember, 'MEMBER');
  await invite(cast.invitee, 'MEMBER');
  return { groupId, invitations: { manager, member } };
}
type Settled = Awaited<ReturnType<typeof settle>>;

type Act = (settled: Settled, who: Somebody) => readonly [mutation: string, input: Record<string, unknown>];
const change =
  (whom: Actor | Target | null, role: string): Act =>
  ({ groupId }, who) => ['changeGroupRole', { groupId, userId: whom ? cast[whom].id : who.id, role }];
const remove =
  (whom: Target | null): Act =>
  ({ groupId }, who) => ['removeGroupMember', { groupId, userId: whom ? cast[whom].id : who.id }];
const invite =
  (whom: Target | null, role: string): Act =>
  ({ groupId }) => ['inviteToGroup', { groupId, handle: whom && cast[whom].handle, role }];
const revoke =
  (role: 'manager' | 'member'): Act =>
  ({ invitations }) => ['revokeGroupInvitation', { invitationId: invitations[role] }];

const [yes, role, gone, none] = ['done', 'GROUP_ROLE_REQUIRED', 'GROUP_NOT_FOUND', 'INVITATION_INVALID'];
/** What comes of it for an owner, a manager, a member, and for whoever is not in the group, invited or not. */
const table: Record<string, [Act, owner: string, manager: string, member: string, outside: string]> = {
  rename: [({ groupId }) => ['updateGroup', { groupId, name: 'New' }], yes, yes, role, gone],
  delete: [({ groupId }) => ['deleteGroup', { groupId }], yes, role, role, gone],
  'invite a member': [invite('stranger', 'MEMBER'), yes, yes, role, gone],
  'invite a manager': [invite('stranger', 'MANAGER'), yes, role, role, gone],
  'invite an unknown handle': [
    ({ groupId }) => ['inviteToGroup', { groupId, handle: 'nobody-at-all' }],
    'ACCOUNT_NOT_FOUND',
    'ACCOUNT_NOT_FOUND',
    role,
    gone,
  ],
  'make a link for a member': [invite(null, 'MEMBER'), yes, yes, role, gone],
  'make a link for a manager': [invite(null, 'MANAGER'), yes, role, role, gone],
  'renew the invitation of a member': [invite('toBeMember', 'MEMBER'), yes, yes, role, gone],
  'raise the invitation of a member': [invite('toBeMember', 'MANAGER'), yes, role, role, gone],
  'lower the invitation of a manager': [invite('toBeManager', 'MEMBER'), yes, role, role, gone],
  'revoke the invitation of a member': [revoke('member'), yes, yes, none, none],
  'revoke the invitation of a manager': [revoke('manager'), yes, role, none, none],
  'make a member a manager': [change('aMember', 'MANAGER'), yes, role, role, gone],
  'make a member an owner': [change('aMember', 'OWNER'), yes, role, role, gone],
  'make a manager a member': [change('aManager', 'MEMBER'), yes, role, role, gone],
  'make a manager an owner': [change('aManager', 'OWNER'), yes, role, role, gone],
  'make an owner a manager': [change('anOwner', 'MANAGER'), yes, role, role, gone],
  'make an owner a member': [change('anOwner', 'MEMBER'), yes, role, role, gone],
  'make oneself an owner': [change(null, 'OWNER'), 'nothing', role, role, gone],
  'make oneself a manager': [change(null, 'MANAGER'), yes, role, role, gone],
  'make oneself a member': [change(null, 'MEMBER'), yes, yes, 'nothing', gone],
  'leave a member a member': [change('aMember', 'MEMBER'), 'nothing', 'nothing', role, gone],
  'make a stranger a member': [
    change('stranger', 'MEMBER'),
    'GROUP_MEMBER_NOT_FOUND',
    'GROUP_MEMBER_NOT_FOUND',
    'GROUP_MEMBER_NOT_FOUND',
    gone,
  ],
  'remove a member': [remove('aMember'), yes, yes, role, gone],
  'remove a manager': [remove('aManager'), yes, role, role, gone],
  'remove an owner': [remove('anOwner'), yes, role, role, gone],
  'remove oneself': [remove(null), yes, yes, yes, gone],
  'remove a stranger': [
    remove('stranger'),
    'GROUP_MEMBER_NOT_FOUND',
    'GROUP_MEMBER_NOT_FOUND',
    'GROUP_MEMBER_NOT_FOUND',
    gone,
  ],
  leave: [({ groupId }) => ['leaveGroup', { groupId }], yes, yes, yes, gone],
};
const cases = Object.entries(table).flatMap(([what, [act, owner, manager, member, outside]]) =>
  actors.map((who) => ({
    who,
    what,
    act,
    comes: { owner, manager, member, invitee: outside, outsider: outside }[who],
  })),
);

const outcome = ({ __typename, code }: Came, changed: boolean): string =>
  code ?? (changed ? (__typename.endsWith('Payload') ? 'done' : __typename) : 'nothing');

describe('what each role may do', () => {
  test.each(cases)('$who: $what: $comes', async ({ who, act, comes }) => {
    const settled = await settle();
    const before = JSON.stringify(await stage.kept(settled.groupId));
    const [mutation, input] = act(settled, cast[who]);
    const came = await stage.does(cast[who], mutation, input);
    const changed = JSON.stringify(await stage.kept(settled.groupId)) !== before;
    expect(outcome(came, changed)).toBe(comes);
    // What is refused changes nothing.
    expect(changed).toBe(comes === 'done');
  });

  test('tells what role it takes', async () => {
    const { groupId } = await settle();
    const { deleteGroup } = await picard.data<{ deleteGroup: unknown }>(
      `mutation ($input: DeleteGroupInput!) { deleteGroup(input: $input) {
        ... on GroupRoleRequired { code message requiredRole } } }`,
      { input: { groupId } },
      cast.manager.key,
    );
    expect(deleteGroup).toEqual({
      code: 'GROUP_ROLE_REQUIRED',
      message: expect.stringContaining('owner'),
      requiredRole: 'OWNER',
    });
  });

  test('the only owner can neither leave nor step down, and another first made owner lets them', async () => {
    const [owner, other] = await stage.people(1, 2);
    const groupId = await stage.settled([owner, 'owner'], [other, 'manager']);
    const ways = [
      ['leaveGroup', { groupId }],
      ['removeGroupMember', { groupId, userId: owner.id }],
      ['changeGroupRole', { groupId, userId: owner.id, role: 'MANAGER' }],
      ['changeGroupRole', { groupId, userId: owner.id, role: 'MEMBER' }],
    ] as const;
    for (const [mutation, input] of ways)
      expect(await stage.does(owner, mutation, input)).toMatchObject({
        __typename: 'LastOwner',
        code: 'LAST_OWNER',
      });
    await stage.does(owner, 'changeGroupRole', { groupId, userId: other.id, role: 'OWNER' });
    expect(await stage.does(owner, 'leaveGroup', { groupId })).toEqual({
      __typename: 'LeaveGroupPayload',
      groupId,
    });
    expect(await stage.members(other, groupId)).toEqual([{ handle: other.handle, role: 'OWNER' }]);
    expect(await stage.groupsOf(owner)).toEqual([]);
  });
});
