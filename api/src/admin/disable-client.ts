import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import type { Sql } from '../storage/database.ts';
import { asAdministrator } from './as-administrator.ts';
import {
  deleteDisabledClient,
  endClientTokens,
  findManagedClient,
  insertDisabledClient,
} from './client-rows.ts';
import { ClientNotFound } from './errors.ts';
import type { ManagedClient } from './managed-client.ts';

/**
 * Ends every token of an app, whoever has connected it, and knows it no longer: within a second on every instance.
 * @throws {NotAdministrator | ClientNotFound}
 */
export async function disableClient(
  services: Services,
  viewer: Viewer,
  clientId: string,
): Promise<ManagedClient> {
  return changeClient(services, viewer, clientId, async (sql) => {
    await insertDisabledClient(sql, clientId);
    await endClientTokens(sql, clientId);
  });
}

/**
 * Knows the app again. Whoever had connected it connects it anew.
 * @throws {NotAdministrator | ClientNotFound}
 */
export async function enableClient(
  services: Services,
  viewer: Viewer,
  clientId: string,
): Promise<ManagedClient> {
  return changeClient(services, viewer, clientId, async (sql, { disabledAt }) => {
    if (!disabledAt) return;
    // A request that was under way when it was disabled may have left something that would be good again now.
    await endClientTokens(sql, clientId);
    await deleteDisabledClient(sql, clientId);
  });
}

async function changeClient(
  services: Services,
  viewer: Viewer,
  clientId: string,
  change: (sql: Sql, client: ManagedClient) => Promise<void>,
): Promise<ManagedClient> {
  return asAdministrator(services, viewer, async (sql) => {
    const client = clientId.includes('\u0000') ? null : await findManagedClient(sql, clientId);
    if (!client) throw new ClientNotFound(clientId);
    await change(sql, client);
    return (await findManagedClient(sql, clientId)) ?? client;
  });
}
