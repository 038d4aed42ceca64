import { hashToken } from '../accounts/account-link.ts';
import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import { InvalidInput } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import { AlreadyMember, GroupLimit, InvitationInvalid } from './errors.ts';
import { MAX_GROUPS, MAX_MEMBERS, type Group } from './group.ts';
import { acceptInvitation } from './invitation-rows.ts';
import { countGroups, findGroup } from './rows.ts';

export interface Accepting {
  /** Of one that was made to the viewer. */
  invitationId?: string | null | undefined;
  /** Of a link. */
  token?: string | null | undefined;
}

/** @throws {InvalidInput | InvitationInvalid | AlreadyMember | GroupLimit} and but for the first two it stays good. */
export async function acceptGroupInvitation(
  { database }: Services,
  viewer: Viewer,
  input: Accepting,
): Promise<Group> {
  const by = checkedWay(input);
  return database.forViewer(viewer.id, async (sql) => {
    const accepted = await acceptInvitation(sql, by);
    if (!accepted) throw new InvitationInvalid();
    const { groupId, joined } = accepted;
    if (!joined) {
      const message = 'You are in this group already. The invitation stays good, for somebody else.';
      throw new AlreadyMember(groupId, viewer.id, message);
    }
    const group = await findGroup(sql, viewer.id, groupId);
    if (!group) throw new Error('The group that was just joined is gone');
    if (group.memberCount > MAX_MEMBERS)
      throw new GroupLimit(
        MAX_MEMBERS,
        'members in a group. Ask its owner to make room; the invitation stays good.',
      );
    if ((await countGroups(sql, viewer.id)) > MAX_GROUPS)
      throw new GroupLimit(
        MAX_GROUPS,
        'groups that an account is in. Leave one first; the invitation stays good.',
      );
    return group;
  });
}

function checkedWay({ invitationId, token }: Accepting): { id: string } | { tokenHash: Buffer } {
  if (typeof invitationId === 'string' && typeof token === 'string')
    throw new InvalidInput('token', 'must not be given together with invitationId');
  if (typeof token === 'string') return { tokenHash: hashToken(token) };
  if (typeof invitationId !== 'string')
    throw new InvalidInput('invitationId', 'must be given, or token where you were sent a link');
  if (!isId(invitationId)) throw new InvitationInvalid();
  return { id: invitationId };
}
