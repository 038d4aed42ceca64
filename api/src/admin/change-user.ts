import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import type { Sql } from '../storage/database.ts';
import { asAdministrator } from './as-administrator.ts';
import { UserNotFound } from './errors.ts';
import type { ManagedUser } from './managed-user.ts';
import { findManagedUser, lockAccounts } from './user-rows.ts';

/**
 * Decides something about an account while nobody else does, and answers it as it is then.
 * @throws {NotAdministrator | UserNotFound}
 */
export async function changeUser(
  services: Services,
  viewer: Viewer,
  userId: string,
  change: (sql: Sql, user: ManagedUser) => Promise<void>,
): Promise<ManagedUser> {
  return asAdministrator(services, viewer, async (sql) => {
    if (!isId(userId)) throw new UserNotFound(userId);
    await lockAccounts(sql, userId);
    const user = await findManagedUser(sql, userId);
    if (!user) throw new UserNotFound(userId);
    await change(sql, user);
    return (await findManagedUser(sql, userId)) ?? user;
  });
}
