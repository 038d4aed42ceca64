import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import { InvitationInvalid } from './errors.ts';
import { isAtLeast, requireRole, roleOver } from './group-role.ts';
import { deleteInvitation, findInvitation } from './invitation-rows.ts';
import { lockGroup } from './rows.ts';

/**
 * To whom does not manage the group its invitations are unknown, those made to themselves too, which they decline.
 * @throws {InvitationInvalid | GroupRoleRequired}
 */
export async function revokeGroupInvitation(
  { database }: Services,
  viewer: Viewer,
  invitationId: string,
): Promise<void> {
  if (!isId(invitationId)) throw new InvitationInvalid();
  await database.forViewer(viewer.id, async (sql) => {
    const invitation = await findInvitation(sql, invitationId);
    if (!invitation) throw new InvitationInvalid();
    const own = await lockGroup(sql, invitation.groupId);
    if (!own || !isAtLeast(own, 'manager')) throw new InvitationInvalid();
    requireRole(own, roleOver(invitation.role));
    if (!(await deleteInvitation(sql, invitationId))) throw new InvitationInvalid();
  });
}
