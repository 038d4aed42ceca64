import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import type { ConnectedApp } from './connected-app.ts';
import { listConnectedApps as listRows } from './connected-app-rows.ts';

/** The newest first. */
export async function listConnectedApps(
  services: Services,
  viewer: Viewer,
  after: { createdAt: Date; clientId: string } | null,
  limit: number,
): Promise<ConnectedApp[]> {
  return services.database.forViewer(viewer.id, (sql) => listRows(sql, viewer.id, after, limit));
}
