import type { Services } from '../services.ts';
import { MAX_APP_NAME } from './connected-app.ts';
import { insertConnectedApp } from './connected-app-rows.ts';

/** Notes that somebody lets an app at their memories: without this its tokens are refused. */
export async function rememberApp(
  services: Pick<Services, 'database'>,
  ownerId: string,
  clientId: string,
  name: string,
): Promise<void> {
  const shown =
    name.replaceAll(/\p{C}/gu, '').trim().slice(0, MAX_APP_NAME) || clientId.slice(0, MAX_APP_NAME);
  await services.database.forAccounts((sql) => insertConnectedApp(sql, ownerId, clientId, shown));
}
