import { endAllSessions } from '../accounts/end-all-sessions-rows.ts';
import { SUSPENDED_CHANNEL } from '../accounts/ended-accounts.ts';
import type { Viewer } from '../accounts/viewer.ts';
import { InvalidInput } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import { changeUser } from './change-user.ts';
import type { ManagedUser } from './managed-user.ts';
import { setSuspended } from './user-rows.ts';

/**
 * Refuses everything of an account on every instance within a second: signing in, API keys, tokens, streams. Its sessions
 * and what apps hold end for good; API keys are taken again when it is resumed. Once this has answered, no request that
 * had begun before writes anything more, and nobody else sees what the account has shared.
 * @throws {NotAdministrator | UserNotFound}
 * @throws {InvalidInput} for one's own account: so one administrator always remains.
 */
export async function suspendUser(services: Services, viewer: Viewer, userId: string): Promise<ManagedUser> {
  return changeUser(services, viewer, userId, async (sql, { id }) => {
    if (id === viewer.id)
      throw new InvalidInput('userId', 'must be of somebody else: nobody suspends themselves');
    await setSuspended(sql, id, SUSPENDED_CHANNEL);
    await endAllSessions(sql, id, null);
  });
}
