import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import { recordExport } from './record-rows.ts';

/** Writes to the audit log that the viewer takes all of their memories along. Changes nothing else. */
export async function beginExport({ database }: Pick<Services, 'database'>, viewer: Viewer): Promise<Date> {
  await database.forViewer(viewer.id, recordExport);
  return new Date();
}
