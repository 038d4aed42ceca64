import type { Services } from '../services.ts';
import { keepDoing, recordRun } from '../storage/job-runs.ts';
import { addUpUsage } from './usage-rows.ts';

const EVERY_MS = 5_000;
/** Fewer changes than these cost less to read than adding them up would. */
const LEAST_CHANGES = 100;
const ACCOUNTS = 100;

/** Adds up what accounts hold, where it changed most; answers how many rows that took. */
export async function addUpUsageOnce(
  { database }: Pick<Services, 'database'>,
  leastChanges = LEAST_CHANGES,
): Promise<number> {
  return recordRun(database, 'USAGE', EVERY_MS, () =>
    database.forJobs((sql) => addUpUsage(sql, leastChanges, ACCOUNTS)),
  );
}

/** Keeps what accounts hold small to read, until the signal aborts. */
export async function keepUsage(
  services: Pick<Services, 'database' | 'logger'>,
  signal: AbortSignal,
): Promise<void> {
  const failed = (error: unknown): void =>
    services.logger.debug({ error }, 'What accounts hold could not be added up just now');
  await keepDoing(() => addUpUsageOnce(services), EVERY_MS, failed, signal);
}
