import type { Viewer } from '../accounts/viewer.ts';
import { typedHandle } from '../accounts/account.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import { asAdministrator } from './as-administrator.ts';
import type { ManagedUser, UserFilter } from './managed-user.ts';
import { findManagedUser, listManagedUsers } from './user-rows.ts';

/** The newest account first. @throws {NotAdministrator} */
export async function listUsers(
  services: Services,
  viewer: Viewer,
  filter: UserFilter,
  after: { at: Date; id: string } | null,
  limit: number,
): Promise<ManagedUser[]> {
  const search = filter.search ? typedHandle(filter.search) : null;
  return asAdministrator(services, viewer, (sql) =>
    listManagedUsers(sql, { ...filter, search }, after, limit),
  );
}

/** Null for an account that is not there. @throws {NotAdministrator} */
export async function findUser(services: Services, viewer: Viewer, id: string): Promise<ManagedUser | null> {
  return asAdministrator(services, viewer, async (sql) => (isId(id) ? findManagedUser(sql, id) : null));
}
