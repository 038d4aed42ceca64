import type { Services } from '../services.ts';
import { countRecoveryCodes as countRows } from './recovery-code-rows.ts';
import type { Viewer } from './viewer.ts';

/** How many the viewer has not used yet. */
export async function countRecoveryCodes({ database }: Services, viewer: Viewer): Promise<number> {
  return database.forViewer(viewer.id, (sql) => countRows(sql, viewer.id));
}
