import type { Viewer } from '../accounts/viewer.ts';
import { InvalidInput } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import { changeUser } from './change-user.ts';
import { LastAdministrator } from './errors.ts';
import type { ManagedUser } from './managed-user.ts';
import { countAdministrators, setAdministrator } from './user-rows.ts';

/**
 * Holds from now on for what is asked of the database, and within a second for all credentials that are in use.
 * @throws {NotAdministrator | UserNotFound | LastAdministrator}
 * @throws {InvalidInput} for a suspended account that is to become one.
 */
export async function changeAdministrator(
  services: Services,
  viewer: Viewer,
  { userId, administrator }: { userId: string; administrator: boolean },
): Promise<ManagedUser> {
  return changeUser(services, viewer, userId, async (sql, user) => {
    if (administrator && user.suspendedAt)
      throw new InvalidInput('userId', 'must be of an account that is not suspended');
    await setAdministrator(sql, user.id, administrator);
    if ((await countAdministrators(sql)) === 0) throw new LastAdministrator();
  });
}
