import { endAllSessions } from '../accounts/end-all-sessions-rows.ts';
import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import { changeUser } from './change-user.ts';
import type { ManagedUser } from './managed-user.ts';
import { endSuspension } from './user-rows.ts';

/**
 * Takes the account again: people sign in, apps connect anew, API keys go on.
 * @throws {NotAdministrator | UserNotFound}
 */
export async function resumeUser(services: Services, viewer: Viewer, userId: string): Promise<ManagedUser> {
  return changeUser(services, viewer, userId, async (sql, { id, suspendedAt }) => {
    if (!suspendedAt) return;
    // A request that was under way when it was suspended may have left something that would be good again now.
    await endAllSessions(sql, id, null);
    await endSuspension(sql, id);
  });
}
