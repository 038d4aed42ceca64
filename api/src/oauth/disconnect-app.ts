import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import { deleteConnectedApp } from './connected-app-rows.ts';
import { ConnectedAppNotFound } from './errors.ts';
import { deleteGrant, listGrants } from './revoked-rows.ts';
import { lockGrant } from './single-use-rows.ts';

/** Ends all that an app was allowed: its tokens are refused everywhere within a second, and it has to ask anew. */
export async function disconnectApp(services: Services, viewer: Viewer, clientId: string): Promise<void> {
  const found = await services.database.forAccounts(async (sql) => {
    for (const grantId of await listGrants(sql, viewer.id, clientId)) {
      await lockGrant(sql, grantId);
      await deleteGrant(sql, grantId);
    }
    return deleteConnectedApp(sql, viewer.id, clientId);
  });
  if (!found) throw new ConnectedAppNotFound(clientId);
}
