import type { Services } from '../services.ts';
import { deleteOldReads } from './rows.ts';

const EVERY_MS = 3_600_000;

/** Forgets the reads that their owners have kept long enough: now, and every hour until the signal aborts. */
export function purgeReads(services: Pick<Services, 'database' | 'logger'>, signal: AbortSignal): void {
  const round = (): void => {
    services.database.forJobs(deleteOldReads).then(
      (purged) => purged > 0 && services.logger.info({ purged }, 'Old reads were forgotten'),
      () => services.logger.warn('Old reads could not be forgotten; it is tried again in an hour'),
    );
  };
  round();
  const timer = setInterval(round, EVERY_MS).unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
