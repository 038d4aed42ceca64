import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import type { Session } from './session.ts';
import { listSessions as listRows } from './session-rows.ts';

/** Last seen first. */
export async function listSessions(services: Services, viewer: Viewer, limit: number): Promise<Session[]> {
  return services.database.forAccounts((sql) => listRows(sql, viewer.id, limit));
}
