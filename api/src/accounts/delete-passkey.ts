import type { Services } from '../services.ts';
import { PasskeyNotFound } from './errors.ts';
import { deletePasskey as deleteRow } from './passkey-rows.ts';
import { requireRecentSignIn } from './recent-sign-in.ts';
import type { Viewer } from './viewer.ts';

/** The password and the recovery codes stay ways in. @throws {ReauthenticationRequired | PasskeyNotFound} */
export async function deletePasskey({ database }: Services, viewer: Viewer, id: string): Promise<void> {
  requireRecentSignIn(viewer);
  const deleted = await database.forViewer(viewer.id, (sql) => deleteRow(sql, viewer.id, id));
  if (!deleted) throw new PasskeyNotFound(id);
}
