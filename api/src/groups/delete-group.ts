import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import { GroupNotFound } from './errors.ts';
import { requireRole } from './group-role.ts';
import { countInvitations } from './invitation-rows.ts';
import { countMembers } from './member-rows.ts';
import { deleteGroup as deleteRow, lockGroup } from './rows.ts';

/** What ends with the group. @throws {GroupNotFound | GroupRoleRequired} */
export async function deleteGroup(
  { database }: Services,
  viewer: Viewer,
  groupId: string,
): Promise<{ members: number; invitations: number }> {
  if (!isId(groupId)) throw new GroupNotFound(groupId);
  return database.forViewer(viewer.id, async (sql) => {
    const role = await lockGroup(sql, groupId);
    if (!role) throw new GroupNotFound(groupId);
    requireRole(role, 'owner');
    const ended = {
      members: await countMembers(sql, groupId),
      invitations: await countInvitations(sql, groupId),
    };
    await deleteRow(sql, groupId);
    return ended;
  });
}
