import type { Services } from '../services.ts';
import { recordRun } from '../storage/job-runs.ts';
import { renewSigningKey } from './rotate-signing-key.ts';
import { sweep } from './sweep-rows.ts';

const EVERY_MS = 3_600_000;
export const UNUSED_CLIENT_HOURS = 24;

type Parts = Pick<Services, 'database' | 'dataKeys' | 'logger'>;

/** Clears up after the authorization server and renews an old signing key: now, and every hour until the signal aborts. */
export function sweepOauth(services: Parts, signal: AbortSignal): void {
  const round = (): void => {
    sweepOnce(services).catch(() =>
      services.logger.warn('What has expired could not be cleared; it is tried again in an hour'),
    );
  };
  round();
  const timer = setInterval(round, EVERY_MS).unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

/** Answers how much it cleared. */
export async function sweepOnce(services: Parts): Promise<number> {
  return recordRun(services.database, 'AUTHORIZATION_SWEEP', EVERY_MS, () => sweepNow(services));
}

async function sweepNow(services: Parts): Promise<number> {
  const swept = await services.database.forJobs((sql) => sweep(sql, UNUSED_CLIENT_HOURS));
  if (swept.clients > 0)
    services.logger.info(swept, 'Apps that registered and were never connected were forgotten');
  if (await renewSigningKey(services)) services.logger.info('The next signing key was made');
  return swept.models + swept.clients;
}
