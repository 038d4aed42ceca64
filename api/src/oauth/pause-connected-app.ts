import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import type { ConnectedApp } from './connected-app.ts';
import { pauseConnectedApp as pauseRow } from './connected-app-rows.ts';
import { ConnectedAppNotFound } from './errors.ts';

/** Its tokens are refused everywhere within a second, and taken again when it goes on. */
export async function pauseConnectedApp(
  services: Services,
  viewer: Viewer,
  clientId: string,
  paused: boolean,
): Promise<ConnectedApp> {
  const app = await services.database.forViewer(viewer.id, (sql) =>
    pauseRow(sql, viewer.id, clientId, paused),
  );
  if (!app) throw new ConnectedAppNotFound(clientId);
  return app;
}
