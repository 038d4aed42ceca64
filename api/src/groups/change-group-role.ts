import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import { GroupMemberNotFound, GroupNotFound, LastOwner } from './errors.ts';
import type { GroupMember } from './group.ts';
import { higher, requireRole, roleOver, type GroupRole } from './group-role.ts';
import { countOwners, findMember, updateMemberRole } from './member-rows.ts';
import { lockGroup } from './rows.ts';

/**
 * Owners give any role to anybody. Managers have none to give, since their say ends with members; but everybody may step
 * down to member.
 * @throws {GroupNotFound | GroupRoleRequired | GroupMemberNotFound | LastOwner}
 */
export async function changeGroupRole(
  { database }: Services,
  viewer: Viewer,
  { groupId, userId, role }: { groupId: string; userId: string; role: GroupRole },
): Promise<GroupMember> {
  if (!isId(groupId)) throw new GroupNotFound(groupId);
  return database.forViewer(viewer.id, async (sql) => {
    const own = await lockGroup(sql, groupId);
    if (!own) throw new GroupNotFound(groupId);
    const member = isId(userId) ? await findMember(sql, viewer.id, groupId, userId) : null;
    if (!member) throw new GroupMemberNotFound(userId);
    const stepsDown = member.account.id === viewer.id && role === 'member';
    if (!stepsDown) requireRole(own, higher(roleOver(role), roleOver(member.role)));
    if (member.role === role) return member;
    if (member.role === 'owner' && (await countOwners(sql, groupId)) === 1) throw new LastOwner();
    await updateMemberRole(sql, groupId, member.account.id, role);
    return { ...member, role };
  });
}
