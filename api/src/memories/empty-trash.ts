import type { Services } from '../services.ts';
import { recordRun } from '../storage/job-runs.ts';
import { TRASH_DAYS } from './memory.ts';
import { eraseTrash } from './write-rows.ts';

const EVERY_MS = 3_600_000;

/** Erases what the trash has kept long enough; answers how many memories that were. */
export async function emptyTrashOnce({ database }: Pick<Services, 'database'>): Promise<number> {
  return recordRun(database, 'TRASH', EVERY_MS, () => database.forJobs((sql) => eraseTrash(sql, TRASH_DAYS)));
}

/** Erases what the trash has kept long enough: now, and every hour until the signal aborts. */
export function emptyTrash(services: Pick<Services, 'database' | 'logger'>, signal: AbortSignal): void {
  const round = (): void => {
    emptyTrashOnce(services).then(
      (erased) => erased > 0 && services.logger.info({ erased }, 'The trash was emptied of old memories'),
      () => services.logger.warn('The trash could not be emptied; it is tried again in an hour'),
    );
  };
  round();
  const timer = setInterval(round, EVERY_MS).unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
