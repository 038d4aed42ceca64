import type { Services } from '../services.ts';
import { keepDoing, recordRun } from '../storage/job-runs.ts';
import { addUpStatistics } from './statistics-rows.ts';

const EVERY_MS = 5_000;
/** Fewer changes than these cost a search less than adding them up would. */
const LEAST_CHANGES = 200;
const AUDIENCES = 20;

/** Adds up the counts that changed most; answers how many rows that took. */
export async function addUpOnce(
  { database }: Pick<Services, 'database'>,
  leastChanges = LEAST_CHANGES,
): Promise<number> {
  return recordRun(database, 'WORD_STATISTICS', EVERY_MS, () =>
    database.forJobs((sql) => addUpStatistics(sql, leastChanges, AUDIENCES)),
  );
}

/** Keeps the counts of words small to read, until the signal aborts. */
export async function keepStatistics(
  services: Pick<Services, 'database' | 'logger'>,
  signal: AbortSignal,
): Promise<void> {
  const failed = (error: unknown): void =>
    services.logger.debug({ error }, 'The counts of words could not be added up just now');
  await keepDoing(() => addUpOnce(services), EVERY_MS, failed, signal);
}
