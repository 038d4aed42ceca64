import { setTimeout as sleep } from 'node:timers/promises';
import type { Services } from '../services.ts';
import { settleLogs } from './checkpoint-rows.ts';
import { signCheckpoints } from './sign-checkpoints.ts';

const SETTLE_EVERY_MS = 5_000;
/** What was not signed yet is what somebody who holds the database could write anew unseen. */
const SIGN_EVERY_MS = 60_000;

/** Settles the order of acts that came at one moment, and signs the ends of logs that have grown, until the signal aborts. */
export async function keepCheckpoints(
  services: Pick<Services, 'database' | 'dataKeys' | 'logger'>,
  signal: AbortSignal,
): Promise<void> {
  let signedAt = -Infinity;
  while (!signal.aborted) {
    try {
      if (performance.now() - signedAt < SIGN_EVERY_MS) await services.database.forJobs(settleLogs);
      else {
        await signCheckpoints(services);
        signedAt = performance.now();
      }
    } catch (error) {
      services.logger.debug({ error }, 'The audit logs could not be settled or signed just now');
    }
    await sleep(SETTLE_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
