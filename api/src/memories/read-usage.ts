import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import { readUsage as readRow, type Usage } from './usage-rows.ts';

export type { Usage } from './usage-rows.ts';

/** How much the viewer's account holds, and how much it may. */
export async function readUsage({ database }: Services, viewer: Viewer): Promise<Usage> {
  return database.forViewer(viewer.id, (sql) => readRow(sql, viewer.id));
}
