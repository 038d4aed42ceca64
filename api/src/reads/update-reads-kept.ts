import type { Viewer } from '../accounts/viewer.ts';
import { checked } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import { daysKept } from './read.ts';
import { deleteReads, setDaysKept } from './rows.ts';

const DAY_MS = 86_400_000;

/**
 * From now on reads of the viewer's memories are kept so many days; older ones go at once.
 * @throws {InvalidInput}
 */
export async function updateReadsKept(
  { database, reads }: Services,
  viewer: Viewer,
  given: number,
): Promise<{ days: number; erased: number }> {
  const days = checked('days', daysKept, given);
  await reads.flush();
  const before = days === 0 ? null : new Date(Date.now() - days * DAY_MS);
  return database.forViewer(viewer.id, async (sql) => {
    await setDaysKept(sql, viewer.id, days);
    return { days, erased: await deleteReads(sql, viewer.id, null, before) };
  });
}
