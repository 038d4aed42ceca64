import { setTimeout as sleep } from 'node:timers/promises';
import type { Services } from '../services.ts';
import { addUpStatistics } from './statistics-rows.ts';

const EVERY_MS = 5_000;
/** Fewer changes than these cost a search less than adding them up would. */
const LEAST_CHANGES = 200;
const AUDIENCES = 20;

/** Keeps the counts of words small to read, until the signal aborts. */
export async function keepStatistics(
  { database, logger }: Pick<Services, 'database' | 'logger'>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const gone = await database.forJobs((sql) => addUpStatistics(sql, LEAST_CHANGES, AUDIENCES));
      if (gone > 0) continue;
    } catch (error) {
      logger.debug({ error }, 'The counts of words could not be added up just now');
    }
    await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
