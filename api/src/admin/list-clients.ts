import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import { asAdministrator } from './as-administrator.ts';
import { listManagedClients } from './client-rows.ts';
import type { ManagedClient } from './managed-client.ts';

/** By their ids. @throws {NotAdministrator} */
export async function listClients(
  services: Services,
  viewer: Viewer,
  after: string | null,
  limit: number,
): Promise<ManagedClient[]> {
  return asAdministrator(services, viewer, (sql) => listManagedClients(sql, after, limit));
}
