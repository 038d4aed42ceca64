import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import { asAdministrator } from './as-administrator.ts';
import { listManagedGroups, type ManagedGroup } from './group-rows.ts';

export type { ManagedGroup } from './group-rows.ts';

/** The newest first. @param search a part of the name @throws {NotAdministrator} */
export async function listGroups(
  services: Services,
  viewer: Viewer,
  search: string | null | undefined,
  after: { at: Date; id: string } | null,
  limit: number,
): Promise<ManagedGroup[]> {
  const part = search?.replaceAll('\u0000', '').toWellFormed();
  return asAdministrator(services, viewer, (sql) => listManagedGroups(sql, part || null, after, limit));
}
