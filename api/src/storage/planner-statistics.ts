import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from './database.ts';
import { recordRun } from './job-runs.ts';

const EVERY_MS = 2_000;
/** So much may be written before the planner's picture is taken anew: at least this, and a tenth of the database. */
const LEAST_BYTES = 256 * 1024;

/** What changes with every memory; the planner takes each for tiny until it has been counted. */
const tables =
  'memories, memory_texts, memory_keywords, word_statistics, memory_embeddings, pending_embeddings, account_usage';

/**
 * Counts the tables again whenever much was written since the last time, until the signal aborts. Without it a search
 * right after an import takes seconds: an embedded database has no autovacuum, and that of Postgres may wait a minute.
 */
export async function keepPlannerStatistics(
  database: Database,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  let last = await countAgain(database).catch(() => 0);
  while (!signal.aborted) {
    await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const { written, size } = await progress(database);
      if (written - last >= Math.max(LEAST_BYTES, size / 10)) last = await countAgain(database);
    } catch (error) {
      logger.debug({ error }, 'The planner statistics could not be taken just now');
    }
  }
}

/** Bytes written to the log so far, by everybody, and the size of the database. */
async function progress(database: Database): Promise<{ written: number; size: number }> {
  return database.asOwner(async (sql) => {
    const [row] = await sql<{ written: number; size: number }[]>`
      select (pg_current_wal_lsn() - '0/0')::float8 as written, pg_database_size(current_database())::float8 as size`;
    return row ?? { written: 0, size: 0 };
  });
}

/** Answers how many bytes had been written to the log by then. */
export async function countAgain(database: Database): Promise<number> {
  return recordRun(database, 'PLANNER_STATISTICS', EVERY_MS, async () => {
    const { written } = await progress(database);
    // Only an embedded database needs us for the dead rows too.
    const verb = database.kind === 'embedded' ? 'vacuum (analyze)' : 'analyze';
    await database.maintain(`${verb} ${tables}`);
    return written;
  });
}
