import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import { SessionNotFound } from './errors.ts';
import { deleteSession } from './session-rows.ts';

/** The browser is asked to sign in again; apps that were connected with it stay connected. */
export async function endSession(services: Services, viewer: Viewer, id: string): Promise<void> {
  const ended = isId(id) && (await services.database.forAccounts((sql) => deleteSession(sql, viewer.id, id)));
  if (!ended) throw new SessionNotFound(id);
}
