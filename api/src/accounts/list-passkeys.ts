import type { Services } from '../services.ts';
import type { Passkey } from './passkey.ts';
import { listPasskeys as listRows } from './passkey-rows.ts';
import type { Viewer } from './viewer.ts';

/** The viewer's own, oldest first. */
export async function listPasskeys({ database }: Services, viewer: Viewer): Promise<Passkey[]> {
  return database.forViewer(viewer.id, (sql) => listRows(sql, viewer.id));
}
