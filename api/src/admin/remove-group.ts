import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import { asAdministrator } from './as-administrator.ts';
import { GroupNotFound } from './errors.ts';
import { deleteManagedGroup } from './group-rows.ts';

/**
 * With its memberships, its invitations and all that was shared with it; what its members own stays theirs.
 * @throws {NotAdministrator | GroupNotFound}
 */
export async function removeGroup(services: Services, viewer: Viewer, groupId: string): Promise<void> {
  await asAdministrator(services, viewer, async (sql) => {
    if (!isId(groupId) || !(await deleteManagedGroup(sql, groupId))) throw new GroupNotFound(groupId);
  });
}
