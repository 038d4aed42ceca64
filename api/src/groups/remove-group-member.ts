import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import { GroupMemberNotFound, GroupNotFound, LastOwner } from './errors.ts';
import { requireRole, roleOver } from './group-role.ts';
import { countOwners, deleteMember, findMember } from './member-rows.ts';
import { lockGroup } from './rows.ts';

/**
 * Owners show anybody out, managers members, and everybody themselves. What they saw through the group they see no more.
 * @throws {GroupNotFound | GroupRoleRequired | GroupMemberNotFound | LastOwner}
 */
export async function removeGroupMember(
  { database }: Services,
  viewer: Viewer,
  { groupId, userId }: { groupId: string; userId: string },
): Promise<void> {
  if (!isId(groupId)) throw new GroupNotFound(groupId);
  await database.forViewer(viewer.id, async (sql) => {
    const own = await lockGroup(sql, groupId);
    if (!own) throw new GroupNotFound(groupId);
    const member = isId(userId) ? await findMember(sql, viewer.id, groupId, userId) : null;
    if (!member) throw new GroupMemberNotFound(userId);
    if (member.account.id !== viewer.id) requireRole(own, roleOver(member.role));
    if (member.role === 'owner' && (await countOwners(sql, groupId)) === 1) throw new LastOwner();
    await deleteMember(sql, groupId, member.account.id);
  });
}
