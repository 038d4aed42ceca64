import { setTimeout as sleep } from 'node:timers/promises';
import type { Services } from '../services.ts';
import { indexPendingWords } from './index-for-audiences.ts';

/** Told by the database when somebody is let in to memories. */
const CHANNEL = 'picard_pending_words';
const BATCH = 200;
/** What was told while nobody listened waits no longer than this. */
const EVERY_MS = 30_000;
const AFTER_FAILURE_MS = 1_000;

/** Makes memories findable by word for those whom many were shared with at once, until the signal aborts. */
export async function keepAudienceWords(
  { database, dataKeys, logger }: Pick<Services, 'database' | 'dataKeys' | 'logger'>,
  signal: AbortSignal,
): Promise<void> {
  let told = Promise.withResolvers<void>();
  await database.listen(CHANNEL, () => told.resolve());
  while (!signal.aborted) {
    let wait = EVERY_MS;
    // Heard from before the look on: what is told during it is looked for again.
    told = Promise.withResolvers();
    try {
      if ((await database.forJobs((sql) => indexPendingWords(sql, dataKeys, BATCH))) > 0) continue;
    } catch (error) {
      logger.warn({ error }, 'Shared memories could not be made findable by word just now');
      wait = AFTER_FAILURE_MS;
    }
    const turn = new AbortController();
    const stopped = AbortSignal.any([signal, turn.signal]);
    await Promise.race([told.promise, sleep(wait, undefined, { signal: stopped, ref: false })]).catch(
      () => undefined,
    );
    turn.abort();
  }
}
