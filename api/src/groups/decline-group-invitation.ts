import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import { InvitationInvalid } from './errors.ts';
import { deleteInvitationTo } from './invitation-rows.ts';

/** One that was made to the viewer; a link is declined by not using it. @throws {InvitationInvalid} */
export async function declineGroupInvitation(
  { database }: Services,
  viewer: Viewer,
  invitationId: string,
): Promise<void> {
  if (!isId(invitationId)) throw new InvitationInvalid();
  const declined = await database.forViewer(viewer.id, (sql) =>
    deleteInvitationTo(sql, viewer.id, invitationId),
  );
  if (!declined) throw new InvitationInvalid();
}
