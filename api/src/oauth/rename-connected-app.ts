import type { Viewer } from '../accounts/viewer.ts';
import { checked } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import { appName, type ConnectedApp } from './connected-app.ts';
import { renameConnectedApp as renameRow } from './connected-app-rows.ts';
import { ConnectedAppNotFound } from './errors.ts';

/** Only its owner sees the name. */
export async function renameConnectedApp(
  services: Services,
  viewer: Viewer,
  { clientId, name }: { clientId: string; name: string },
): Promise<ConnectedApp> {
  const given = checked('name', appName, name);
  const rename = services.database.forViewer(viewer.id, (sql) => renameRow(sql, viewer.id, clientId, given));
  const app = await rename;
  if (!app) throw new ConnectedAppNotFound(clientId);
  return app;
}
